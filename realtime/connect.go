package realtime

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/centrifugal/protocol"
)

// connect authenticates where the upgrade has not, registers, asks again, and
// only then lets the connection receive.
func (c *Conn) connect(ctx context.Context, in *protocol.ConnectRequest, reply *protocol.Reply) error {
	headers, err := c.hub.headersOf(in)
	if err != nil {
		return err
	}
	token, err := credentialOf(in, headers)
	if err != nil {
		return err
	}
	if ctx, err = c.authenticate(ctx, token); err != nil {
		return err
	}
	c.expireAt(c.who().ExpiresAt)
	if c.link.isClosing() || !c.stays() {
		return errAnswered
	}
	judged := c.judged.Load()
	welcome, err := c.welcome(ctx, in, headers)
	if err != nil {
		return err
	}
	if err := welcome.problem(c.enc); err != nil {
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
	c.deadline = nil
	c.mu.Unlock()
	reply.Connect = result
	frame, err := c.enc.encode(reply)
	if err != nil {
		return fmt.Errorf("encode the reply to a connect: %w", err)
	}
	c.arrives(false) // whoever has read the reply is no longer on its way in
	c.connected, c.welcomed = true, true
	c.hub.counters.open.Add(1)
	if !c.link.activateWith(frame) {
		return errAnswered
	}
	for _, sub := range joined {
		sub.goLive(nil)
		c.announce(ctx, sub, Joined)
	}
	c.stands(ctx)
	c.judgeSince(ctx, judged)
	c.startPings()
	c.startAging()
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
	flight := c.hub.flights.begin()
	defer c.land(flight)
	verified, principal, err := c.verify(strings.Clone(token))
	if err != nil {
		return ctx, err
	}
	if c.waiting == nil {
		if !c.mayBecome(principal) {
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
func (c *Conn) verify(token string) (context.Context, Principal, error) {
	// Not the command's context, which would outlive the command in the
	// connection's.
	verified, err := c.hub.config.Verify(c.link.context(), token)
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

// land ends a connection whose principal was revoked while its token was being
// verified.
func (c *Conn) land(f *flight) {
	if reason, revoked := c.hub.flights.end(f, c.who(), c.epoch()); revoked {
		c.link.close(reason)
	}
}

// mayBecome reports whether another principal may take the place of a
// connection's: the same user in the same session, and no older epoch, so that
// what a user no longer is can't be brought back with a token of before.
func (c *Conn) mayBecome(other Principal) bool {
	who := c.who()
	return who.UserID == other.UserID && who.SessionID == other.SessionID && c.epoch() <= epochOf(c.hub.config.Epoch, &other)
}

func epochOf(read func(Principal) int64, p *Principal) int64 {
	if read == nil {
		return 0
	}
	return read(*p)
}

func (c *Conn) welcome(ctx context.Context, in *protocol.ConnectRequest, headers http.Header) (ConnectReply, error) {
	if c.hub.config.Connect == nil {
		return ConnectReply{}, nil
	}
	return c.hub.config.Connect(ctx, c, ConnectEvent{Name: strings.Clone(in.Name), Version: strings.Clone(in.Version), Data: in.Data, Headers: headers})
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
	if reason, revoked := c.hub.node.revoked(c.who()); revoked {
		c.link.close(reason)
		return false
	}
	if c.hub.config.Recheck == nil {
		return true
	}
	stays := false
	c.link.protect(func() { stays = judge(&c.link, c.hub.config.Recheck(c.link.context(), c.Principal())) })
	return stays
}

// refresh gives the connection the expiry of a new token of the same principal.
func (c *Conn) refresh(ctx context.Context, in *protocol.RefreshRequest, reply *protocol.Reply) error {
	if c.hub.config.Verify == nil {
		return ErrNotAvailable
	}
	if in.Token == "" {
		return BadRequest
	}
	flight := c.hub.flights.begin()
	landed := sync.OnceFunc(func() { c.land(flight) })
	defer landed()
	verified, fresh, err := c.verify(strings.Clone(in.Token))
	if errors.Is(err, ErrExpired) {
		return Expired // 109 would be terminal for clients here
	}
	if err != nil {
		return err
	}
	old := c.Principal()
	if !c.mayBecome(fresh) {
		return InvalidToken
	}
	if !fresh.ExpiresAt.IsZero() && fresh.ExpiresAt.Before(old.ExpiresAt) {
		fresh.ExpiresAt = old.ExpiresAt // an earlier end changes nothing
	}
	c.hub.registry.rename(c, fresh)
	c.link.setContext(verified)
	landed()
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
