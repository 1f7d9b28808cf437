package realtime

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/centrifugal/protocol"
)

// connect authenticates where the upgrade has not, registers, asks again, and
// only then lets the connection receive.
func (c *Conn) connect(ctx context.Context, in *protocol.ConnectRequest, reply *protocol.Reply) error {
	ctx, err := c.authenticate(ctx, in.Token)
	if err != nil {
		return err
	}
	c.expireAt(c.who().ExpiresAt)
	if !c.stays() {
		return errAnswered
	}
	welcome, err := c.welcome(ctx, in)
	if err != nil {
		return err
	}
	c.info = welcome.Info
	result := &protocol.ConnectResult{
		Client: c.id, Version: "yodel", Data: welcome.Data,
		Ping: uint32(c.hub.config.PingInterval / time.Second), Pong: true,
	}
	result.Expires, result.Ttl = timeToLive(c.who().ExpiresAt, time.Now())
	joined, err := c.joinFromServer(ctx, welcome.Channels, in.Subs, result)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.deadline.Stop()
	c.mu.Unlock()
	reply.Connect = result
	frame, err := c.enc.encode(reply)
	if err != nil {
		return Inappropriate
	}
	if !c.link.activateWith(frame) {
		return errAnswered
	}
	c.arrives(false)
	c.connected, c.welcomed = true, true
	c.hub.counters.open.Add(1)
	for _, sub := range joined {
		sub.goLive(nil)
		c.announce(ctx, sub, Joined)
	}
	c.startPings()
	return errAnswered
}

// authenticate finds out who it is. A token beside a principal that the upgrade
// has proved must name the same user and session.
func (c *Conn) authenticate(ctx context.Context, token string) (context.Context, error) {
	if token == "" {
		if c.waiting != nil {
			return ctx, BadRequest
		}
		return ctx, nil
	}
	if c.hub.config.Verify == nil {
		return ctx, BadRequest
	}
	verified, principal, err := c.verify(ctx, strings.Clone(token))
	if err != nil {
		return ctx, err
	}
	if c.waiting == nil {
		if !c.who().same(principal) {
			return ctx, InvalidToken
		}
		c.hub.registry.rename(c, principal)
		c.link.setContext(verified)
		return verified, nil
	}
	c.hub.porch.leave(c)
	c.waiting = nil
	c.become(&principal)
	c.link.setContext(verified)
	if c.hub.registry.add(c) > c.hub.config.MaxConnectionsPerUser {
		return ctx, TooManyConnections
	}
	return verified, nil
}

// verify reaches the verdict for a token in a message.
func (c *Conn) verify(ctx context.Context, token string) (context.Context, Principal, error) {
	verified, err := c.hub.config.Verify(ctx, token)
	switch {
	case errors.Is(err, ErrTokenExpired):
		return nil, Principal{}, ErrExpired
	case errors.Is(err, ErrUnavailable):
		return nil, Principal{}, Internal
	case err != nil:
		return nil, Principal{}, InvalidToken
	}
	principal, known := c.hub.config.Principal(verified)
	if !known || principal.UserID == "" {
		return nil, Principal{}, InvalidToken
	}
	return verified, principal, nil
}

// same reports whether both are the same user in the same session.
func (p *Principal) same(other Principal) bool {
	return p.UserID == other.UserID && p.SessionID == other.SessionID
}

func (c *Conn) welcome(ctx context.Context, in *protocol.ConnectRequest) (ConnectReply, error) {
	if c.hub.config.Connect == nil {
		return ConnectReply{}, nil
	}
	return c.hub.config.Connect(ctx, c, ConnectEvent{Name: strings.Clone(in.Name), Version: strings.Clone(in.Version), Data: in.Data})
}

// refreshLead is how long before the end a client is asked to refresh, at most
// half of what is left.
const refreshLead = 25 * time.Second

// timeToLive is what clients are told of a principal's end: the seconds after
// which they shall refresh, at least one.
func timeToLive(end, now time.Time) (expires bool, seconds uint32) {
	if end.IsZero() {
		return false, 0
	}
	left := end.Sub(now)
	left -= min(refreshLead, left/2)
	return true, uint32(max(left/time.Second, 1))
}

// expireAt sets when the connection ends, in place of an earlier moment. The zero
// time never ends it.
func (c *Conn) expireAt(end time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.expiry != nil {
		c.expiry.Stop()
	}
	if !end.IsZero() && !c.over {
		c.expiry = time.AfterFunc(time.Until(end), func() { c.link.close(Expired) })
	}
}

// stays asks whether a registered connection may stay, and ends one that may
// not.
func (c *Conn) stays() bool {
	if c.hub.config.Recheck == nil {
		return true
	}
	return judge(&c.link, c.hub.config.Recheck(c.link.context(), c.Principal()))
}

// refresh gives the connection the expiry of a new token of the same principal.
func (c *Conn) refresh(ctx context.Context, in *protocol.RefreshRequest, reply *protocol.Reply) error {
	if c.hub.config.Verify == nil {
		return ErrNotAvailable
	}
	if in.Token == "" {
		return BadRequest
	}
	verified, fresh, err := c.verify(ctx, strings.Clone(in.Token))
	if errors.Is(err, ErrExpired) {
		return Expired // 109 would be terminal for clients here
	}
	if err != nil {
		return err
	}
	old := c.Principal()
	if !old.same(fresh) {
		return InvalidToken
	}
	if !fresh.ExpiresAt.IsZero() && fresh.ExpiresAt.Before(old.ExpiresAt) {
		fresh.ExpiresAt = old.ExpiresAt // an earlier end changes nothing
	}
	c.hub.registry.rename(c, fresh)
	c.link.setContext(verified)
	c.expireAt(fresh.ExpiresAt)
	if !c.stays() { // a revoke in between is seen here
		return errAnswered
	}
	c.rejudgeSubscriptions(ctx) // its roles may be others now
	result := &protocol.RefreshResult{Client: c.id, Version: "yodel"}
	result.Expires, result.Ttl = timeToLive(fresh.ExpiresAt, time.Now())
	reply.Refresh = result
	return nil
}
