// Package throttle slows floods and guesses down.
package throttle

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Throttle slows guessing down: a budget for each key, which refills with time,
// so that nobody is locked out for good. Safe for concurrent use.
type Throttle struct {
	every time.Duration
	burst int

	mu   sync.Mutex
	keys map[string]*rate.Limiter
}

const throttleKeys = 10_000 // remembered at once

// New allows burst events for a key at once and one more in each every.
func New(every time.Duration, burst int) *Throttle {
	return &Throttle{every: every, burst: burst, keys: map[string]*rate.Limiter{}}
}

// Open reports whether the key has budget left, without spending any.
func (t *Throttle) Open(key string) bool { return t.limiter(key).Tokens() >= 1 }

// Take takes one event from the key's budget and reports whether there was one.
func (t *Throttle) Take(key string) bool { return t.limiter(key).Allow() }

// Renew makes the budget of a key whole again.
func (t *Throttle) Renew(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.keys, key)
}

// RetryAfter is how long an empty budget takes to allow one event.
func (t *Throttle) RetryAfter() time.Duration { return t.every }

func (t *Throttle) limiter(key string) *rate.Limiter {
	t.mu.Lock()
	defer t.mu.Unlock()
	found, ok := t.keys[key]
	if !ok {
		t.forgetFull()
		found = rate.NewLimiter(rate.Every(t.every), t.burst)
		t.keys[key] = found
	}
	return found
}

// forgetFull makes room by dropping keys whose budget is whole again: they would
// begin anew with the same.
func (t *Throttle) forgetFull() {
	if len(t.keys) < throttleKeys {
		return
	}
	for key, limiter := range t.keys {
		if limiter.Tokens() >= float64(t.burst) {
			delete(t.keys, key)
		}
	}
	if len(t.keys) >= throttleKeys {
		clear(t.keys)
	}
}
