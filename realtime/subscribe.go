package realtime

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/observe"
)

// verdictOf turns what a rule says into what a client may read.
func verdictOf(err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	if _, ends := asClose(err); ends {
		return err
	}
	if checkErrors.IsTemporary(err) {
		return ErrInternal // the client asks again
	}
	return ErrPermissionDenied
}

// subscribe answers in its place: before every push of the channel.
func (c *Conn) subscribe(ctx context.Context, in *protocol.SubscribeRequest, reply *protocol.Reply) error {
	name := strings.Clone(in.Channel)
	rule, params, err := c.hub.ruleFor(name)
	if err != nil {
		return err
	}
	if err := unsupportedSubscribe(in); err != nil {
		return err
	}
	s := &subscription{conn: c, rule: rule, params: params, joinLeave: rule.tellsOf(in.JoinLeave), returns: len(name) + len(in.Token) + subscribeOverhead}
	if err := c.mayNote(name, s.returns); err != nil {
		return err
	}
	judged := c.judged.Load()
	claims, err := c.mayJoin(ctx, rule, params, in.Token)
	if err != nil {
		return err
	}
	s.info.Store(&claims.Info)
	if err := c.begin(ctx, s, in, reply, claims.ExpiresAt); err != nil {
		return err
	}
	c.judgeSince(ctx, judged)
	return errAnswered
}

// judgeSince judges again what was made while others were judged: its rule may
// have been asked too early.
func (c *Conn) judgeSince(ctx context.Context, judged uint64) {
	if c.judged.Load() != judged {
		c.rejudgeSubscriptions(ctx)
	}
}

// begin makes a subscription, answers and announces it, before anybody can end
// it again.
func (c *Conn) begin(ctx context.Context, s *subscription, in *protocol.SubscribeRequest, reply *protocol.Reply, until time.Time) error {
	c.changing.Lock()
	defer c.changing.Unlock()
	left := c.hub.config.Limits.RecoveryBytes
	s, result, err := c.join(ctx, s, in, &left)
	if err != nil {
		return err
	}
	result.Expires, result.Ttl = timeToLive(until, time.Now())
	reply.Subscribe = result
	s.goLive(func() { c.answer(reply) })
	s.lasts(until)
	c.announce(ctx, s, engine.Joined)
	if s.joinLeave {
		s.channel.queue.settle() // its own join comes before later replies
	}
	return nil
}

// join makes a subscription that waits: it collects what comes, and is in the
// presence, but nothing is sent until it goes live. A recovery takes what it
// carries from left.
func (c *Conn) join(ctx context.Context, s *subscription, in *protocol.SubscribeRequest, left *int) (*subscription, *protocol.SubscribeResult, error) {
	name, rule := s.params.Channel, s.rule
	if !rule.speaks(c.enc) {
		return nil, nil, ErrNotAvailable
	}
	if err := c.mayNote(name, s.returns); err != nil {
		return nil, nil, err
	}
	if err := c.hub.enter(ctx, s, name); err != nil {
		return nil, nil, err
	}
	c.note(s)
	result, err := c.position(ctx, s, in, left)
	if err == nil {
		err = s.enterPresence(ctx)
	}
	if err != nil {
		c.unnote(name)
		c.depart(ctx, s)
		return nil, nil, err
	}
	return s, result, nil
}

func (c *Conn) subscription(name string) *subscription {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.subs.find(name)
}

// mayNote reports why the connection can't have one more subscription, which takes so
// many bytes of the frame with which its client comes back.
func (c *Conn) mayNote(name string, returns int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.left:
		return ErrClosed
	case c.subs.find(name) != nil:
		return ErrSubscribed
	case len(c.subs) >= c.hub.config.Limits.Channels:
		c.hub.refused(observe.LimitChannels)
		return ErrLimit
	case returns > 0 && c.subs.returning()+returns+subscribeBytes > c.hub.config.Limits.MessageBytes:
		c.hub.refused(observe.LimitMessageBytes)
		return ErrLimit
	}
	return nil
}

// note keeps a subscription.
func (c *Conn) note(s *subscription) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.subs.add(s)
}

// unnote forgets a subscription and returns it, nil where there is none.
func (c *Conn) unnote(name string) *subscription {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.subs.drop(name)
}

// announce tells the others of a channel that a connection came or left: one
// leave for each join.
func (c *Conn) announce(ctx context.Context, s *subscription, kind engine.Kind) {
	if !s.rule.options.JoinLeave || (kind == engine.Left && !s.announced) {
		return
	}
	s.announced = kind == engine.Joined
	info := s.publicInfo()
	ctx = context.WithoutCancel(ctx) // a join that was not sent for that would be a leave without one
	if _, err := c.hub.config.Engine.Broker.Publish(ctx, s.channel.name, Publication{Kind: kind, Info: &info}, engine.PublishOptions{}); err != nil {
		c.hub.config.Logger.Error("a join or leave was not announced", "error", err)
	}
}

// unsubscribe answers the same whether there was a subscription or not.
func (c *Conn) unsubscribe(ctx context.Context, in *protocol.UnsubscribeRequest, reply *protocol.Reply) error {
	if in.Channel == "" {
		return CloseBadRequest
	}
	c.changing.Lock()
	defer c.changing.Unlock()
	if s := c.unnote(in.Channel); s != nil {
		c.depart(ctx, s)
	}
	reply.Unsubscribe = &protocol.UnsubscribeResult{}
	c.answer(reply) // before a subscription that the server makes next
	return errAnswered
}

// depart leaves a channel that the connection no longer notes. Whatever has ended
// ctx, it cleans up.
func (c *Conn) depart(ctx context.Context, s *subscription) {
	ctx = context.WithoutCancel(ctx)
	c.hub.exit(ctx, s)
	s.stopTimer()
	if s.rule.options.Presence {
		if err := c.hub.config.Engine.Presence.Leave(ctx, s.channel.name, c.ID()); err != nil {
			c.hub.config.Logger.Error("the engine did not forget a presence", "error", err)
		}
	}
	c.announce(ctx, s, engine.Left)
}

// leaveAll leaves every channel, for good.
func (c *Conn) leaveAll(ctx context.Context) {
	c.changing.Lock()
	defer c.changing.Unlock()
	c.mu.Lock()
	subs := c.subs
	c.subs, c.left = nil, true
	c.mu.Unlock()
	for _, s := range subs {
		c.depart(ctx, s)
	}
}

// rejudgeSubscriptions ends those that the rules no longer allow. One that is
// being made at the same time asks again by itself.
func (c *Conn) rejudgeSubscriptions(ctx context.Context) {
	c.judged.Add(1)
	c.mu.Lock()
	var asked []*subscription
	for _, s := range c.subs {
		if s.isLive() {
			asked = append(asked, s)
		}
	}
	c.mu.Unlock()
	for _, s := range asked {
		c.hub.spawn.Do(&c.link.Socket, func() {
			switch err := s.mayStay(c.Context()); {
			case err == nil:
			case !passes(err):
				c.remove(ctx, s, UnsubscribeServer, "permission lost")
			case s.fromServer:
				c.end(CloseInsufficientState)
			default:
				c.remove(ctx, s, UnsubscribeInsufficientState, "insufficient state")
			}
		})
	}
}

// passes reports whether an error of a rule passes by itself: no verdict was reached.
// The last one holds no longer, so the client has to ask again.
func passes(err error) bool {
	var known *Error
	return errors.As(err, &known) && known.Temporary
}

// publicInfo is what others may know of the subscriber in this channel.
func (s *subscription) publicInfo() ClientInfo {
	info := s.conn.publicInfo()
	if own := s.info.Load(); own != nil {
		info.Channel = *own
	}
	return info
}

func (s *subscription) isLive() bool {
	s.channel.mu.Lock()
	defer s.channel.mu.Unlock()
	return s.live
}

// remove ends a subscription from this side and says so. One that has ended
// already is left alone, and so is another that has taken its place.
func (c *Conn) remove(ctx context.Context, s *subscription, code uint32, reason string) {
	c.changing.Lock()
	defer c.changing.Unlock()
	if c.subscription(s.channel.name) != s {
		return
	}
	c.unnote(s.channel.name)
	c.hub.exit(context.WithoutCancel(ctx), s)
	c.push(&protocol.Reply{Push: &protocol.Push{Channel: s.channel.name, Unsubscribe: &protocol.Unsubscribe{Code: code, Reason: reason}}})
	c.depart(ctx, s)
}
