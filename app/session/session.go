// Package session knows which logins live, and turns them into tokens that the
// HTTP routes and the sockets accept alike.
package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/account"
)

// Session is one login on one device.
type Session struct {
	ID        string
	AccountID string
	Device    string // what the browser calls itself, at most 256 bytes
	Address   string
	Created   time.Time
	Seen      time.Time // the latest refresh
}

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
	// InsertSession is [ErrStale] where the account no longer has the epoch.
	InsertSession(ctx context.Context, made Session, epoch int64, expires time.Time) error
	EndSession(ctx context.Context, accountID, id string) (bool, error)
	EndOtherSessions(ctx context.Context, accountID, except string) ([]string, error)
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
	store   Store
	refresh RefreshStore
	tokens  *Tokens
	life    time.Duration // of a token in the cookie
}

// New returns sessions kept in a store, whose tokens are signed by tokens and
// last for accessLife; zero means 15 minutes.
func New(store Store, refresh RefreshStore, tokens *Tokens, accessLife time.Duration) *Sessions {
	return &Sessions{store, refresh, tokens, cmp.Or(accessLife, defaultAccessLife)}
}

const (
	life              = 90 * 24 * time.Hour // of a login, however often it is used
	idle              = 30 * 24 * time.Hour // of a login that is not used
	defaultAccessLife = 15 * time.Minute    // of a token in the cookie
	handLife          = 5 * time.Minute     // of a token that a page holds in its hand, at most
	maxDevice         = 256                 // bytes
)

// Issued is a signed access token.
type Issued struct {
	Token   string
	Expires time.Time
}

// Grant is what a login or a refresh hands to a browser. Refresh is empty where
// the browser has its successor already.
type Grant struct {
	Access  Issued
	Refresh string
}

// Begin opens a session for an account on a device. It is [ErrStale] where the
// account has changed since it was read.
func (s *Sessions) Begin(ctx context.Context, a account.Account, device, address string) (Grant, error) {
	id, err := s.open(ctx, a, device, address, life)
	if err != nil {
		return Grant{}, err
	}
	return s.Renew(ctx, a, id)
}

// Renew hands a session new tokens of both kinds.
func (s *Sessions) Renew(ctx context.Context, a account.Account, id string) (Grant, error) {
	refresh := newRefreshToken()
	if err := s.refresh.InsertRefresh(ctx, hashOf(refresh), id, time.Now().Add(idle)); err != nil {
		return Grant{}, err
	}
	return s.grant(ctx, a, id, refresh)
}

// Brief opens a session that ends with its only token and can't be refreshed.
func (s *Sessions) Brief(ctx context.Context, a account.Account, device string, life time.Duration) (Issued, error) {
	id, err := s.open(ctx, a, device, "", life)
	if err != nil {
		return Issued{}, err
	}
	return s.issue(ctx, a, id, life)
}

// open writes a new session and returns its id.
func (s *Sessions) open(ctx context.Context, a account.Account, device, address string, life time.Duration) (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("make a session id: %w", err)
	}
	if len(device) > maxDevice {
		device = device[:maxDevice]
	}
	made := Session{ID: id.String(), AccountID: a.ID, Device: device, Address: address, Created: time.Now()}
	return made.ID, s.store.InsertSession(ctx, made, a.Epoch, time.Now().Add(life))
}

func (s *Sessions) grant(ctx context.Context, a account.Account, sessionID, refresh string) (Grant, error) {
	access, err := s.issue(ctx, a, sessionID, s.life)
	return Grant{access, refresh}, err
}

// Token issues a short token for a session that lives.
func (s *Sessions) Token(ctx context.Context, a account.Account, sessionID string) (Issued, error) {
	return s.issue(ctx, a, sessionID, min(handLife, s.life))
}

// issue signs a token that ends with its session at the latest.
func (s *Sessions) issue(ctx context.Context, a account.Account, sessionID string, life time.Duration) (Issued, error) {
	standing, err := s.store.Standing(ctx, sessionID)
	if err != nil {
		return Issued{}, err
	}
	expires := time.Now().Add(life)
	if standing.Expires.Before(expires) {
		expires = standing.Expires
	}
	return s.tokens.issue(a, sessionID, expires)
}

// End ends a session of an account; its tokens are refused from then on. It
// reports whether there was one to end.
func (s *Sessions) End(ctx context.Context, accountID, id string) (bool, error) {
	return s.store.EndSession(ctx, accountID, id)
}

// EndOthers ends every session of an account but one and returns which.
func (s *Sessions) EndOthers(ctx context.Context, accountID, except string) ([]string, error) {
	return s.store.EndOtherSessions(ctx, accountID, except)
}

// Check refuses tokens of sessions that have ended, of disabled accounts, and of
// an older epoch. Other errors mean that it could not be decided.
func (s *Sessions) Check(ctx context.Context, claims *Claims) error {
	standing, err := s.store.Standing(ctx, claims.SessionID)
	switch {
	case err != nil:
		return err
	case standing.over(time.Now()) || standing.AccountID != claims.Subject:
		return ErrEnded
	case standing.Disabled:
		return ErrDisabled
	case claims.Epoch != standing.Epoch:
		return ErrStale
	}
	return nil
}

func (s Standing) over(now time.Time) bool { return s.Ended || now.After(s.Expires) }

// Refused reports whether an error of [Sessions.Check] is a verdict, not a
// failure to reach one.
func Refused(err error) bool {
	return errors.Is(err, ErrEnded) || errors.Is(err, ErrDisabled) || errors.Is(err, ErrStale)
}
