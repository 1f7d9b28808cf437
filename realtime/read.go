package realtime

import (
	"context"
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
	if rule.options.History == 0 || !rule.speaks(c.enc) {
		return ErrNotAvailable
	}
	query := HistoryQuery{Limit: int(in.Limit), Reverse: in.Reverse, TTL: rule.options.HistoryTTL}
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
		if p.leavesOut(c) {
			continue
		}
		if !c.enc.tells(&p) {
			return nil, ErrNotAvailable
		}
		all = append(all, wirePublication(p))
	}
	return all, nil
}

func (c *Conn) present(ctx context.Context, channel string) (map[string]ClientInfo, error) {
	rule, err := c.mayRead(ctx, channel)
	if err != nil {
		return nil, err
	}
	if !rule.options.Presence {
		return nil, ErrNotAvailable
	}
	there, err := c.hub.config.Engine.Presence.Present(ctx, channel)
	if err != nil {
		return nil, err
	}
	if len(there) > rule.options.MaxPresence {
		c.hub.refused(LimitPresence)
		return nil, ErrNotAvailable
	}
	return there, nil
}

func (c *Conn) presence(ctx context.Context, in *protocol.PresenceRequest, reply *protocol.Reply) error {
	there, err := c.present(ctx, strings.Clone(in.Channel))
	if err != nil {
		return err
	}
	result := &protocol.PresenceResult{Presence: map[string]*protocol.ClientInfo{}}
	for client, info := range there {
		result.Presence[client] = wireInfo(&info)
	}
	reply.Presence = result
	return nil
}

func (c *Conn) presenceStats(ctx context.Context, in *protocol.PresenceStatsRequest, reply *protocol.Reply) error {
	there, err := c.present(ctx, strings.Clone(in.Channel))
	if err != nil {
		return err
	}
	users := map[string]struct{}{}
	for _, info := range there {
		users[info.User] = struct{}{}
	}
	reply.PresenceStats = &protocol.PresenceStatsResult{NumClients: uint32(len(there)), NumUsers: uint32(len(users))}
	return nil
}
