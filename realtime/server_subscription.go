package realtime

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/engine"
)

// Subscribe subscribes the selected connections to a channel, from the server: a
// push tells each client, with the position of the stream. Rules for subscribing
// are not asked; [AllowStay] says when it ends. It returns how many connections
// have been subscribed, and what has kept others from it: [ErrSubscribed] for one
// that is there already, [ErrLimit] for one that has Limits.Channels.
//
// A connection that is on its way in counts, and is subscribed when it has
// connected.
func (h *Hub) Subscribe(ctx context.Context, by Selector, channel string) (int, error) {
	rule, params, err := h.ruleFor(channel)
	if err != nil {
		return 0, fmt.Errorf("subscribe: %w", err)
	}
	subscribed := 0
	var failed error
	for _, c := range h.find(by) {
		join := func(ctx context.Context) error { return c.joinLater(ctx, rule, params) }
		switch err := c.once(ctx, deferredSubscription{channel: channel, joins: true, carryOut: join}); {
		case err == nil:
			subscribed++
		case failed == nil:
			failed = fmt.Errorf("subscribe: %w", err)
		}
	}
	return subscribed, failed
}

// Unsubscribe ends the selected connections' subscriptions to a channel, whoever
// has made them, and returns how many there were; one that Subscribe has promised to
// a connection on its way in counts. Nothing of the channel is sent to them
// afterwards. Clients are told code and reason, and subscribe again by themselves
// where the code is 2500 or above. They may ask for it again in any case where a
// rule lets them: end the permission first.
//
// Zero is [UnsubscribeServer] with words of its own. A code that is not one from
// 2000 to 2999, and a reason that is longer than 123 bytes or not UTF-8, are an error
// that wraps [ErrClose]; nothing was done then.
//
// This and [Hub.Subscribe] act on the connections of this node.
func (h *Hub) Unsubscribe(ctx context.Context, by Selector, channel string, code uint32, reason string) (int, error) {
	switch {
	case code == 0 && reason == "":
		code, reason = UnsubscribeServer, "server unsubscribe"
	case code < 2000 || code > 2999 || len(reason) > 123 || !utf8.ValidString(reason):
		return 0, fmt.Errorf("unsubscribe: %w: code %d, reason of %d bytes; codes are 2000 to 2999, reasons at most 123 bytes of UTF-8", ErrClose, code, len(reason))
	}
	ended := 0
	for _, c := range h.find(by) {
		leave := func(ctx context.Context) error {
			s := c.subscription(channel)
			if s == nil {
				return errNotSubscribed
			}
			c.remove(ctx, s, code, reason)
			return nil
		}
		if c.once(ctx, deferredSubscription{channel: channel, carryOut: leave}) == nil {
			ended++
		}
	}
	return ended, nil
}

var errNotSubscribed = errors.New("not subscribed")

// deferredSubscription is what the server wants of a connection.
type deferredSubscription struct {
	channel  string
	joins    bool // the connection is in the channel afterwards
	carryOut func(context.Context) error
}

// once carries out what the server wants of a connection, or keeps it until the
// connection stands. What has nothing to change so far is kept too, and reported:
// the application may be about to give a channel to a connection on its way in.
func (c *Conn) once(ctx context.Context, what deferredSubscription) error {
	c.mu.Lock()
	if c.standing {
		c.mu.Unlock()
		return what.carryOut(ctx)
	}
	defer c.mu.Unlock()
	inside := c.willBeIn(what.channel)
	c.deferred = append(c.deferred, what)
	switch {
	case inside && what.joins:
		return ErrSubscribed
	case !inside && !what.joins:
		return errNotSubscribed
	}
	return nil
}

// willBeIn reports whether the connection is in a channel when all that is kept for
// later is done. Callers hold mu.
func (c *Conn) willBeIn(channel string) bool {
	for _, what := range slices.Backward(c.deferred) {
		if what.channel == channel {
			return what.joins
		}
	}
	return c.subs.find(channel) != nil
}

// flushDeferred carries out what was wanted while the connection came in. A deferredSubscription is kept
// until it is done, so that whoever asks meanwhile is told what comes of it.
func (c *Conn) flushDeferred(ctx context.Context) {
	for {
		c.mu.Lock()
		if c.standing = len(c.deferred) == 0; c.standing {
			c.deferred = nil
			c.mu.Unlock()
			return
		}
		next := c.deferred[0]
		c.mu.Unlock()
		if err := next.carryOut(ctx); err != nil && !errors.Is(err, errNotSubscribed) && !errors.Is(err, ErrSubscribed) {
			c.hub.config.Logger.Error("the server's subscription was not made", "client", c.ID(), "error", err)
		}
		c.mu.Lock()
		c.deferred = c.deferred[1:]
		c.mu.Unlock()
	}
}

// joinLater subscribes a connection that stands, and tells its client.
func (c *Conn) joinLater(ctx context.Context, rule *channelRule, params Params) error {
	defer c.judgeSince(ctx, c.judged.Load())
	c.changing.Lock()
	defer c.changing.Unlock()
	if c.link.Ending() {
		return ErrClosed
	}
	s, answer, err := c.join(ctx, &subscription{conn: c, rule: rule, params: params, fromServer: true, joinLeave: rule.tellsOf(true)}, &protocol.SubscribeRequest{}, new(int))
	if err != nil {
		return err
	}
	s.goLive(func() {
		c.push(&protocol.Reply{Push: &protocol.Push{Channel: params.Channel, Subscribe: &protocol.Subscribe{
			Recoverable: answer.Recoverable, Positioned: answer.Positioned, Epoch: answer.Epoch, Offset: answer.Offset,
		}}})
	})
	c.announce(ctx, s, engine.Joined)
	return nil
}

// mayStay asks whether a subscription may go on.
func (s *subscription) mayStay(ctx context.Context) error {
	rule := s.rule.subscribe
	switch {
	case s.fromServer && s.rule.stay != nil:
		rule = s.rule.stay
	case rule == nil && (s.fromServer || s.rule.token.verify != nil):
		return nil // the server's until it ends it, or its token's until that ends
	}
	return allowed(ctx, rule, s.conn, s.params)
}
