package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/store"
)

// MintLife is how long a token of [Config.Mint] is good for, and its session with
// it.
const MintLife = 5 * time.Minute

// Mint signs a user in without a password and returns an access token, for whoever
// holds the database and the signing key: a command on the server's own machine.
// The session is a short one of its own, stands in the user's list of devices, and
// the audit log tells of it. by is what did it. A server may be running on the
// same data. Users that are not there, or disabled, are errors.
func (c Config) Mint(ctx context.Context, username, by string) (issued session.Issued, err error) {
	where, err := c.place()
	if err != nil {
		return issued, err
	}
	opened, err := store.OpenAny(ctx, c.DataDir, c.DatabaseURL)
	if err != nil {
		return issued, err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	keys, err := c.keys()
	if err != nil {
		return issued, err
	}
	tokens, err := session.NewTokens(keys, where.origin)
	if err != nil {
		return issued, err
	}
	who, err := account.New(opened).ByUsername(ctx, username)
	if err != nil {
		return issued, err
	}
	if who.Disabled {
		return issued, fmt.Errorf("%s is disabled; let them in again with yodel user enable", who.Username)
	}
	issued, err = session.New(opened, opened, tokens, c.AccessLife).Brief(ctx, who, by, MintLife)
	if err == nil {
		audit.New(opened, slog.Default()).Record(ctx, audit.Entry{Action: audit.LoginAccepted, TargetID: who.ID, Detail: "by the command " + by})
	}
	return issued, err
}

// Local reports whether browsers reach the application on this machine alone, and
// its address.
func (c Config) Local() (local bool, origin string, err error) {
	where, err := c.place()
	if err != nil {
		return false, "", err
	}
	public, err := c.publicURL()
	if err != nil {
		return false, "", err
	}
	return loopback(public.Hostname()), where.origin, nil
}
