// Package keys remembers the idempotency keys of publications for the engines.
package keys

import (
	"sync"
	"time"

	"github.com/yodelrt/yodel/realtime/engine"
)

// Table remembers each key of each channel for [engine.KeyLife], whatever their
// number, and refuses new ones where its bytes are used up. Finding, adding and
// letting go take the same time however many there are. Safe for concurrent use.
type Table struct {
	max int64

	mu     sync.Mutex
	known  map[id]*entry
	oldest *entry
	newest *entry
	bytes  int64
}

type id struct{ channel, key string }

// entry is one key, in a queue by age.
type entry struct {
	id       id
	at       time.Time
	position engine.Position
	settled  bool // position is known
	next     *entry
}

// entryCost is about what an entry takes beside its strings: itself, its place in
// the map, and the epoch.
const entryCost = 250

func (i id) cost() int64 { return int64(len(i.channel)+len(i.key)) + entryCost }

// New returns an empty table that holds about so many bytes.
func New(maxBytes int64) *Table {
	return &Table{max: maxBytes, known: map[id]*entry{}}
}

// Claim takes a key for a publication that is about to be stored. Of one that is
// known and settled it returns the position, and true. The errors are
// [engine.ErrKeyTooLong] and [engine.ErrKeysFull].
func (t *Table) Claim(channel, key string) (engine.Position, bool, error) {
	if len(key) > engine.MaxKeyBytes {
		return engine.Position{}, false, engine.ErrKeyTooLong
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	t.expire(now)
	wanted := id{channel, key}
	if known := t.known[wanted]; known != nil {
		return known.position, known.settled, nil
	}
	if t.bytes+wanted.cost() > t.max {
		return engine.Position{}, false, engine.ErrKeysFull
	}
	added := &entry{id: wanted, at: now}
	t.known[wanted] = added
	t.bytes += wanted.cost()
	if t.newest == nil {
		t.oldest = added
	} else {
		t.newest.next = added
	}
	t.newest = added
	return engine.Position{}, false, nil
}

// Settle keeps where the publication of a claimed key is.
func (t *Table) Settle(channel, key string, position engine.Position) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if known := t.known[id{channel, key}]; known != nil {
		known.position, known.settled = position, true
	}
}

// Find returns where the publication of a key is, if that is known here.
func (t *Table) Find(channel, key string) (engine.Position, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if known := t.known[id{channel, key}]; known != nil {
		return known.position, known.settled
	}
	return engine.Position{}, false
}

// Expire lets keys go whose time is over, where no more are claimed.
func (t *Table) Expire() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.expire(time.Now())
}

func (t *Table) expire(now time.Time) {
	for t.oldest != nil && now.Sub(t.oldest.at) >= engine.KeyLife {
		delete(t.known, t.oldest.id)
		t.bytes -= t.oldest.id.cost()
		t.oldest = t.oldest.next
	}
	if t.oldest == nil && t.newest != nil {
		t.newest, t.known = nil, map[id]*entry{} // a map never shrinks
	}
}
