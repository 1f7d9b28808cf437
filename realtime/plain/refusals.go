package plain

import (
	"github.com/yodelrt/yodel/realtime/internal/counters"
	"github.com/yodelrt/yodel/realtime/internal/transport"
	"github.com/yodelrt/yodel/realtime/observe"
)

// Refusals returns how often each limit has refused something since the handler was
// built, by the names of package observe. Those of limits that only a hub has stay
// zero; command_rate counts messages over their rate.
func (p *Handler) Refusals() map[string]uint64 { return p.refusals.Counts() }

// refused counts a refusal.
func (p *Handler) refused(l observe.Limit) { p.refusals[l].Add(1) }

// refuse counts a refusal that ends a connection, and ends it.
func (c *Conn) refuse(l observe.Limit, reason transport.Close) {
	if !c.limited.Swap(true) {
		c.handler.refused(l)
	}
	c.link.End(reason)
}

// countEnd counts the limit that has ended a connection below the handler, where
// nobody has counted it.
func (p *Handler) countEnd(c *Conn, reason transport.Close) {
	if by, known := counters.Behind(reason); known && !c.limited.Swap(true) {
		p.refused(by)
	}
}
