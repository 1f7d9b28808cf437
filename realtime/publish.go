package realtime

import (
	"context"
	"fmt"
	"strings"

	"github.com/centrifugal/protocol"
)

// PublishOption changes one [Hub.Publish].
type PublishOption func(*Publication, *PublishOptions)

// WithKey makes publishing idempotent: a second publication with the key, within
// five minutes, changes nothing and returns the position of the first.
func WithKey(key string) PublishOption {
	return func(_ *Publication, o *PublishOptions) { o.Key = key }
}

// WithTags adds the publisher's own labels.
func WithTags(tags map[string]string) PublishOption {
	return func(p *Publication, _ *PublishOptions) { p.Tags = tags }
}

// Except leaves one client out, by its [Conn.ID]: the sender, who has it already.
func Except(client string) PublishOption {
	return func(p *Publication, _ *PublishOptions) { p.Except = client }
}

// Publish publishes to a channel from the server. It returns the position once
// the publication is stored, where the channel has a history, and handed to the
// subscribers. A channel that no pattern fits is [ErrUnknownChannel].
func (h *Hub) Publish(ctx context.Context, channel string, data []byte, options ...PublishOption) (Position, error) {
	rule, _, err := h.ruleFor(channel)
	if err != nil {
		return Position{}, fmt.Errorf("publish: %w", err)
	}
	p := Publication{Data: data}
	o := PublishOptions{History: rule.options.History, TTL: rule.options.HistoryTTL}
	for _, set := range options {
		set(&p, &o)
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
	if err := allowed(ctx, rule.publish, c, params); err != nil {
		return err
	}
	info := c.publicInfo()
	if s := c.subscription(name); s != nil {
		info = s.publicInfo()
	}
	p := Publication{Data: in.Data, Info: &info}
	if _, err := c.hub.config.Engine.Broker.Publish(ctx, name, p, PublishOptions{History: rule.options.History, TTL: rule.options.HistoryTTL}); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	reply.Publish = &protocol.PublishResult{}
	return nil
}
