package memory

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

// stream is one channel: its window of publications, and who hears new ones.
type stream struct {
	broker *broker
	used   atomic.Int64 // the latest call, Unix nanoseconds

	mu      sync.Mutex
	gone    bool // no longer the channel's
	epoch   string
	top     uint64
	window  []realtime.Publication // oldest first
	bytes   int64                  // of the window
	ttl     time.Duration
	deliver func(realtime.Publication)
	keys    []published
}

// published remembers an idempotency key.
type published struct {
	key string
	at  time.Time
	was realtime.Position
}

const (
	keysKept = 1000
	keyLife  = 5 * time.Minute
)

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
func costOf(p *realtime.Publication) int64 {
	cost := len(p.Data) + 200
	for key, value := range p.Tags {
		cost += len(key) + len(value) + 32
	}
	if p.Info != nil {
		cost += len(p.Info.Conn) + len(p.Info.Channel) + len(p.Info.User) + len(p.Info.Client) + 80
	}
	return int64(cost)
}

// publish gives a publication its place and hands it on, under the stream's lock, so
// that all subscribers see one order.
func (s *stream) publish(p realtime.Publication, options realtime.PublishOptions) realtime.Position {
	now := time.Now()
	if was, known := s.earlier(options.Key, now); known {
		return was
	}
	p.At = now
	position := realtime.Position{Epoch: s.epoch}
	if options.History > 0 && p.Kind == realtime.Published {
		s.top++
		p.Epoch, p.Offset, position.Offset = s.epoch, s.top, s.top
		s.ttl = options.TTL
		s.keep(p, options.History)
		s.forget(now)
	}
	s.remember(options.Key, now, position)
	if s.deliver != nil {
		s.deliver(p)
	}
	return position
}

// keep adds a publication to the window, and lets older ones go for it.
func (s *stream) keep(p realtime.Publication, most int) {
	s.window = append(s.window, p)
	cost := costOf(&p)
	s.bytes += cost
	s.broker.bytes.Add(cost)
	over := max(len(s.window)-most, 0)
	for left := s.bytes - s.cost(over); over < len(s.window) && left > s.broker.bounds.channel; over++ {
		left -= costOf(&s.window[over])
	}
	s.trim(over)
}

// cost is that of the oldest n of the window.
func (s *stream) cost(n int) (sum int64) {
	for i := range n {
		sum += costOf(&s.window[i])
	}
	return sum
}

// trim lets the oldest n of the window go.
func (s *stream) trim(n int) {
	if n == 0 {
		return
	}
	cost := s.cost(n)
	s.bytes -= cost
	s.broker.bytes.Add(-cost)
	if n == len(s.window) {
		s.window = nil
		return
	}
	s.window = slices.Delete(s.window, 0, n)
}

func (s *stream) earlier(key string, now time.Time) (realtime.Position, bool) {
	if key == "" {
		return realtime.Position{}, false
	}
	for _, one := range s.keys {
		if one.key == key && now.Sub(one.at) < keyLife {
			return one.was, true
		}
	}
	return realtime.Position{}, false
}

func (s *stream) remember(key string, now time.Time, position realtime.Position) {
	if key == "" {
		return
	}
	s.keys = slices.DeleteFunc(s.keys, func(one published) bool { return now.Sub(one.at) >= keyLife })
	s.keys = append(s.keys, published{key, now, position})
	if over := len(s.keys) - keysKept; over > 0 {
		s.keys = slices.Delete(s.keys, 0, over)
	}
}

// forget lets publications go whose time is over.
func (s *stream) forget(now time.Time) {
	if s.ttl <= 0 {
		return
	}
	over := 0
	for over < len(s.window) && now.Sub(s.window[over].At) >= s.ttl {
		over++
	}
	s.trim(over)
}

// hasKeys reports whether an idempotency key must still be remembered.
func (s *stream) hasKeys(now time.Time) bool {
	return len(s.keys) > 0 && now.Sub(s.keys[len(s.keys)-1].at) < keyLife
}

func (s *stream) history(query realtime.HistoryQuery) (realtime.History, error) {
	if query.TTL > 0 {
		s.ttl = query.TTL
	}
	s.forget(time.Now())
	found := realtime.History{Top: realtime.Position{Epoch: s.epoch, Offset: s.top}}
	if query.Limit == 0 {
		return found, nil
	}
	if query.Since != nil && query.Since.Epoch != "" && query.Since.Epoch != s.epoch {
		return found, realtime.ErrUnrecoverable
	}
	found.Publications = s.between(query)
	return found, nil
}

// between selects what a query asks for.
func (s *stream) between(query realtime.HistoryQuery) []realtime.Publication {
	window := slices.Clone(s.window)
	if query.Reverse {
		slices.Reverse(window)
	}
	if query.Since != nil {
		window = slices.DeleteFunc(window, func(p realtime.Publication) bool {
			if query.Reverse {
				return p.Offset >= query.Since.Offset
			}
			return p.Offset <= query.Since.Offset
		})
	}
	if query.Limit > 0 && len(window) > query.Limit {
		window = window[:query.Limit]
	}
	return window
}
