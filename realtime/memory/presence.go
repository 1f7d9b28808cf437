package memory

import (
	"context"

	"github.com/yodelrt/yodel/realtime/engine"
	table "github.com/yodelrt/yodel/realtime/internal/presence"
)

// presence is who is where.
type presence struct{ table *table.Table }

// Enter implements engine.Presence.
func (p presence) Enter(ctx context.Context, channel, client string, info engine.ClientInfo) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p.table.Enter(channel, client, info)
	return nil
}

// Leave implements engine.Presence.
func (p presence) Leave(_ context.Context, channel, client string) error {
	p.table.Leave(channel, client)
	return nil
}

// Present implements engine.Presence.
func (p presence) Present(ctx context.Context, channel string, limit int) (map[string]engine.ClientInfo, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return p.table.Present(channel, limit)
}

// Stats implements engine.Presence.
func (p presence) Stats(ctx context.Context, channel string) (engine.PresenceStats, error) {
	if err := ctx.Err(); err != nil {
		return engine.PresenceStats{}, err
	}
	return p.table.Stats(channel), nil
}
