package live

import (
	"context"
	"errors"

	"github.com/yodelrt/yodel/realtime"
)

// Publish publishes to a channel, once for each key.
func (l *Live) Publish(ctx context.Context, channel string, data []byte, key string) error {
	_, err := l.Hub.Publish(ctx, channel, data, realtime.WithKey(key))
	if errors.Is(err, realtime.ErrUnknownChannel) || errors.Is(err, realtime.ErrBadRequest) {
		l.log.Error("an event of the outbox has no channel here and was left out", "channel", channel)
		return nil
	}
	return err
}

// Broadcast tells everybody who is connected.
func (l *Live) Broadcast(ctx context.Context, data []byte) error {
	_, err := l.Hub.Send(ctx, realtime.All(), data)
	return err
}

// Rejudge asks again what a person may follow.
func (l *Live) Rejudge(ctx context.Context, userID string) {
	l.Hub.Rejudge(ctx, realtime.ByUser(userID))
}
