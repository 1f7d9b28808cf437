package realtime

import (
	"maps"
	"sync"
	"sync/atomic"

	"github.com/yodelrt/yodel/realtime/internal/conns"
)

// Stats are counters since the handler was built.
type Stats struct {
	Open    int            // active connections now
	Pending int            // connections that wait for their first message
	Opened  uint64         // sockets that were upgraded
	Closed  map[int]uint64 // sockets that ended, by close code
	In      uint64         // messages received
	Out     uint64         // messages accepted for sending

	OffContract uint64 // calls and publications of clients that had not the declared type
}

type counters struct {
	opened  atomic.Uint64
	in, out atomic.Uint64
	off     atomic.Uint64

	mu     sync.Mutex
	closed map[int]uint64
}

func (c *counters) end(reason Close) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed[reason.Code]++
}

// Stats returns a snapshot.
func (p *Plain) Stats() Stats { return p.counters.stats(p.conns.Counts()) }

func (c *counters) stats(here conns.Counts) Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Stats{
		Open:    here.Active,
		Pending: here.Pending,
		Opened:  c.opened.Load(),
		Closed:  maps.Clone(c.closed),
		In:      c.in.Load(),
		Out:     c.out.Load(),

		OffContract: c.off.Load(),
	}
}
