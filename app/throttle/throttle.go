// Package throttle slows floods and guesses down.
package throttle

import (
	"container/list"
	"crypto/sha256"
	"math"
	"sync"
	"time"
)

// Throttle is a budget for each key, which refills with time, so that nobody is
// kept out for good. What it keeps is bounded, however long keys are and however
// many there were. Safe for concurrent use.
type Throttle struct {
	every time.Duration
	burst int

	mu   sync.Mutex
	keys map[hash]*list.Element
	used *list.List // of *budget, the one that was used last in front
}

// hash stands for a key, so that a long one costs no more than a short one.
type hash [sha256.Size]byte

// budget of one key: whole again at full, one less for each every before that.
type budget struct {
	key  hash
	full time.Time
}

const maxKeys = 10_000 // remembered at once; the one that was used least lately goes first

// New allows burst events for a key at once and one more in each every.
func New(every time.Duration, burst int) *Throttle {
	return &Throttle{every: every, burst: burst, keys: map[hash]*list.Element{}, used: list.New()}
}

// Take takes one event from the key's budget and reports whether there was one.
// Take it before the work that it is to bound.
func (t *Throttle) Take(key string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	b, now := t.find(sha256.Sum256([]byte(key))), time.Now()
	if b.full.Before(now) {
		b.full = now
	}
	full := b.full.Add(t.every)
	if full.Sub(now) > time.Duration(t.burst)*t.every {
		return false
	}
	b.full = full
	return true
}

// Return gives back an event that turned out not to count.
func (t *Throttle) Return(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if found, ok := t.keys[sha256.Sum256([]byte(key))]; ok {
		b := found.Value.(*budget)
		b.full = b.full.Add(-t.every)
	}
}

// Renew makes the budget of a key whole again.
func (t *Throttle) Renew(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	name := sha256.Sum256([]byte(key))
	if found, ok := t.keys[name]; ok {
		t.used.Remove(found)
		delete(t.keys, name)
	}
}

// RetryAfter is how many whole seconds an empty budget takes to allow one event.
func (t *Throttle) RetryAfter() int { return max(int(math.Ceil(t.every.Seconds())), 1) }

// find returns the budget of a key, a whole one for a new key.
func (t *Throttle) find(key hash) *budget {
	if found, ok := t.keys[key]; ok {
		t.used.MoveToFront(found)
		return found.Value.(*budget)
	}
	if len(t.keys) >= maxKeys {
		oldest := t.used.Back()
		delete(t.keys, t.used.Remove(oldest).(*budget).key)
	}
	made := &budget{key: key}
	t.keys[key] = t.used.PushFront(made)
	return made
}
