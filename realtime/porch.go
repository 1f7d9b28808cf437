package realtime

import (
	"sync"
)

// Why no further pending connection is admitted.
const (
	// ErrPendingPerAddress: that address has as many as one may have.
	ErrPendingPerAddress = sentinel("realtime: too many pending connections from one address")
	// ErrPending: there are as many as there may be in all.
	ErrPending = sentinel("realtime: too many pending connections")
)

// Waiting is what is known of a pending connection.
type Waiting struct {
	// Address is counted against PlainConfig.MaxPendingPerAddress.
	Address string
	// Origin is the Origin header that the guard accepted, as in [Principal].
	Origin string
}

// guest is a member that may have to wait.
type guest interface {
	member
	waitsFrom() string
}

// porch is where pending connections wait. Safe for concurrent use.
type porch[T guest] struct {
	total, perAddress int

	mu   sync.Mutex
	here map[T]struct{}
	from map[string]int
}

func newPorch[T guest](total, perAddress int) *porch[T] {
	return &porch[T]{total: total, perAddress: perAddress, here: map[T]struct{}{}, from: map[string]int{}}
}

// room reports why nobody more from that address may wait, nil for room.
func (p *porch[T]) room(address string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.roomLocked(address)
}

func (p *porch[T]) roomLocked(address string) error {
	switch {
	case p.from[Network(address)] >= p.perAddress:
		return ErrPendingPerAddress
	case len(p.here) >= p.total:
		return ErrPending
	}
	return nil
}

// enter lets a connection wait, if there is room.
func (p *porch[T]) enter(c T) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.roomLocked(c.waitsFrom()); err != nil {
		return err
	}
	p.here[c] = struct{}{}
	p.from[Network(c.waitsFrom())]++
	return nil
}

// leave forgets a connection that may have been waiting.
func (p *porch[T]) leave(c T) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, here := p.here[c]; !here {
		return
	}
	delete(p.here, c)
	from := Network(c.waitsFrom())
	if p.from[from]--; p.from[from] <= 0 {
		delete(p.from, from)
	}
}

func (p *porch[T]) len() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.here)
}

func (p *porch[T]) all() []T {
	p.mu.Lock()
	defer p.mu.Unlock()
	found := make([]T, 0, len(p.here))
	for c := range p.here {
		found = append(found, c)
	}
	return found
}
