package memory

import (
	"container/list"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
)

// stream is one channel: its window of publications, and who hears new ones.
type stream struct {
	broker  *broker
	channel string
	place   *list.Element // in the broker's order, under its lock
	used    atomic.Int64  // the latest call, Unix nanoseconds

	mu      sync.Mutex
	gone    bool // no longer the channel's
	epoch   string
	renewed bool // the epoch is not the one that the channel would begin with
	top     uint64
	window  window
	ttl     time.Duration
	deliver func(engine.Publication)
}

// streamCost is about what a stream takes beside its name and its publications.
const streamCost = 400

func (s *stream) cost() int64 { return streamCost + int64(len(s.channel)) }

// run runs use under the stream's lock, unless the stream is no longer the
// channel's.
func (s *stream) run(use func(*stream)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone {
		return false
	}
	use(s)
	return true
}

// costOf is about what a publication costs in memory.
func costOf(p *engine.Publication) int64 {
	return int64(p.Size() + 200 + 32*len(p.Tags))
}

// publish gives a publication its place and hands it on, under the stream's lock, so
// that all subscribers see one order.
func (s *stream) publish(p engine.Publication, options engine.PublishOptions) (engine.Position, error) {
	if options.Key != "" {
		if was, known, err := s.broker.keys.Claim(s.channel, options.Key); known || err != nil {
			return was, err
		}
	}
	p.At = time.Now()
	position := engine.Position{Epoch: s.epoch}
	p.Epoch, p.Offset = "", 0
	if options.History > 0 && p.Kind == engine.Published {
		s.top++
		p.Epoch, p.Offset, position.Offset = s.epoch, s.top, s.top
		s.ttl = options.TTL
		s.keep(p, options.History)
		s.forget(p.At)
	}
	if options.Key != "" {
		s.broker.keys.Settle(s.channel, options.Key, position)
	}
	if s.deliver != nil {
		s.deliver(p)
	}
	return position, nil
}

// keep adds a publication to the window, and lets older ones go for it.
func (s *stream) keep(p engine.Publication, most int) {
	for s.window.n >= most {
		s.pop()
	}
	cost := costOf(&p)
	if s.window.n == 0 {
		s.broker.bytes.Add(s.cost())
	}
	s.window.push(p, cost)
	s.broker.bytes.Add(cost)
	for s.window.bytes > s.broker.bounds.channel {
		s.pop()
	}
}

// pop lets the oldest of the window go.
func (s *stream) pop() {
	before := s.window.bytes
	s.window.pop()
	s.broker.bytes.Add(s.window.bytes - before)
	if s.window.n == 0 {
		s.broker.bytes.Add(-s.cost())
	}
}

// empty lets the whole window go.
func (s *stream) empty() {
	if s.window.n > 0 {
		s.broker.bytes.Add(-s.window.bytes - s.cost())
		s.window = window{}
	}
}

// forget lets publications go whose time is over.
func (s *stream) forget(now time.Time) {
	for s.ttl > 0 && s.window.n > 0 && now.Sub(s.window.at(s.window.oldest()).publication.At) >= s.ttl {
		s.pop()
	}
}

// remove lets everything go and begins another epoch, which it tells subscribers.
func (s *stream) remove(epoch string) {
	s.empty()
	s.epoch, s.renewed, s.top = epoch, true, 0
	if s.deliver != nil {
		s.deliver(engine.Publication{Kind: engine.Renewed, Epoch: epoch, At: time.Now()})
	}
}

// spent reports whether the channel could not begin again as it began: positions
// that clients have would mean something else.
func (s *stream) spent() bool { return s.top > 0 || s.renewed }

func (s *stream) history(query engine.HistoryQuery) (engine.History, error) {
	if query.TTL > 0 {
		s.ttl = query.TTL
	}
	s.forget(time.Now())
	found := engine.History{Top: engine.Position{Epoch: s.epoch, Offset: s.top}}
	if query.Limit == 0 {
		return found, nil
	}
	if query.Since != nil && query.Since.Epoch != "" && query.Since.Epoch != s.epoch {
		return found, realtime.ErrUnrecoverable
	}
	found.Publications, found.More = s.window.between(query)
	return found, nil
}
