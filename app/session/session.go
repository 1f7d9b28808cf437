// Package session knows which logins live, and turns them into access tokens
// that the HTTP routes and the sockets accept alike.
package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/account"
)

// Standing is what decides, at this moment, whether a token is still good.
type Standing struct {
	AccountID string
	Expires   time.Time
	Ended     bool
	Epoch     int64
	Disabled  bool
}

// Store keeps sessions.
type Store interface {
	InsertSession(ctx context.Context, id, accountID string, expires time.Time) error
	EndSession(ctx context.Context, id string) error
	Standing(ctx context.Context, sessionID string) (Standing, error)
}

// The reasons for which a valid token is refused.
var (
	ErrEnded    = errors.New("the session has ended")
	ErrDisabled = errors.New("the account is disabled")
	ErrStale    = errors.New("the token is older than the account's last change")
)

// Sessions begins and ends logins. Safe for concurrent use.
type Sessions struct {
	store  Store
	tokens *Tokens
}

// New returns sessions kept in a store, whose tokens are signed by tokens.
func New(store Store, tokens *Tokens) *Sessions { return &Sessions{store, tokens} }

// Life is how long a login lasts.
const Life = 12 * time.Hour

// Issued is a signed access token.
type Issued struct {
	Token   string
	Expires time.Time
}

// Begin opens a session for an account and issues its first token, good for as
// long as the session.
func (s *Sessions) Begin(ctx context.Context, a account.Account) (Issued, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Issued{}, fmt.Errorf("make a session id: %w", err)
	}
	expires := time.Now().Add(Life)
	if err := s.store.InsertSession(ctx, id.String(), a.ID, expires); err != nil {
		return Issued{}, err
	}
	return s.tokens.issue(a, id.String(), expires)
}

// handLife is the life of a token that a page holds in its hand to put it into a
// URL or a subprotocol.
const handLife = 5 * time.Minute

// Token issues a short token for a session that lives, never longer than it.
func (s *Sessions) Token(a account.Account, claims *Claims) (Issued, error) {
	expires := time.Now().Add(handLife)
	if claims.ExpiresAt.Before(expires) {
		expires = claims.ExpiresAt.Time
	}
	return s.tokens.issue(a, claims.SessionID, expires)
}

// End ends a session; its tokens are refused from then on.
func (s *Sessions) End(ctx context.Context, id string) error { return s.store.EndSession(ctx, id) }

// Check refuses tokens of sessions that have ended, of disabled accounts, and of
// an older epoch. Other errors mean that it could not be decided.
func (s *Sessions) Check(ctx context.Context, claims *Claims) error {
	standing, err := s.store.Standing(ctx, claims.SessionID)
	switch {
	case err != nil:
		return err
	case standing.Ended, standing.AccountID != claims.Subject, time.Now().After(standing.Expires):
		return ErrEnded
	case standing.Disabled:
		return ErrDisabled
	case claims.Epoch != standing.Epoch:
		return ErrStale
	}
	return nil
}

// Refused reports whether an error of [Sessions.Check] is a verdict, not a
// failure to reach one.
func Refused(err error) bool {
	return errors.Is(err, ErrEnded) || errors.Is(err, ErrDisabled) || errors.Is(err, ErrStale)
}
