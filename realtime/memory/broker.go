package memory

import (
	"cmp"
	"context"
	"hash/maphash"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

// broker keeps a stream for each channel that somebody has subscribed or
// published to.
type broker struct {
	bounds bounds
	bytes  atomic.Int64 // of all histories

	mu      sync.Mutex // never waits for a stream's, which is held while it delivers
	streams map[string]*stream
	seed    maphash.Seed
	age     uint64 // raised whenever a stream can't begin again as it was
	calls   int
	swept   time.Time
}

func newBroker(bounds bounds) *broker {
	return &broker{bounds: bounds, streams: map[string]*stream{}, seed: maphash.MakeSeed(), swept: time.Now()}
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
	if !known {
		s = &stream{epoch: b.epoch(channel), broker: b}
		b.streams[channel] = s
	}
	s.used.Store(now.UnixNano())
	return s
}

// epoch is that of a channel whose stream begins now.
func (b *broker) epoch(channel string) string {
	var hash maphash.Hash
	hash.SetSeed(b.seed)
	maphash.WriteComparable(&hash, b.age)
	_, _ = hash.WriteString(channel)
	return strconv.FormatUint(hash.Sum64(), 36)
}

const (
	sweepEvery = 1024             // calls, or as many as there are streams
	sweepAfter = time.Minute      // when calls are few
	forgotten  = 10 * time.Minute // after which an empty stream without subscribers goes
	mostIdle   = 100_000          // of those, whatever their age
)

// sweep lets streams go that nobody would miss, and publications whose time is
// over.
func (b *broker) sweep(now time.Time) {
	b.calls, b.swept = 0, now
	crowded := len(b.streams) > mostIdle
	for channel, s := range b.streams {
		b.drop(channel, s, now, crowded)
	}
}

// drop lets one stream go, unless somebody might miss it. A stream that was never
// published to begins again as it was. Another one can't: its offsets would begin
// anew, so whatever begins from now on has another epoch, and whoever comes back
// with the old one knows.
func (b *broker) drop(channel string, s *stream, now time.Time, hurry bool) {
	if !s.mu.TryLock() {
		return // busy
	}
	defer s.mu.Unlock()
	s.forget(now)
	quiet := now.Sub(time.Unix(0, s.used.Load()))
	switch {
	case s.deliver != nil || len(s.window) > 0 || s.hasKeys(now):
		return
	case s.top > 0 && quiet < forgotten && !hurry:
		return
	case s.top > 0:
		b.age++
	}
	s.gone = true
	delete(b.streams, channel)
}

// squeeze empties the histories that were quiet for longest, until a tenth of what
// they may take is free.
func (b *broker) squeeze() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bytes.Load() <= b.bounds.all {
		return
	}
	all := make([]*stream, 0, len(b.streams))
	for _, s := range b.streams {
		all = append(all, s)
	}
	slices.SortFunc(all, func(x, y *stream) int { return cmp.Compare(x.used.Load(), y.used.Load()) })
	for _, s := range all {
		if b.bytes.Load() <= b.bounds.all*9/10 {
			return
		}
		if s.mu.TryLock() {
			s.trim(len(s.window))
			s.mu.Unlock()
		}
	}
}

// Publish implements realtime.Broker.
func (b *broker) Publish(_ context.Context, channel string, p realtime.Publication, options realtime.PublishOptions) (realtime.Position, error) {
	var position realtime.Position
	b.with(channel, func(s *stream) { position = s.publish(p, options) })
	if b.bytes.Load() > b.bounds.all {
		b.squeeze()
	}
	return position, nil
}

// Subscribe implements realtime.Broker.
func (b *broker) Subscribe(_ context.Context, channel string, deliver func(realtime.Publication)) error {
	b.with(channel, func(s *stream) { s.deliver = deliver })
	return nil
}

// Unsubscribe implements realtime.Broker. A channel that nothing was published to
// is forgotten at once.
func (b *broker) Unsubscribe(_ context.Context, channel string) error {
	b.with(channel, func(s *stream) { s.deliver = nil })
	b.mu.Lock()
	defer b.mu.Unlock()
	if s, known := b.streams[channel]; known {
		b.drop(channel, s, time.Now(), false)
	}
	return nil
}

// History implements realtime.Broker. Asking begins no stream.
func (b *broker) History(_ context.Context, channel string, query realtime.HistoryQuery) (found realtime.History, err error) {
	b.mu.Lock()
	_, known := b.streams[channel]
	epoch := b.epoch(channel)
	b.mu.Unlock()
	if !known {
		empty := &stream{epoch: epoch, broker: b}
		return empty.history(query)
	}
	b.with(channel, func(s *stream) { found, err = s.history(query) })
	return found, err
}
