package realtime

import (
	"net/http"

	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/counters"
	"github.com/yodelrt/yodel/realtime/internal/refuse"
	"github.com/yodelrt/yodel/realtime/internal/transport"
	"github.com/yodelrt/yodel/realtime/observe"
)

// Refusals returns how often each limit has refused something since the hub was
// built, by its name; all of them, so that a dashboard knows the zeros.
func (h *Hub) Refusals() map[string]uint64 {
	return h.refusals.Counts()
}

// refused counts a refusal.
func (h *Hub) refused(l observe.Limit) {
	h.refusals[l].Add(1)
	if h.observer.Refused != nil {
		h.spawn.Do(nil, func() { h.observer.Refused(l) })
	}
}

// refuse counts a refusal that ends a connection, and ends it.
func (c *Conn) refuse(l observe.Limit, reason Close) {
	if !c.limited.Swap(true) {
		c.hub.refused(l)
	}
	c.end(reason)
}

// countEnd counts the limit that has ended a connection below the hub, where
// nobody has counted it.
func (h *Hub) countEnd(c *Conn, reason Close) {
	by, known := counters.Behind(transport.Close(reason))
	if reason == CloseTooManyErrors {
		by, known = observe.LimitErrors, true
	}
	if known && !c.limited.Swap(true) {
		h.refused(by)
	}
}

// turnAway answers an upgrade that a bound refuses.
func (h *Hub) turnAway(w http.ResponseWriter, by conns.Limit) {
	if limit, counted := counters.Admission(by); counted {
		h.refused(limit)
	}
	refuse.Full(w, by)
}
