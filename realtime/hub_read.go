package realtime

import (
	"context"
	"errors"
	"fmt"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/observe"
)

// History reads what is kept of a channel: at most ChannelOptions.MaxHistory
// publications, and Limits.HistoryBytes of them, as for clients. TTL is the
// channel's own, and MaxBytes may ask for less. History.More says that there is more
// of what was asked. The publications are shared: they must not be changed. A channel
// without a history is [ErrNotAvailable], one that no pattern fits
// [ErrUnknownChannel], an epoch that is over [ErrUnrecoverable].
func (h *Hub) History(ctx context.Context, channel string, query HistoryQuery) (History, error) {
	rule, _, err := h.ruleFor(channel)
	if err != nil {
		return History{}, fmt.Errorf("history: %w", err)
	}
	kept, err := h.readHistory(ctx, rule, channel, query)
	if err != nil {
		return History{}, fmt.Errorf("history of %s: %w", rule.pattern.text, err)
	}
	return kept, nil
}

// readHistory reads a history within the bounds of its channel and of the hub.
func (h *Hub) readHistory(ctx context.Context, rule *channelRule, channel string, query HistoryQuery) (History, error) {
	if rule.options.History == 0 {
		return History{}, ErrNotAvailable
	}
	if query.Reverse && query.Since != nil && query.Since.Offset == 0 {
		return History{}, ErrBadRequest
	}
	if query.Limit < 0 || query.Limit > rule.options.MaxHistory {
		query.Limit = rule.options.MaxHistory
	}
	if most := h.config.Limits.HistoryBytes; query.MaxBytes <= 0 || query.MaxBytes > most {
		query.MaxBytes = most
	}
	query.TTL = rule.options.HistoryTTL
	kept, err := h.config.Engine.Broker.History(ctx, channel, query)
	if err != nil {
		return History{}, err
	}
	if kept.More && len(kept.Publications) != query.Limit {
		h.refused(observe.LimitHistoryBytes)
	}
	return kept, nil
}

// Presence returns who is in a channel, on every node, by the ids of the
// connections. More than ChannelOptions.MaxPresence are [ErrLimit]: count them with
// [Hub.PresenceStats]. A channel without Presence is [ErrNotAvailable], one that no
// pattern fits [ErrUnknownChannel].
func (h *Hub) Presence(ctx context.Context, channel string) (map[string]ClientInfo, error) {
	rule, _, err := h.ruleFor(channel)
	if err != nil {
		return nil, fmt.Errorf("presence: %w", err)
	}
	there, err := h.readPresence(ctx, rule, channel)
	if err != nil {
		return nil, fmt.Errorf("presence of %s: %w", rule.pattern.text, err)
	}
	return there, nil
}

// readPresence reads a presence within the bound of its channel.
func (h *Hub) readPresence(ctx context.Context, rule *channelRule, channel string) (map[string]ClientInfo, error) {
	if !rule.options.Presence {
		return nil, ErrNotAvailable
	}
	there, err := h.config.Engine.Presence.Present(ctx, channel, rule.options.MaxPresence)
	if errors.Is(err, engine.ErrTooManyPresent) {
		h.refused(observe.LimitPresence)
		return nil, fmt.Errorf("%w: %w", ErrLimit, err)
	}
	return there, err
}

// PresenceStats counts who is in a channel of any size, on every node. Where several
// nodes are asked it may be a second old.
func (h *Hub) PresenceStats(ctx context.Context, channel string) (engine.PresenceStats, error) {
	rule, _, err := h.ruleFor(channel)
	if err == nil && !rule.options.Presence {
		err = ErrNotAvailable
	}
	var stats engine.PresenceStats
	if err == nil {
		stats, err = h.config.Engine.Presence.Stats(ctx, channel)
	}
	if err != nil {
		return stats, fmt.Errorf("presence stats: %w", err)
	}
	return stats, nil
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
