package realtime

import (
	"time"

	"github.com/yodelrt/yodel/realtime/internal/conns"
)

// lifetime is how long connections last.
func (h *Hub) lifetime() conns.Lifetime {
	return conns.Lifetime{Age: h.config.Limits.Age, Idle: h.config.Limits.Idle}
}

// refreshLead is how long before the end a client is asked to refresh, at most
// half of what is left.
const refreshLead = 25 * time.Second

// timeToLive is what clients are told of a principal's end: the seconds after
// which they shall refresh, at least one.
func timeToLive(end, now time.Time) (expires bool, seconds uint32) {
	if end.IsZero() {
		return false, 0
	}
	left := end.Sub(now)
	left -= min(refreshLead, left/2)
	return true, uint32(max(left/time.Second, 1))
}
