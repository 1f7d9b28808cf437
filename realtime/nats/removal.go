package nats

import (
	"context"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// RemoveHistory implements engine.Remover. One message begins the next
// epoch and takes the place of all earlier ones of the channel, so it is removed
// from the stream or not at all, and other nodes hear of it like of a publication.
func (b *broker) RemoveHistory(ctx context.Context, channel string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l, err := b.line(channel)
	if err != nil {
		return err
	}
	ctx, cancel := b.engine.bounded(ctx)
	defer cancel()
	l.writing.Lock()
	defer l.writing.Unlock()
	for {
		head, found, err := b.engine.head(ctx, l.subject)
		if err != nil || !found || head.kind == begun {
			return err
		}
		next := stored{envelope: envelope{kind: begun, epoch: newEpoch()}, at: time.Now()}
		m := &nats.Msg{Subject: l.subject, Data: next.encode(), Header: nats.Header{jetstream.MsgRollup: {jetstream.MsgRollupSubject}}}
		ack, err := b.send(ctx, m, head.seq, head.ttl, "")
		if isConflict(err) {
			continue // somebody has published meanwhile
		}
		if err != nil {
			l.written = nil // it may have been stored or not
			return err
		}
		next.seq = ack.Sequence
		l.written = &place{next.seq, next.epoch, 0}
		b.offer(l, next)
		return nil
	}
}
