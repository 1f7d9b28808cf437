package realtime

import (
	"maps"
	"sync"
	"sync/atomic"

	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/conns"
)

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
func (p *Plain) Stats() cluster.Stats { return p.counters.stats(p.conns.Counts()) }

func (c *counters) stats(here conns.Counts) cluster.Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return cluster.Stats{
		Open:    here.Active,
		Pending: here.Pending,
		Opened:  c.opened.Load(),
		Closed:  maps.Clone(c.closed),
		In:      c.in.Load(),
		Out:     c.out.Load(),

		OffContract: c.off.Load(),
	}
}
