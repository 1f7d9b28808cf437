// Package verify reaches the verdict on a token in a message, and on a connection
// that is asked about again. The hub and the plain handler share it.
package verify

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/spawn"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// fields are those of realtime.Principal, which can't be imported from here.
type fields = struct {
	UserID    string
	SessionID string
	TokenID   string
	Name      string
	Roles     []string
	ExpiresAt time.Time
	Carrier   string
	Origin    string
	Claims    any
}

// Principal is realtime.Principal.
type Principal interface{ ~fields }

// Checks are what an application answers about its principals. Epoch and Recheck
// may be nil.
type Checks[P Principal] struct {
	Conns     *conns.Set
	Spawn     *spawn.Group
	Verify    func(ctx context.Context, token string) (context.Context, error)
	Principal func(context.Context) (P, bool)
	Epoch     func(P) int64
	Recheck   func(context.Context, P) error
	Errors    Errors
}

// Outcome is what became of a token.
type Outcome int

// The outcomes.
const (
	Accepted  Outcome = iota
	Expired           // its time is over: a new one helps
	NoVerdict         // none could be reached: another attempt helps
	Refused           // the connection ends with the reason beside
)

// Renew gives a connection the principal of a token, where accept has nothing
// against it in the place of the old one; nil accepts everybody. What was revoked
// while the verdict was reached ends the connection with that reason. The
// verification begins with the upgrade's context, so that a connection that is
// refreshed for years holds the values of one.
func (c *Checks[P]) Renew(link *conns.Conn, current *atomic.Pointer[P], token string, accept func(fresh, old *P) Outcome) (Outcome, transport.Close) {
	verification := c.Conns.Verify(link)
	if verification == nil {
		return NoVerdict, transport.Close{} // it is ending, or the verdict on another token is under way
	}
	defer c.Conns.Refuse(verification) // where it is not accepted, or Verify panics
	verified, err := c.Verify(link.Socket.Base(), strings.Clone(token))
	if err != nil {
		return c.Errors.outcome(err), conns.CloseInvalidToken
	}
	principal, known := c.Principal(verified)
	if !known || fields(principal).UserID == "" {
		return Refused, conns.CloseInvalidToken
	}
	if accept != nil {
		if outcome := accept(&principal, current.Load()); outcome != Accepted {
			return outcome, conns.CloseInvalidToken
		}
	}
	current.Store(&principal)
	link.Socket.SetContext(verified)
	switch verdict, reason := c.Conns.Accept(verification, c.Identity(&principal), conns.CloseConnectionLimit); verdict {
	case conns.Revoked:
		return Refused, reason
	case conns.Full:
		return Refused, conns.CloseBusy
	case conns.Ended:
		return NoVerdict, transport.Close{} // it has been told why already
	}
	return Accepted, transport.Close{}
}

// Same accepts the same user in the same session. One of an older epoch has a token
// of before: what a user no longer is can't be brought back with it, and a new token
// helps.
func (c *Checks[P]) Same(fresh, old *P) Outcome {
	next, last := c.Identity(fresh), c.Identity(old)
	switch {
	case last.User != next.User || last.Session != next.Session:
		return Refused
	case last.Epoch > next.Epoch:
		return Expired
	}
	return Accepted
}

// Longer accepts the same user in the same session, whose end an earlier one does
// not change.
func (c *Checks[P]) Longer(fresh, old *P) Outcome {
	next, last := fields(*fresh), fields(*old)
	if !next.ExpiresAt.IsZero() && next.ExpiresAt.Before(last.ExpiresAt) {
		next.ExpiresAt = last.ExpiresAt
		*fresh = P(next)
	}
	return c.Same(fresh, old)
}

// Identity is what a principal's connections are found by.
func (c *Checks[P]) Identity(p *P) conns.Identity {
	who := fields(*p)
	identity := conns.Identity{User: who.UserID, Session: who.SessionID, Token: who.TokenID}
	if c.Epoch != nil && who.UserID != "" {
		identity.Epoch = c.Epoch(*p)
	}
	return identity
}
