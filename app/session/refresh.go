package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/middleware/seal"
)

// RefreshRecord is what the store knows of a refresh token.
type RefreshRecord struct {
	SessionID, AccountID string
	Expires              time.Time
	Used                 time.Time // zero: not yet
	Successor            string    // sealed under the token itself
}

// Rotation replaces one refresh token by its successor.
type Rotation struct {
	Hash, NextHash, Sealed string
	SessionID, Address     string
	Expires                time.Time
}

// RefreshStore keeps refresh tokens, by their hashes alone.
type RefreshStore interface {
	InsertRefresh(ctx context.Context, hash, sessionID string, expires time.Time) error
	Refresh(ctx context.Context, hash string) (RefreshRecord, bool, error)
	Rotate(ctx context.Context, r Rotation) (bool, error)
}

// ErrReused says that a refresh token came a second time, after the grace: two
// hold it, so its session was ended.
var ErrReused = errors.New("the refresh token was used before")

// grace is how long a used refresh token still yields its one successor, for two
// tabs that refresh at once and for answers that got lost.
const grace = 10 * time.Second

// Refresh trades a refresh token for its successor and a new access token, with
// the account as loaded then. It returns the session's id as well.
//
// Errors are [ErrEnded], [ErrDisabled] or [ErrReused]; others mean that it could
// not be decided and nothing was used up.
func (s *Sessions) Refresh(ctx context.Context, token, address string, load func(context.Context, string) (account.Account, error)) (Grant, account.Account, string, error) {
	record, found, err := s.refresh.Refresh(ctx, hashOf(token))
	if err != nil {
		return Grant{}, account.Account{}, "", err
	}
	if !found || time.Now().After(record.Expires) {
		return Grant{}, account.Account{}, "", ErrEnded
	}
	if err := s.mayRefresh(ctx, record); err != nil {
		return Grant{}, account.Account{}, record.SessionID, err
	}
	who, err := load(ctx, record.AccountID)
	if err != nil {
		return Grant{}, account.Account{}, record.SessionID, err
	}
	next, err := s.successor(ctx, token, record, address)
	if err != nil {
		return Grant{}, who, record.SessionID, err
	}
	grant, err := s.grant(ctx, who, record.SessionID, next)
	return grant, who, record.SessionID, err
}

func (s *Sessions) mayRefresh(ctx context.Context, record RefreshRecord) error {
	standing, err := s.store.Standing(ctx, record.SessionID)
	switch {
	case err != nil:
		return err
	case standing.over(time.Now()):
		return ErrEnded
	case standing.Disabled:
		return ErrDisabled
	}
	return nil
}

// successor rotates the token, or finds the successor that another tab got a
// moment ago.
func (s *Sessions) successor(ctx context.Context, token string, record RefreshRecord, address string) (string, error) {
	if record.Used.IsZero() {
		next := newRefreshToken()
		sealed, err := sealNext(token, next)
		if err != nil {
			return "", err
		}
		rotated, err := s.refresh.Rotate(ctx, Rotation{
			Hash: hashOf(token), NextHash: hashOf(next), Sealed: sealed, SessionID: record.SessionID, Address: address,
			Expires: time.Now().Add(idle),
		})
		if err != nil || rotated {
			return next, err
		}
		if record, _, err = s.refresh.Refresh(ctx, hashOf(token)); err != nil {
			return "", err
		}
		if record.Used.IsZero() { // the session ended meanwhile, or the password was changed
			return "", ErrEnded
		}
	}
	if time.Since(record.Used) > grace {
		_, err := s.store.EndSession(ctx, record.AccountID, record.SessionID)
		return "", errors.Join(ErrReused, err)
	}
	return openNext(token, record.Successor)
}

func newRefreshToken() string {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(secret)
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

const sealedFor = "yodel refresh successor"

func sealNext(token, next string) (string, error) {
	sealed, err := seal.Seal(token, sealedFor, []byte(next))
	return base64.RawStdEncoding.EncodeToString(sealed), err
}

func openNext(token, sealed string) (string, error) {
	data, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil {
		return "", fmt.Errorf("open a refresh token: %w", err)
	}
	next, err := seal.Open(token, sealedFor, data)
	if err != nil {
		return "", fmt.Errorf("open a refresh token: %w", err)
	}
	return string(next), nil
}
