package memory

import (
	"context"

	"github.com/yodelrt/yodel/realtime"
	table "github.com/yodelrt/yodel/realtime/internal/presence"
)

// presence is who is where.
type presence struct{ table *table.Table }

// Enter implements realtime.Presence.
func (p presence) Enter(ctx context.Context, channel, client string, info realtime.ClientInfo) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p.table.Enter(channel, client, info)
	return nil
}

// Leave implements realtime.Presence.
func (p presence) Leave(_ context.Context, channel, client string) error {
	p.table.Leave(channel, client)
	return nil
}

// Present implements realtime.Presence.
func (p presence) Present(ctx context.Context, channel string, limit int) (map[string]realtime.ClientInfo, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return p.table.Present(channel, limit)
}

// Stats implements realtime.Presence.
func (p presence) Stats(ctx context.Context, channel string) (realtime.PresenceStats, error) {
	if err := ctx.Err(); err != nil {
		return realtime.PresenceStats{}, err
	}
	return p.table.Stats(channel), nil
}
