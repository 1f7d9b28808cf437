package counters

import (
	"sync/atomic"

	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/transport"
	"github.com/yodelrt/yodel/realtime/observe"
)

// Refusals count what each limit has refused. The zero value is ready. Safe for
// concurrent use.
type Refusals [observe.LimitCount]atomic.Uint64

// Counts returns how often each limit has refused something, by its name; all of
// them, so that a dashboard knows the zeros.
func (r *Refusals) Counts() map[string]uint64 {
	counts := make(map[string]uint64, observe.LimitCount)
	for l := range observe.LimitCount {
		counts[l.String()] = r[l].Load()
	}
	return counts
}

// Behind is the limit that has ended a connection below its handler, where nobody
// has counted it.
func Behind(reason transport.Close) (by observe.Limit, known bool) {
	by, known = behind[reason]
	return by, known
}

var behind = map[transport.Close]observe.Limit{
	transport.TooBig: observe.LimitMessageBytes, transport.Flood: observe.LimitPingRate, transport.Slow: observe.LimitQueueBytes,
	transport.NoPong: observe.LimitPongTimeout, conns.CloseStale: observe.LimitAuthDeadline, conns.CloseConnectionLimit: observe.LimitConnectionsPerUser,
}

// Admission names the bound that keeps a connection out.
func Admission(by conns.Limit) (limit observe.Limit, counted bool) {
	limit, counted = admission[by]
	return limit, counted
}

var admission = map[conns.Limit]observe.Limit{
	conns.Connections: observe.LimitConnections, conns.Connecting: observe.LimitConnecting, conns.PerAddress: observe.LimitConnectionsPerAddress,
	conns.PerUser: observe.LimitConnectionsPerUser, conns.PendingTotal: observe.LimitPending, conns.PendingPerAddress: observe.LimitPendingPerAddress,
}
