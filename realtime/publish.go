package realtime

import (
	"context"
	"fmt"
	"strings"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/engine"
)

// PublishOption changes one [Hub.Publish].
type PublishOption func(*Publication, *engine.PublishOptions)

// WithKey makes publishing idempotent: a second publication with the key to the
// same channel, within five minutes, changes nothing and returns the position of
// the first, however many other keys there are. A key of more than 255 bytes is
// [engine.ErrKeyTooLong]. Where the engine has no room for one more key, publishing with
// a new one is [engine.ErrKeysFull].
func WithKey(key string) PublishOption {
	return func(_ *Publication, o *engine.PublishOptions) { o.Key = key }
}

// WithTags adds the publisher's own labels, in UTF-8.
func WithTags(tags map[string]string) PublishOption {
	return func(p *Publication, _ *engine.PublishOptions) { p.Tags = tags }
}

// Except leaves one client out, by its [Conn.ID]: the sender, who has it already.
// It does not get it by recovery or history either, for as long as its connection
// stands. A client that comes back has another id and is nobody that the hub
// knows: it recovers what it was left out of. Use [ExceptSession] where that
// matters, or let clients know their own messages by an id in the data.
func Except(client string) PublishOption {
	return func(p *Publication, _ *engine.PublishOptions) { p.Except = client }
}

// ExceptSession leaves out every connection of one session, also those that come
// back, in recovery and history as well. An empty id leaves out nobody.
func ExceptSession(id string) PublishOption {
	return func(p *Publication, _ *engine.PublishOptions) { p.ExceptSession = id }
}

// ExceptUser leaves out every connection of a user, as [ExceptSession] does.
func ExceptUser(id string) PublishOption {
	return func(p *Publication, _ *engine.PublishOptions) { p.ExceptUser = id }
}

// leftOut reports whether the connection is one that does not get a publication.
func (c *Conn) leftOut(p *Publication) bool {
	if p.Except == "" && p.ExceptSession == "" && p.ExceptUser == "" {
		return false
	}
	who := c.who()
	return p.Except == c.ID() || (p.ExceptSession != "" && p.ExceptSession == who.SessionID) || (p.ExceptUser != "" && p.ExceptUser == who.UserID)
}

// Publish publishes to a channel from the server. It returns the position once
// the publication is stored, where the channel has a history, and on its way to
// the subscribers; it does not wait until it was handed to each of them. A
// channel that no pattern fits is [ErrUnknownChannel], and data that is not JSON,
// none included, is [ErrNotJSON] where the channel is not Binary. [PublishEvent]
// makes sure that the channel carries it.
func (h *Hub) Publish(ctx context.Context, channel string, data []byte, options ...PublishOption) (Position, error) {
	rule, _, err := h.ruleFor(channel)
	if err != nil {
		return Position{}, fmt.Errorf("publish: %w", err)
	}
	p := Publication{Data: data}
	o := engine.PublishOptions{History: rule.options.History, TTL: rule.options.HistoryTTL}
	for _, set := range options {
		set(&p, &o)
	}
	if err := rule.problem(&p); err != nil {
		return Position{}, fmt.Errorf("publish to %s: %w", rule.pattern.text, err)
	}
	position, err := h.config.Engine.Broker.Publish(ctx, channel, p, o)
	if err != nil {
		return Position{}, fmt.Errorf("publish: %w", err)
	}
	return position, nil
}

// publish handles a client's publication: the server says who it is from.
func (c *Conn) publish(ctx context.Context, in *protocol.PublishRequest, reply *protocol.Reply) error {
	name := strings.Clone(in.Channel)
	rule, params, err := c.hub.ruleFor(name)
	if err != nil {
		return err
	}
	if err := unsupportedPublish(in); err != nil {
		return err
	}
	if err := allowed(ctx, rule.publish, c, params); err != nil {
		return err
	}
	if !rule.speaks(c.enc) {
		return ErrNotAvailable
	}
	if rule.problem(&Publication{Data: in.Data}) != nil {
		return c.hub.offContract("data is not JSON")
	}
	if err := rule.events.check(c.hub, in.Data); err != nil {
		return err
	}
	info := c.publicInfo()
	s := c.subscription(name)
	if s != nil {
		info = s.publicInfo()
	}
	if c.published != name || s == nil && c.unanswered {
		c.settlePublished()
	}
	c.published = name
	p := Publication{Data: in.Data, Info: &info}
	if _, err := c.hub.config.Engine.Broker.Publish(ctx, name, p, engine.PublishOptions{History: rule.options.History, TTL: rule.options.HistoryTTL}); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	reply.Publish = &protocol.PublishResult{}
	if s == nil {
		return nil
	}
	c.unanswered = true
	s.channel.queue.after(func() { c.answer(reply) }) // behind its own publication
	return errAnswered
}

// settlePublished waits until what the client has published was handed out, and so
// its answers are on their way: answers come in the order of their commands, and
// subscribers of several channels see its publications in its order. Within a
// channel the channel's queue keeps the order, so a client that goes on publishing
// there waits for nothing.
func (c *Conn) settlePublished() {
	if c.published != "" {
		c.hub.channels.settle(c.published)
		c.published, c.unanswered = "", false
	}
}
