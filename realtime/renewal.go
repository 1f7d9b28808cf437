package realtime

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"

	"github.com/yodelrt/yodel/realtime/internal/conns"
)

// renewal gives a connection the principal of a token in a message. A hub and a
// plain handler share it.
type renewal struct {
	conns     *conns.Set
	verify    func(ctx context.Context, token string) (context.Context, error)
	principal func(context.Context) (Principal, bool)
	epoch     func(Principal) int64
}

// run reaches the verdict, where accept has nothing against the principal. The
// error is [ErrTokenExpired] or a [Close]. What was revoked while the verdict was
// reached ends the connection with that reason. The verification begins with the
// upgrade's context, so that a connection that is refreshed for years holds the
// values of one.
func (r renewal) run(link *conns.Conn, current *atomic.Pointer[Principal], token string, accept func(*Principal) error) error {
	verification := r.conns.Verify(link)
	if verification == nil {
		return CloseInternal // it is ending, or the verdict on another token is under way
	}
	defer r.conns.Refuse(verification) // where it is not accepted, or verify panics
	verified, err := r.verify(link.Socket.Base(), strings.Clone(token))
	if err != nil {
		return verdictOn(err)
	}
	principal, known := r.principal(verified)
	if !known || principal.UserID == "" {
		return CloseInvalidToken
	}
	if accept != nil {
		if err := accept(&principal); err != nil {
			return err
		}
	}
	current.Store(&principal)
	link.Socket.SetContext(verified)
	verdict, reason := r.conns.Accept(verification, identityOf(&principal, r.epoch), wireClose(CloseConnectionLimit))
	switch verdict {
	case conns.Revoked:
		return Close(reason)
	case conns.Full:
		return CloseBusy
	case conns.Ended:
		return CloseInternal // it has been told why already
	}
	return nil
}

// verdictOn is what a peer is told whose token was not accepted.
func verdictOn(err error) error {
	switch {
	case isExpired(err):
		return ErrTokenExpired
	case isTemporary(err):
		return CloseInternal
	}
	return CloseInvalidToken
}

// isExpired reports whether an error says that the time of a token is over: it
// wraps [ErrTokenExpired], or an error in it has a method TokenExpired that says
// so.
func isExpired(err error) bool {
	var expired interface{ TokenExpired() bool }
	return errors.Is(err, ErrTokenExpired) || errors.As(err, &expired) && expired.TokenExpired()
}

// isTemporary reports whether an error says that no verdict was reached: it wraps
// [ErrCheckUnavailable] or the end of a context, or an error in it has a method
// Temporary that says so.
func isTemporary(err error) bool {
	var temporary interface{ Temporary() bool }
	return errors.Is(err, ErrCheckUnavailable) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		errors.As(err, &temporary) && temporary.Temporary()
}

// mayBecome says what is against a principal in the place of a connection's. It has
// to be the same user in the same session. One of an older epoch has a token of
// before: what a user no longer is can't be brought back with it, and a new token
// helps.
func mayBecome(other, old *Principal, epoch func(Principal) int64) error {
	switch {
	case old.UserID != other.UserID || old.SessionID != other.SessionID:
		return CloseInvalidToken
	case epochOf(epoch, old) > epochOf(epoch, other):
		return ErrTokenExpired
	}
	return nil
}

// lateReason is why a connection ends that has not been let in in time: the peer has
// not said who it is, or this server has not reached a verdict yet.
func lateReason(link *conns.Conn) Close {
	if link.Socket.Busy() {
		return CloseInternal
	}
	return CloseStale
}

func epochOf(read func(Principal) int64, p *Principal) int64 {
	if read == nil || p.UserID == "" {
		return 0
	}
	return read(*p)
}

// identityOf is what a principal's connections are found by.
func identityOf(p *Principal, epoch func(Principal) int64) conns.Identity {
	return conns.Identity{User: p.UserID, Session: p.SessionID, Token: p.TokenID, Epoch: epochOf(epoch, p)}
}

// judge ends a connection that may not stay, by what a recheck has said.
func judge(err error, active bool, end func(Close) bool) (stays bool) {
	switch {
	case err == nil:
		return true
	case errors.Is(err, ErrInvalidated):
		end(CloseInvalidated)
	case isTemporary(err):
		if active {
			return true // no verdict ends nobody who is in; the expiry does
		}
		end(CloseInternal) // and lets nobody in, who may come back
	default:
		end(CloseRevoked)
	}
	return false
}
