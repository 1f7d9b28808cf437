package live

import (
	"context"
	"errors"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
)

// Publish publishes to a channel, once for each key.
func (l *Live) Publish(ctx context.Context, channel string, data []byte, key string) error {
	return l.publish(ctx, channel, data, realtime.WithKey(key))
}

func (l *Live) publish(ctx context.Context, channel string, data []byte, how realtime.PublishOption) error {
	_, err := l.Hub.Publish(ctx, channel, data, how)
	if errors.Is(err, realtime.ErrUnknownChannel) || errors.Is(err, realtime.ErrBadRequest) {
		l.log.Error("an event of the outbox has no channel here and was left out", "channel", channel)
		return nil
	}
	return err
}

// Pass publishes to those who follow a channel now. The history does not keep it.
func (l *Live) Pass(ctx context.Context, channel string, data []byte) error {
	return l.publish(ctx, channel, data, func(_ *realtime.Publication, o *engine.PublishOptions) { o.History, o.TTL = 0, 0 })
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
