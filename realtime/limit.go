package realtime

import (
	"net/http"
	"sync/atomic"

	"github.com/yodelrt/yodel/realtime/internal/conns"
)

// Limit names a bound on what others may take. Each that refuses something is
// counted, see [Hub.Limits].
type Limit int

// The limits, named after the fields of [Config] and [ChannelOptions] that set
// them. Those without a field are fixed.
const (
	LimitConnections           Limit = iota // MaxConnections: 503
	LimitConnecting                         // MaxConnecting: 503
	LimitConnectionsPerAddress              // MaxConnectionsPerAddress: 429
	LimitConnectionsPerUser                 // MaxConnectionsPerUser: 3504
	LimitPending                            // MaxPending: 503
	LimitPendingPerAddress                  // MaxPendingPerAddress: 429
	LimitAuthDeadline                       // AuthDeadline: 3502
	LimitAge                                // MaxAge: 3005
	LimitIdle                               // MaxIdle: 3005
	LimitPongTimeout                        // PongTimeout: 3012
	LimitMessageBytes                       // MaxMessageBytes: 1009
	LimitFirstMessageBytes                  // MaxFirstMessageBytes: 1009
	LimitCommandsPerFrame                   // CommandsPerFrame: 3501
	LimitCommandRate                        // CommandsPerSecond, CommandBurst: error 111, then 3013
	LimitPingRate                           // 5 a second, 20 at once, of the peer's WebSocket pings: 3013
	LimitErrors                             // MaxErrors: 3509
	LimitOutboxBytes                        // OutboxBytes: 3008
	LimitChannels                           // MaxChannels: error 106, 3505 in connect
	LimitChannelBytes                       // MaxChannelBytes: error 107
	LimitPresence                           // MaxPresence: error 108
	limitCount
)

var limitNames = [limitCount]string{
	"connections", "connecting", "connections_per_address", "connections_per_user", "pending", "pending_per_address",
	"auth_deadline", "age", "idle", "pong_timeout", "message_bytes", "first_message_bytes", "commands_per_frame",
	"command_rate", "ping_rate", "errors", "outbox_bytes", "channels", "channel_bytes", "presence",
}

// String returns the name of a limit, for labels and logs, such as
// "connections_per_user".
func (l Limit) String() string {
	if l < 0 || l >= limitCount {
		return "unknown"
	}
	return limitNames[l]
}

// limits counts what each has refused.
type limits [limitCount]atomic.Uint64

// Limits returns how often each limit has refused something since the hub was
// built, by its name; all of them, so that a dashboard knows the zeros.
func (h *Hub) Limits() map[string]uint64 {
	counts := make(map[string]uint64, limitCount)
	for l := range limitCount {
		counts[l.String()] = h.limits[l].Load()
	}
	return counts
}

// refused counts a refusal.
func (h *Hub) refused(l Limit) {
	h.limits[l].Add(1)
	if h.observer.Refused != nil {
		h.observer.Refused(l)
	}
}

// refuse counts a refusal that ends a connection, and ends it.
func (c *Conn) refuse(l Limit, reason Close) {
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

var limitBehind = map[Close]Limit{
	CloseTooBig: LimitMessageBytes, CloseFlood: LimitPingRate, CloseSlow: LimitOutboxBytes, CloseNoPong: LimitPongTimeout, CloseStale: LimitAuthDeadline,
	CloseConnectionLimit: LimitConnectionsPerUser, CloseTooManyErrors: LimitErrors, CloseChannelLimit: LimitChannels,
}

// limitOf names the bound that keeps a connection out, as the hub counts it.
var limitOf = map[conns.Limit]Limit{
	conns.Connections: LimitConnections, conns.Connecting: LimitConnecting, conns.PerAddress: LimitConnectionsPerAddress,
	conns.PerUser: LimitConnectionsPerUser, conns.PendingTotal: LimitPending, conns.PendingPerAddress: LimitPendingPerAddress,
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
