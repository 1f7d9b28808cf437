package realtime

import (
	"errors"
	"sync"
)

// Why no further pending connection is admitted.
var (
	// ErrPendingPerAddress: that address has as many as one may have.
	ErrPendingPerAddress = errors.New("realtime: too many pending connections from one address")
	// ErrPending: there are as many as there may be in all.
	ErrPending = errors.New("realtime: too many pending connections")
)

// Waiting is what is known of a pending connection.
type Waiting struct {
	// Address is counted against PlainConfig.MaxPendingPerAddress.
	Address string
	// Origin is the Origin header that the guard accepted, as in [Principal].
	Origin string
}

// porch is where pending connections wait. Safe for concurrent use.
type porch struct {
	total, perAddress int

	mu   sync.Mutex
	here map[*PlainConn]struct{}
	from map[string]int
}

func newPorch(total, perAddress int) *porch {
	return &porch{total: total, perAddress: perAddress, here: map[*PlainConn]struct{}{}, from: map[string]int{}}
}

// room reports why nobody more from that address may wait, nil for room.
func (p *porch) room(address string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.roomLocked(address)
}

func (p *porch) roomLocked(address string) error {
	switch {
	case p.from[address] >= p.perAddress:
		return ErrPendingPerAddress
	case len(p.here) >= p.total:
		return ErrPending
	}
	return nil
}

// enter lets a connection wait, if there is room.
func (p *porch) enter(c *PlainConn) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.roomLocked(c.waiting.Address); err != nil {
		return err
	}
	p.here[c] = struct{}{}
	p.from[c.waiting.Address]++
	return nil
}

// leave forgets a connection that may have been waiting.
func (p *porch) leave(c *PlainConn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, here := p.here[c]; !here {
		return
	}
	delete(p.here, c)
	if p.from[c.address]--; p.from[c.address] <= 0 {
		delete(p.from, c.address)
	}
}

func (p *porch) len() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.here)
}

func (p *porch) all() []*PlainConn {
	p.mu.Lock()
	defer p.mu.Unlock()
	found := make([]*PlainConn, 0, len(p.here))
	for c := range p.here {
		found = append(found, c)
	}
	return found
}
