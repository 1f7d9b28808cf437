package realtime

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/engine"
)

// connect authenticates where the upgrade has not, asks again whether the
// connection may stay, lets the application greet it, and only then lets it
// receive.
func (c *Conn) connect(_ context.Context, in *protocol.ConnectRequest, reply *protocol.Reply) error {
	headers, err := c.hub.headersOf(in)
	if err != nil {
		return err
	}
	token, err := credentialOf(in, headers)
	if err != nil {
		return err
	}
	if err := c.authenticate(token); err != nil {
		return err
	}
	ctx := c.Context() // that of the token, if there was one
	end := c.who().ExpiresAt
	c.link.ExpireAt(end)
	if !end.IsZero() && !time.Now().Before(end) {
		return CloseExpired // between its upgrade and now
	}
	if c.link.Ending() {
		return errAnswered
	}
	if err := c.mayEnter(); err != nil {
		return err
	}
	judged := c.judged.Load()
	welcome, err := c.welcome(ctx, in, headers)
	if err != nil {
		return err
	}
	return c.letIn(ctx, welcome, in.Subs, reply, judged)
}

func (c *Conn) welcome(ctx context.Context, in *protocol.ConnectRequest, headers http.Header) (ConnectReply, error) {
	if c.hub.config.Connect == nil {
		c.welcomed = true
		return ConnectReply{}, nil
	}
	reply, err := c.hub.config.Connect(ctx, c, ConnectEvent{Name: strings.Clone(in.Name), Version: strings.Clone(in.Version), Data: in.Data, Headers: headers})
	if err != nil {
		return reply, err
	}
	c.welcomed = true // from here on the Disconnect hook is owed
	if err := reply.problem(c.enc); err != nil {
		return reply, err
	}
	if reply.Info != nil {
		c.info.Store(&reply.Info)
	}
	return reply, nil
}

// letIn makes the subscriptions of a welcome, answers, and lets the connection
// receive. Nobody ends one of the subscriptions before it was announced.
func (c *Conn) letIn(ctx context.Context, welcome ConnectReply, brought map[string]*protocol.SubscribeRequest, reply *protocol.Reply, judged uint64) error {
	result := &protocol.ConnectResult{
		Client: c.ID(), Version: "yodel", Data: welcome.Data,
		Ping: uint32(c.hub.config.PingInterval / time.Second), Pong: true,
	}
	if c.hub.config.Verify != nil { // else there is no way to refresh: clients come back after the end
		result.Expires, result.Ttl = timeToLive(c.who().ExpiresAt, time.Now())
	}
	c.changing.Lock()
	joined, err := c.joinFromServer(ctx, welcome.Channels, brought, result)
	if err == nil {
		err = c.activate(ctx, joined, reply, result)
	}
	c.changing.Unlock()
	if err != nil {
		return err
	}
	c.flushDeferred(ctx)
	c.judgeSince(ctx, judged)
	c.startPings()
	c.hub.lifetime().Start(&c.link, c.since)
	return errAnswered
}

// activate sends the reply in front of everything that the connection receives
// from then on. Callers hold changing.
func (c *Conn) activate(ctx context.Context, joined []*subscription, reply *protocol.Reply, result *protocol.ConnectResult) error {
	reply.Connect = result
	frame, err := c.enc.encode(reply)
	if err != nil {
		return fmt.Errorf("encode the reply to a connect: %w", err)
	}
	c.link.Connected()
	c.connected = true
	c.hub.counters.Out.Add(1)
	if !c.link.Socket.ActivateWith(frame, func() bool { return c.hub.conns.Activate(&c.link) }) {
		return errAnswered
	}
	for _, sub := range joined {
		sub.goLive(nil)
		c.announce(ctx, sub, engine.Joined)
	}
	return nil
}

// joinFromServer subscribes to what the server chose, with the positions that
// the client brought, and RecoveryBytes for all of them. Callers hold changing.
func (c *Conn) joinFromServer(ctx context.Context, names []string, brought map[string]*protocol.SubscribeRequest, result *protocol.ConnectResult) ([]*subscription, error) {
	var joined []*subscription
	left := c.hub.config.Limits.RecoveryBytes
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			continue
		}
		rule, params, err := c.hub.ruleFor(name)
		if err != nil { // the application's own mistake, never final for its client
			return nil, fmt.Errorf("the Connect hook named the channel %q: %v", name, err)
		}
		in := brought[name]
		if in == nil {
			in = &protocol.SubscribeRequest{}
		}
		if err := unsupportedSubscribe(in); err != nil {
			return nil, err
		}
		s, answer, err := c.join(ctx, &subscription{conn: c, rule: rule, params: params, fromServer: true, joinLeave: rule.tellsOf(true)},
			&protocol.SubscribeRequest{Recover: in.Recover, Epoch: in.Epoch, Offset: in.Offset}, &left)
		if errors.Is(err, ErrLimit) {
			return nil, fmt.Errorf("the Connect hook named %d channels, more than Limits.Channels, which is %d", len(names), c.hub.config.Limits.Channels)
		}
		if err != nil {
			return nil, err
		}
		if result.Subs == nil {
			result.Subs = map[string]*protocol.SubscribeResult{}
		}
		result.Subs[name] = answer
		joined = append(joined, s)
	}
	return joined, nil
}
