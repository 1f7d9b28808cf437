package realtime

import (
	"github.com/yodelrt/yodel/realtime/observe"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/conns"
)

// startAging begins to count how long a connection lasts and how long it is
// idle, where that is bounded.
func (c *Conn) startAging() {
	c.isBusy()
	if most := c.hub.config.Limits.Age; most > 0 {
		c.link.SetAlarm(conns.AlarmAge, most-time.Since(c.since))
	}
	if most := c.hub.config.Limits.Idle; most > 0 {
		c.link.SetAlarm(conns.AlarmIdle, most)
	}
}

// isBusy notes that a command has come.
func (c *Conn) isBusy() {
	if c.hub.config.Limits.Idle > 0 {
		c.latest.Store(time.Now().UnixNano())
	}
}

// checkIdle ends a connection that was idle for too long, or looks again when it
// would be. One whose handler is at work is not idle.
func (c *Conn) checkIdle() {
	left := c.hub.config.Limits.Idle - time.Since(time.Unix(0, c.latest.Load()))
	if left <= 0 && c.link.Socket.Busy() {
		left = c.hub.config.Limits.Idle
	}
	if left <= 0 {
		c.refuse(observe.LimitIdle, CloseExpired)
		return
	}
	c.link.SetAlarm(conns.AlarmIdle, left)
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

// expireAt sets when the connection ends, in place of an earlier moment. The zero
// time never ends it.
func (c *Conn) expireAt(end time.Time) {
	if end.IsZero() {
		c.link.StopAlarm(conns.AlarmExpiry)
		return
	}
	c.link.SetAlarm(conns.AlarmExpiry, time.Until(end))
}
