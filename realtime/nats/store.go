package nats

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/yodelrt/yodel/realtime/engine"
)

// store writes a publication with the next offset. When another node was first,
// it is numbered again.
func (b *broker) store(ctx context.Context, l *line, p engine.Publication, options engine.PublishOptions) (engine.Position, error) {
	if options.History > b.engine.options.MaxHistory {
		return engine.Position{}, errHistory
	}
	if options.Key != "" {
		if _, _, err := b.keys.Claim(l.subject, options.Key); err != nil {
			return engine.Position{}, err
		}
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	latest := b.latest(l)
	for {
		if latest == nil {
			var err error
			if latest, err = b.look(ctx, l); err != nil {
				return engine.Position{}, err
			}
		}
		position, err := b.write(ctx, l, *latest, p, options)
		if !isConflict(err) {
			return position, err
		}
		b.engine.counters.conflicts.Add(1)
		latest = nil
	}
}

// latest is where the line was last seen, by its own writing or its feed.
func (b *broker) latest(l *line) *place {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at != nil && (l.written == nil || l.at.seq > l.written.seq) {
		seen := *l.at
		return &seen
	}
	return l.written
}

// look asks the stream where a channel is. One that is unknown begins an epoch,
// and so does one of which the stream has lost what this node has written.
func (b *broker) look(ctx context.Context, l *line) (*place, error) {
	head, found, err := b.engine.head(ctx, l.subject)
	if err != nil {
		return nil, err
	}
	switch {
	case !found:
		return &place{epoch: newEpoch()}, nil
	case l.written != nil && head.seq < l.written.seq:
		b.engine.counters.renewed.Add(1)
		b.engine.log.Error("a stream has lost publications that it had acknowledged; the channel begins a new epoch")
		return &place{seq: head.seq, epoch: newEpoch()}, nil
	}
	latest := placeOf(head)
	return &latest, nil
}

// write stores a publication behind the latest and hands it on here.
func (b *broker) write(ctx context.Context, l *line, latest place, p engine.Publication, options engine.PublishOptions) (engine.Position, error) {
	p.Offset, p.Epoch = latest.offset+1, latest.epoch
	m := envelope{kind: publication, epoch: latest.epoch, publication: p, history: options.History, ttl: options.TTL}
	data := m.encode()
	if len(data) > b.engine.options.MaxMessageBytes {
		return engine.Position{}, errTooBig
	}
	ack, err := b.send(ctx, &nats.Msg{Subject: l.subject, Data: data}, latest.seq, options.TTL, options.Key)
	if err != nil {
		if !isConflict(err) {
			l.written = nil // it may have been stored or not
		}
		return engine.Position{}, err
	}
	if ack.Duplicate {
		return b.positionOf(ctx, l, options.Key, ack.Sequence)
	}
	l.written = &place{ack.Sequence, latest.epoch, p.Offset}
	position := engine.Position{Epoch: latest.epoch, Offset: p.Offset}
	if options.Key != "" {
		b.keys.Settle(l.subject, options.Key, position)
	}
	b.offer(l, stored{m, ack.Sequence, p.At})
	return position, nil
}

// send writes a message to the stream, if the latest one of its channel is the
// expected. It makes a stream that is gone.
func (b *broker) send(ctx context.Context, m *nats.Msg, expected uint64, ttl time.Duration, key string) (*jetstream.PubAck, error) {
	how := []jetstream.PublishOpt{
		jetstream.WithExpectLastSequencePerSubject(expected), jetstream.WithMsgTTL((ttl + b.engine.options.Remember).Round(time.Second)),
	}
	if key != "" {
		how = append(how, jetstream.WithMsgID(messageID(m.Subject, key)))
	}
	ack, err := b.engine.stream.PublishMsg(ctx, m, how...)
	if errors.Is(err, jetstream.ErrNoStreamResponse) && b.engine.makeChannels(ctx) == nil {
		ack, err = b.engine.stream.PublishMsg(ctx, m, how...)
	}
	if err != nil {
		return nil, fmt.Errorf("store a publication: %w", err)
	}
	return ack, nil
}

// positionOf is where an earlier publication with the same key is. One that has
// left the window is known to the node that has published it; to another one it
// has no position any more.
func (b *broker) positionOf(ctx context.Context, l *line, key string, seq uint64) (engine.Position, error) {
	earlier, found, err := b.engine.numbered(ctx, seq)
	switch {
	case err != nil:
		return engine.Position{}, err
	case found:
		return engine.Position{Epoch: earlier.epoch, Offset: earlier.publication.Offset}, nil
	}
	position, _ := b.keys.Find(l.subject, key)
	return position, nil
}

// begin writes that a channel begins an epoch.
func (b *broker) begin(ctx context.Context, l *line, epoch string, expected uint64, ttl time.Duration) (uint64, error) {
	ack, err := b.send(ctx, &nats.Msg{Subject: l.subject, Data: envelope{kind: begun, epoch: epoch}.encode()}, expected, ttl, "")
	if err != nil {
		return 0, err
	}
	return ack.Sequence, nil
}

func newEpoch() string { return rand.Text()[:10] }
