// Package counters counts what connections do and what limits refuse, for the hub
// and the plain handler.
package counters

import (
	"maps"
	"sync"
	"sync/atomic"

	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/conns"
)

// Counters count since they were made. The zero value is ready. Safe for
// concurrent use.
type Counters struct {
	Opened  atomic.Uint64 // connections that were upgraded
	In, Out atomic.Uint64 // frames of peers, and what was sent to them
	Off     atomic.Uint64 // payloads that the contract does not know

	mu     sync.Mutex
	closed map[int]uint64
}

// End counts a connection that has ended with that code.
func (c *Counters) End(code int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed == nil {
		c.closed = map[int]uint64{}
	}
	c.closed[code]++
}

// Stats returns a snapshot, beside the connections that are here.
func (c *Counters) Stats(here conns.Counts) cluster.Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	closed := make(map[int]uint64, len(c.closed))
	maps.Copy(closed, c.closed)
	return cluster.Stats{
		Open:    here.Active,
		Pending: here.Pending,
		Opened:  c.Opened.Load(),
		Closed:  closed,
		In:      c.In.Load(),
		Out:     c.Out.Load(),

		OffContract: c.Off.Load(),
	}
}
