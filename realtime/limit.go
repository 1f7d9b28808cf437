package realtime

import (
	"net/http"
	"sync/atomic"

	"github.com/yodelrt/yodel/realtime/observe"
)

// limits counts what each has refused.
type limits [observe.LimitCount]atomic.Uint64

// Limits returns how often each limit has refused something since the hub was
// built, by its name; all of them, so that a dashboard knows the zeros.
func (h *Hub) Limits() map[string]uint64 {
	counts := make(map[string]uint64, observe.LimitCount)
	for l := range observe.LimitCount {
		counts[l.String()] = h.limits[l].Load()
	}
	return counts
}

// refused counts a refusal.
func (h *Hub) refused(l observe.Limit) {
	h.limits[l].Add(1)
	if h.observer.Refused != nil {
		h.observer.Refused(l)
	}
}

// refuse counts a refusal that ends a connection, and ends it.
func (c *Conn) refuse(l observe.Limit, reason Close) {
	if !c.limited.Swap(true) {
		c.hub.refused(l)
	}
	c.link.close(reason)
}

// countEnd counts the limit that has ended a connection below the hub, where
// nobody has counted it.
func (c *Conn) countEnd(reason Close) {
	by, known := map[Close]observe.Limit{
		CloseTooBig: observe.LimitMessageBytes, CloseFlood: observe.LimitPingRate, CloseSlow: observe.LimitOutboxBytes, CloseNoPong: observe.LimitPongTimeout, CloseStale: observe.LimitAuthDeadline,
		CloseConnectionLimit: observe.LimitConnectionsPerUser, CloseTooManyErrors: observe.LimitErrors, CloseChannelLimit: observe.LimitChannels,
	}[reason]
	if known && !c.limited.Swap(true) {
		c.hub.refused(by)
	}
}

// roomFor says which limit a new connection would break, and how to tell.
func (h *Hub) roomFor() (by observe.Limit, full bool) {
	switch {
	case h.registry.len() >= h.config.MaxConnections:
		return observe.LimitConnections, true
	case h.connecting.Load() >= int64(h.config.MaxConnecting):
		return observe.LimitConnecting, true
	}
	return 0, false
}

// turnAway answers an upgrade that a limit refuses.
func (h *Hub) turnAway(w http.ResponseWriter, by observe.Limit) {
	h.refused(by)
	switch by {
	case observe.LimitPendingPerAddress, observe.LimitConnectionsPerAddress:
		refuseForNow(w, http.StatusTooManyRequests, "too_many_requests")
	default:
		refuseForNow(w, http.StatusServiceUnavailable, "unavailable")
	}
}
