package realtime

import (
	"context"
	"errors"
	"strings"

	"github.com/centrifugal/protocol"
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
	if !rule.speaks(c.enc) {
		return ErrNotAvailable
	}
	query := HistoryQuery{Limit: int(in.Limit), Reverse: in.Reverse}
	if in.Since != nil {
		query.Since = &Position{Epoch: strings.Clone(in.Since.Epoch), Offset: in.Since.Offset}
	}
	kept, err := c.hub.readHistory(ctx, rule, name, query)
	if err != nil {
		return err
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
	there, err := c.hub.readPresence(ctx, rule, name)
	if errors.Is(err, ErrLimit) {
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
