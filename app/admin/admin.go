// Package admin is what administrators do: accounts and their sessions, what is
// connected, invitations, and the audit log of it all.
package admin

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/refusal"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/realtime"
)

// Admin does what administrators ask. Fill every field; safe for concurrent use.
type Admin struct {
	Accounts    *account.Accounts
	Invitations *account.Invitations
	Sessions    *session.Sessions
	Store       Store
	Audit       *audit.Log
	Hub         *realtime.Hub
	Actions     Actions
	// Refused counts what limits have refused.
	Refused func() map[string]uint64
	Log     *slog.Logger
	// Origin is the address of this application, for links.
	Origin string
}

// User is an account as it is listed.
type User struct {
	ID, Username, Name string
	Role               account.Role
	Disabled           bool
	Created            time.Time
}

// Store reads what only administrators read.
type Store interface {
	AccountsAfter(ctx context.Context, part, after string, limit int) ([]User, error)
	SessionsOf(ctx context.Context, accountID string) ([]session.Session, error)
	SessionFacts(ctx context.Context, sessionID string) (device, address string, err error)
	InvitationLists
}

// InvitationLists reads invitations and takes them back.
type InvitationLists interface {
	OpenInvitations(ctx context.Context) ([]account.Invitation, error)
	EndInvitation(ctx context.Context, id string) (bool, error)
}

// Actions take effect on what is open, after the store has it.
type Actions interface {
	// SessionEnded ends what a session has open.
	SessionEnded(ctx context.Context, sessionID string)
	// AccountChanged judges what an account has open again.
	AccountChanged(ctx context.Context, accountID string)
	// EndConnection ends one connection, wherever it is, and returns whose it was,
	// empty where there is none.
	EndConnection(ctx context.Context, client string) (userID string)
	// EndConnections ends all of a user and returns how many there were.
	EndConnections(ctx context.Context, userID string) int
}

// errNobody is told to whoever is no administrator.
var errNobody = errors.New("not an administrator")

// May reports whether somebody is an administrator at this moment. Calls and
// routes ask it before they read anything; a verdict satisfies [Refused].
func (a *Admin) May(ctx context.Context, userID string) error {
	who, err := a.Accounts.ByID(ctx, userID)
	if errors.Is(err, account.ErrNotFound) || (err == nil && (who.Disabled || who.Role != account.Admin)) {
		return errNobody
	}
	return err
}

// Refused reports whether an error of [Admin.May] is a verdict.
func Refused(err error) bool { return errors.Is(err, errNobody) }

// target finds the account that something is done to.
func (a *Admin) target(ctx context.Context, userID string) (account.Account, error) {
	found, err := a.Accounts.ByID(ctx, userID)
	return found, known(err)
}

// known turns what accounts refuse into what a person may read.
func known(err error) error {
	switch {
	case errors.Is(err, account.ErrNotFound):
		return refusal.NoPerson.Plain()
	case errors.Is(err, account.ErrNotAdmin):
		return refusal.Forbidden.Plain()
	case errors.Is(err, account.ErrLastAdmin):
		return refusal.LastAdmin.Plain()
	case errors.Is(err, account.ErrInvalid):
		return refusal.Invalid.Say("A role is member, moderator or admin.")
	}
	return err
}

// limitOf is how long a page is.
func limitOf(asked, usual, most int) int {
	if asked <= 0 {
		return usual
	}
	return min(asked, most)
}
