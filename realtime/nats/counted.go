package nats

import (
	"maps"
	"sync"
	"time"
)

// recentStats keeps what was costly to count for a second.
type recentStats[T any] struct {
	mu    sync.Mutex
	kept  map[string]counted[T]
	swept time.Time
}

type counted[T any] struct {
	of T
	at time.Time
}

const (
	statsKept  = time.Second
	statsFresh = 1000 // users up to which counts are not kept
)

func (r *recentStats[T]) find(token string) (of T, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	one, found := r.kept[token]
	if !found || time.Since(one.at) >= statsKept {
		return of, false
	}
	return one.of, true
}

func (r *recentStats[T]) keep(token string, of T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if r.kept == nil || now.Sub(r.swept) >= statsKept {
		maps.DeleteFunc(r.kept, func(_ string, one counted[T]) bool { return now.Sub(one.at) >= statsKept })
		r.swept = now
	}
	if r.kept == nil {
		r.kept = map[string]counted[T]{}
	}
	r.kept[token] = counted[T]{of, now}
}
