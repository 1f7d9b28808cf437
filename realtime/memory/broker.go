package memory

import (
	"container/list"
	"context"
	"hash/maphash"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/internal/keys"
)

// broker keeps a stream for each channel that somebody has subscribed or
// published to.
type broker struct {
	bounds bounds
	keys   *keys.Table
	bytes  atomic.Int64 // of all histories

	mu       sync.Mutex // never waits for a stream's, which is held while it delivers
	streams  map[string]*stream
	order    *list.List // of streams, the one that was used latest at the end
	names    int64      // what streams take without their publications
	seed     maphash.Seed
	age      uint64 // raised whenever a stream can't begin again as it was
	renewals uint64
	calls    int
	swept    time.Time
}

func newBroker(bounds bounds) *broker {
	return &broker{
		bounds: bounds, keys: keys.New(bounds.keys), streams: map[string]*stream{}, order: list.New(),
		seed: maphash.MakeSeed(), swept: time.Now(),
	}
}

// with runs use under the lock of a channel's stream, and begins one where there
// is none.
func (b *broker) with(channel string, use func(*stream)) {
	for !b.stream(channel).run(use) { // it was swept away in between
	}
}

func (b *broker) stream(channel string) *stream {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if b.calls++; b.calls >= max(sweepEvery, len(b.streams)) || now.Sub(b.swept) >= sweepAfter {
		b.sweep(now)
	}
	s, known := b.streams[channel]
	if known {
		b.order.MoveToBack(s.place)
	} else {
		b.makeRoom(now)
		s = &stream{epoch: b.epoch(channel, 0), broker: b, channel: channel}
		s.place = b.order.PushBack(s)
		b.streams[channel] = s
		b.names += s.cost()
	}
	s.used.Store(now.UnixNano())
	return s
}

func (b *broker) known(channel string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, known := b.streams[channel]
	return known
}

// epoch is that of a channel whose stream begins now, or is renewed for the given
// time of all.
func (b *broker) epoch(channel string, renewal uint64) string {
	var hash maphash.Hash
	hash.SetSeed(b.seed)
	maphash.WriteComparable(&hash, [2]uint64{b.age, renewal})
	_, _ = hash.WriteString(channel)
	return strconv.FormatUint(hash.Sum64(), 36)
}

// Publish implements engine.Broker.
func (b *broker) Publish(ctx context.Context, channel string, p engine.Publication, options engine.PublishOptions) (position engine.Position, err error) {
	if err := ctx.Err(); err != nil {
		return engine.Position{}, err
	}
	b.with(channel, func(s *stream) { position, err = s.publish(p, options) })
	if b.bytes.Load() > b.bounds.all {
		b.squeeze()
	}
	return position, err
}

// Subscribe implements engine.Broker.
func (b *broker) Subscribe(ctx context.Context, channel string, deliver func(engine.Publication)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.with(channel, func(s *stream) { s.deliver = deliver })
	return nil
}

// Unsubscribe implements engine.Broker. A channel that nothing was published to
// is forgotten at once.
func (b *broker) Unsubscribe(_ context.Context, channel string) error {
	b.with(channel, func(s *stream) { s.deliver = nil })
	b.mu.Lock()
	defer b.mu.Unlock()
	if s, known := b.streams[channel]; known {
		b.drop(s, time.Now(), false)
	}
	return nil
}

// History implements engine.Broker. Asking begins no stream.
func (b *broker) History(ctx context.Context, channel string, query engine.HistoryQuery) (found engine.History, err error) {
	if err := ctx.Err(); err != nil {
		return found, err
	}
	b.mu.Lock()
	_, known := b.streams[channel]
	epoch := b.epoch(channel, 0)
	b.mu.Unlock()
	if !known {
		empty := &stream{epoch: epoch, broker: b, channel: channel}
		return empty.history(query)
	}
	b.with(channel, func(s *stream) { found, err = s.history(query) })
	return found, err
}

// RemoveHistory implements engine.Remover.
func (b *broker) RemoveHistory(ctx context.Context, channel string) error {
	if err := ctx.Err(); err != nil || !b.known(channel) {
		return err
	}
	b.with(channel, func(s *stream) {
		if s.top > 0 {
			s.remove(b.renew(channel))
		}
	})
	return nil
}

// renew is an epoch that no stream has had.
func (b *broker) renew(channel string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.renewals++
	return b.epoch(channel, b.renewals)
}
