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
	if end, revoked := c.hub.node.Revoked(who.SessionID, who.TokenID); revoked {
		c.end(closeOf(end))
		return false
	}
	return c.hub.checks.Stays(&c.link, *who)
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
	result := &protocol.RefreshResult{Client: c.ID(), Version: "yodel"}
	result.Expires, result.Ttl = timeToLive(fresh.ExpiresAt, time.Now())
	reply.Refresh = result
	return nil
}
