package realtime

import (
	"context"
	"errors"
	"github.com/yodelrt/yodel/realtime/observe"
	"time"

	"github.com/centrifugal/protocol"
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
	err := c.renew(token, func(principal *Principal) error {
		if c.pending {
			return nil
		}
		return mayBecome(principal, c.who(), c.hub.config.Epoch)
	})
	switch {
	case errors.Is(err, CloseInternal):
		return ErrInternal // temporary: told before the end, so that the client need not wait for an answer
	case err != nil:
		return err
	}
	c.pending = false
	return nil
}

// renew gives the connection the principal of a token, where accept has nothing
// against it.
func (c *Conn) renew(token string, accept func(*Principal) error) error {
	config := &c.hub.config
	err := renewal{c.hub.conns, config.Verify, config.Principal, config.Epoch}.run(&c.link, &c.principal, token, accept)
	if errors.Is(err, CloseBusy) {
		c.hub.refused(observe.LimitConnections)
	}
	return err
}

// stays asks whether a registered connection may stay, and ends one that may
// not.
func (c *Conn) stays() bool {
	who := c.who()
	if end, revoked := c.hub.node.Revoked(who.SessionID, who.TokenID); revoked {
		c.link.End(end.Close)
		return false
	}
	if c.hub.config.Recheck == nil {
		return true
	}
	stays := false
	c.hub.spawn.Do(&c.link.Socket, func() {
		stays = judge(c.hub.config.Recheck(c.Context(), c.Principal()), c.link.Active(), c.end)
	})
	return stays
}

// refresh gives the connection the expiry of a new token of the same principal.
func (c *Conn) refresh(ctx context.Context, in *protocol.RefreshRequest, reply *protocol.Reply) error {
	if c.hub.config.Verify == nil {
		return ErrNotAvailable
	}
	if in.Token == "" {
		return CloseBadRequest
	}
	old := c.Principal()
	err := c.renew(in.Token, func(fresh *Principal) error {
		if err := mayBecome(fresh, &old, c.hub.config.Epoch); err != nil {
			return err
		}
		if !fresh.ExpiresAt.IsZero() && fresh.ExpiresAt.Before(old.ExpiresAt) {
			fresh.ExpiresAt = old.ExpiresAt // an earlier end changes nothing
		}
		return nil
	})
	switch {
	case errors.Is(err, ErrTokenExpired):
		return CloseExpired // 109 would be terminal for clients here
	case errors.Is(err, CloseInternal):
		return ErrInternal // temporary: the client tries again, and the connection goes on until its own end
	case err != nil:
		return err
	}
	fresh := c.who()
	c.expireAt(fresh.ExpiresAt)
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
