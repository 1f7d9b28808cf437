package verify

import (
	"context"
	"errors"

	"github.com/yodelrt/yodel/realtime/internal/conns"
)

// Errors are the public errors that those of an application's checks wrap.
type Errors struct {
	Expired     error // the time of a token is over
	Unavailable error // no verdict could be reached
	Changed     error // the principal may come back with a new token
	// Answer reports whether an error is an answer to clients that passes by itself.
	Answer func(error) bool
}

func (e Errors) outcome(err error) Outcome {
	switch {
	case e.IsExpired(err):
		return Expired
	case e.IsTemporary(err):
		return NoVerdict
	}
	return Refused
}

// IsExpired reports whether an error says that the time of a token is over: it
// wraps Expired, or an error in it has a method TokenExpired that says so.
func (e Errors) IsExpired(err error) bool {
	var expired interface{ TokenExpired() bool }
	return errors.Is(err, e.Expired) || errors.As(err, &expired) && expired.TokenExpired()
}

// IsTemporary reports whether an error says that no verdict was reached: it wraps
// Unavailable or the end of a context, an error in it has a method Temporary that
// says so, or it is an answer that passes.
func (e Errors) IsTemporary(err error) bool {
	var temporary interface{ Temporary() bool }
	return errors.Is(err, e.Unavailable) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		errors.As(err, &temporary) && temporary.Temporary() || e.Answer(err)
}

// Stays asks Recheck whether a registered connection may stay, and ends one that may
// not. A panic ends it as well.
func (c *Checks[P]) Stays(link *conns.Conn, who P) bool {
	outcome := c.MayStay(link, who)
	if outcome == NoVerdict {
		link.End(conns.CloseInternal) // it lets nobody in, who may come back
	}
	return outcome == Accepted
}

// MayStay does the same, but leaves a connection that was not let in yet, and can't
// be without a verdict, to its caller: NoVerdict.
func (c *Checks[P]) MayStay(link *conns.Conn, who P) Outcome {
	if c.Recheck == nil {
		return Accepted
	}
	outcome := Refused
	c.Spawn.Do(&link.Socket, func() { outcome = c.judge(link, c.Recheck(link.Socket.Context(), who)) })
	return outcome
}

// judge ends a connection that may not stay, by what Recheck has said.
func (c *Checks[P]) judge(link *conns.Conn, err error) Outcome {
	switch {
	case err == nil:
		return Accepted
	case errors.Is(err, c.Errors.Changed):
		link.End(conns.CloseInvalidated)
	case c.Errors.IsTemporary(err):
		if link.Active() {
			return Accepted // no verdict ends nobody who is in; the expiry does
		}
		return NoVerdict
	default:
		link.End(conns.CloseRevoked)
	}
	return Refused
}
