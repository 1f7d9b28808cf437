package memory

import (
	"crypto/rand"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

// stream is one channel: its window of publications, and who hears new ones.
type stream struct {
	used atomic.Int64 // the latest call, Unix nanoseconds

	mu      sync.Mutex
	epoch   string
	top     uint64
	window  []realtime.Publication // oldest first
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

func newStream() *stream { return &stream{epoch: rand.Text()[:8]} }

// publish gives a publication its place and hands it on, under one lock, so that
// all subscribers see one order.
func (s *stream) publish(p realtime.Publication, options realtime.PublishOptions) realtime.Position {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if was, known := s.earlier(options.Key, now); known {
		return was
	}
	p.At = now
	position := realtime.Position{Epoch: s.epoch}
	if options.History > 0 && p.Kind == realtime.Published {
		s.top++
		p.Offset, position.Offset = s.top, s.top
		s.ttl = options.TTL
		s.window = append(s.window, p)
		if over := len(s.window) - options.History; over > 0 {
			s.window = slices.Delete(s.window, 0, over)
		}
		s.forget(now)
	}
	s.remember(options.Key, now, position)
	if s.deliver != nil {
		s.deliver(p)
	}
	return position
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
	s.window = slices.Delete(s.window, 0, over)
}

func (s *stream) follow(deliver func(realtime.Publication)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deliver = deliver
}

func (s *stream) history(query realtime.HistoryQuery) (realtime.History, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
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

// idle reports whether nobody would miss the stream.
func (s *stream) idle(now time.Time) bool {
	if now.Sub(time.Unix(0, s.used.Load())) < forgotten {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(now)
	return s.deliver == nil && len(s.window) == 0
}
