package realtime

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/observe"
)

// mayRead finds the rule of a channel and asks whether its history and presence
// may be read: by whom AllowRead lets, else by those who are subscribed.
func (c *Conn) mayRead(ctx context.Context, channel string) (*channelRule, error) {
	rule, params, err := c.hub.ruleFor(channel)
	if err != nil {
		return nil, err
	}
	if rule.read != nil {
		return rule, verdictOf(rule.read(ctx, c, params))
	}
	if c.subscription(channel) == nil {
		return nil, ErrPermissionDenied
	}
	return rule, nil
}

func (c *Conn) history(ctx context.Context, in *protocol.HistoryRequest, reply *protocol.Reply) error {
	name := strings.Clone(in.Channel)
	rule, err := c.mayRead(ctx, name)
	if err != nil {
		return err
	}
	if rule.options.History == 0 || !rule.speaks(c.enc) {
		return ErrNotAvailable
	}
	query := HistoryQuery{Limit: int(in.Limit), Reverse: in.Reverse, TTL: rule.options.HistoryTTL, MaxBytes: c.hub.config.Limits.HistoryBytes}
	if query.Limit < 0 || query.Limit > rule.options.MaxHistory {
		query.Limit = rule.options.MaxHistory
	}
	if in.Since != nil {
		if in.Reverse && in.Since.Offset == 0 {
			return ErrBadRequest
		}
		query.Since = &Position{Epoch: strings.Clone(in.Since.Epoch), Offset: in.Since.Offset}
	}
	kept, err := c.hub.config.Engine.Broker.History(ctx, name, query)
	if err != nil {
		return err
	}
	if kept.More && len(kept.Publications) != query.Limit {
		c.hub.refused(observe.LimitHistoryBytes)
	}
	publications, err := c.wireAll(kept.Publications)
	if err != nil {
		return err
	}
	reply.History = &protocol.HistoryResult{Epoch: kept.Top.Epoch, Offset: kept.Top.Offset, Publications: publications}
	return nil
}

// wireAll encodes what is kept of a channel, without what leaves the connection
// out. What another writer has put there and can't be told is [ErrNotAvailable].
func (c *Conn) wireAll(kept []Publication) ([]*protocol.Publication, error) {
	all := make([]*protocol.Publication, 0, len(kept))
	for _, p := range kept {
		if c.leftOut(&p) {
			continue
		}
		if !c.enc.tells(&p) {
			return nil, ErrNotAvailable
		}
		all = append(all, wirePublication(p))
	}
	return all, nil
}

// mayCount asks whether a client may know who is in a channel, or how many.
func (c *Conn) mayCount(ctx context.Context, channel string) (*channelRule, error) {
	rule, err := c.mayRead(ctx, channel)
	if err != nil {
		return nil, err
	}
	if !rule.options.Presence {
		return nil, ErrNotAvailable
	}
	return rule, nil
}

func (c *Conn) presence(ctx context.Context, in *protocol.PresenceRequest, reply *protocol.Reply) error {
	name := strings.Clone(in.Channel)
	rule, err := c.mayCount(ctx, name)
	if err != nil {
		return err
	}
	there, err := c.hub.config.Engine.Presence.Present(ctx, name, rule.options.MaxPresence)
	if errors.Is(err, engine.ErrTooManyPresent) {
		c.hub.refused(observe.LimitPresence)
		return ErrNotAvailable
	}
	if err != nil {
		return err
	}
	result := &protocol.PresenceResult{Presence: make(map[string]*protocol.ClientInfo, len(there))}
	for client, info := range there {
		result.Presence[client] = wireInfo(&info)
	}
	reply.Presence = result
	return nil
}

// presenceStats counts channels of any size.
func (c *Conn) presenceStats(ctx context.Context, in *protocol.PresenceStatsRequest, reply *protocol.Reply) error {
	name := strings.Clone(in.Channel)
	if _, err := c.mayCount(ctx, name); err != nil {
		return err
	}
	stats, err := c.hub.config.Engine.Presence.Stats(ctx, name)
	if err != nil {
		return err
	}
	reply.PresenceStats = &protocol.PresenceStatsResult{NumClients: uint32(stats.Clients), NumUsers: uint32(stats.Users)}
	return nil
}

// RemoveHistory removes what is kept of a channel, such as after somebody has
// deleted a message: it is gone for history and for recovery, and the channel
// begins a new epoch. Subscribers get unsubscribe 2500, or their connection is
// closed with 3010 where the server subscribed them; they come back and learn
// that they can't recover, so that the application loads afresh. An engine
// without a Remover is [ErrNotAvailable].
func (h *Hub) RemoveHistory(ctx context.Context, channel string) error {
	if _, _, err := h.ruleFor(channel); err != nil {
		return fmt.Errorf("remove a history: %w", err)
	}
	if h.config.Engine.Remover == nil {
		return fmt.Errorf("remove a history: %w", ErrNotAvailable)
	}
	if err := h.config.Engine.Remover.RemoveHistory(ctx, channel); err != nil {
		return fmt.Errorf("remove a history: %w", err)
	}
	return nil
}
