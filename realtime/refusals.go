package realtime

import (
	"net/http"
	"sync/atomic"

	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/observe"
)

// refusals counts what each limit has refused.
type refusals [observe.LimitCount]atomic.Uint64

// Refusals returns how often each limit has refused something since the hub was
// built, by its name; all of them, so that a dashboard knows the zeros.
func (h *Hub) Refusals() map[string]uint64 {
	counts := make(map[string]uint64, observe.LimitCount)
	for l := range observe.LimitCount {
		counts[l.String()] = h.refusals[l].Load()
	}
	return counts
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
	if by, known := limitBehind[reason]; known && !c.limited.Swap(true) {
		h.refused(by)
	}
}

var limitBehind = map[Close]observe.Limit{
	CloseTooBig: observe.LimitMessageBytes, CloseFlood: observe.LimitPingRate, CloseSlow: observe.LimitQueueBytes, CloseNoPong: observe.LimitPongTimeout, CloseStale: observe.LimitAuthDeadline,
	CloseConnectionLimit: observe.LimitConnectionsPerUser, CloseTooManyErrors: observe.LimitErrors,
}

// limitOf names the bound that keeps a connection out, as the hub counts it.
var limitOf = map[conns.Limit]observe.Limit{
	conns.Connections: observe.LimitConnections, conns.Connecting: observe.LimitConnecting, conns.PerAddress: observe.LimitConnectionsPerAddress,
	conns.PerUser: observe.LimitConnectionsPerUser, conns.PendingTotal: observe.LimitPending, conns.PendingPerAddress: observe.LimitPendingPerAddress,
}

// turnAway answers an upgrade that a bound refuses.
func (h *Hub) turnAway(w http.ResponseWriter, by conns.Limit) {
	if limit, counted := limitOf[by]; counted {
		h.refused(limit)
	}
	turnAway(w, by)
}

// turnAway answers an upgrade that a bound refuses.
func turnAway(w http.ResponseWriter, by conns.Limit) {
	if by == conns.PerAddress || by == conns.PendingPerAddress {
		refuseForNow(w, http.StatusTooManyRequests, "too_many_requests")
		return
	}
	refuseForNow(w, http.StatusServiceUnavailable, "unavailable")
}

// pendingError is why a pending connection is not admitted.
func pendingError(by conns.Limit) error {
	switch by {
	case conns.None:
		return nil
	case conns.PendingPerAddress:
		return ErrPendingPerAddress
	case conns.Draining:
		return ErrClosed
	}
	return ErrPending
}
