package realtime

import (
	"time"

	"github.com/yodelrt/yodel/realtime/observe"
)

// startAging begins to count how long a connection lasts and how long it is
// idle, where that is bounded.
func (c *Conn) startAging() {
	c.isBusy()
	c.mu.Lock()
	defer c.mu.Unlock()
	if most := c.hub.config.MaxAge; most > 0 && !c.over {
		c.age = time.AfterFunc(most-time.Since(c.since), func() { c.link.protect(func() { c.refuse(observe.LimitAge, CloseExpired) }) })
	}
	if most := c.hub.config.MaxIdle; most > 0 && !c.over {
		c.idle = time.AfterFunc(most, func() { c.link.protect(c.checkIdle) })
	}
}

// isBusy notes that a command has come.
func (c *Conn) isBusy() {
	if c.hub.config.MaxIdle > 0 {
		c.latest.Store(time.Now().UnixNano())
	}
}

// checkIdle ends a connection that was idle for too long, or looks again when it
// would be. One whose handler is at work is not idle.
func (c *Conn) checkIdle() {
	left := c.hub.config.MaxIdle - time.Since(time.Unix(0, c.latest.Load()))
	if left <= 0 && c.inbox.busy() {
		left = c.hub.config.MaxIdle
	}
	if left <= 0 {
		c.refuse(observe.LimitIdle, CloseExpired)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		c.idle = time.AfterFunc(left, func() { c.link.protect(c.checkIdle) })
	}
}
