package realtime

import (
	"context"
	"time"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/verify"
	"github.com/yodelrt/yodel/realtime/observe"
)

// authenticate finds out who it is. A token beside a principal that the upgrade
// has proved must name the same user and session.
func (c *Conn) authenticate(token string) error {
	switch {
	case token == "" && !c.pending:
		return nil
	case token == "" || c.hub.config.Verify == nil:
		return CloseBadRequest
	}
	accept := c.hub.checks.Same
	if c.pending {
		accept = nil
	}
	switch outcome, reason := c.renew(token, accept); outcome {
	case verify.Expired:
		return ErrTokenExpired
	case verify.NoVerdict:
		return ErrInternal // temporary: told before the end, so that the client need not wait for an answer
	case verify.Refused:
		return reason
	}
	c.pending = false
	return nil
}

// renew gives the connection the principal of a token, where accept has nothing
// against it.
func (c *Conn) renew(token string, accept func(fresh, old *Principal) verify.Outcome) (verify.Outcome, Close) {
	outcome, reason := c.hub.checks.Renew(&c.link, &c.principal, token, accept)
	if reason == conns.CloseBusy {
		c.hub.refused(observe.LimitConnections)
	}
	return outcome, Close(reason)
}

// stays asks whether a registered connection may stay, and ends one that may
// not.
func (c *Conn) stays() bool {
	who := c.who()
	return !c.revoked(who) && c.hub.checks.Stays(&c.link, *who)
}

// mayEnter does the same for a connection on its way in. Without a verdict it is not
// ended: its client is told first that it may come back.
func (c *Conn) mayEnter() error {
	who := c.who()
	if c.revoked(who) {
		return errAnswered
	}
	switch c.hub.checks.MayStay(&c.link, *who) {
	case verify.Accepted:
		return nil
	case verify.NoVerdict:
		return ErrInternal // temporary
	}
	return errAnswered
}

// revoked ends a connection whose session or token was signed out.
func (c *Conn) revoked(who *Principal) bool {
	end, revoked := c.hub.node.Revoked(who.SessionID, who.TokenID)
	if revoked {
		c.link.End(end.Close)
	}
	return revoked
}

// refresh gives the connection the expiry of a new token of the same principal.
func (c *Conn) refresh(ctx context.Context, in *protocol.RefreshRequest, reply *protocol.Reply) error {
	if c.hub.config.Verify == nil {
		return ErrNotAvailable
	}
	if in.Token == "" {
		return CloseBadRequest
	}
	switch outcome, reason := c.renew(in.Token, c.hub.checks.Longer); outcome {
	case verify.Expired:
		return CloseExpired // 109 would be terminal for clients here
	case verify.NoVerdict:
		return ErrInternal // temporary: the client tries again, and the connection goes on until its own end
	case verify.Refused:
		return reason
	}
	fresh := c.who()
	c.link.ExpireAt(fresh.ExpiresAt)
	if !c.stays() { // a revoke in between is seen here
		return errAnswered
	}
	c.rejudgeSubscriptions(ctx) // its roles may be others now
	if err := c.renewInfo(c.Context()); err != nil {
		return err
	}
	result := &protocol.RefreshResult{Client: c.ID(), Version: "yodel"}
	result.Expires, result.Ttl = timeToLive(fresh.ExpiresAt, time.Now())
	reply.Refresh = result
	return nil
}
