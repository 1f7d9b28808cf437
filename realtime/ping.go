package realtime

import (
	"math/rand/v2"
	"time"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/internal/conns"
)

// startPings sends the protocol's pings, the first after half to a whole
// interval, so that many connections do not ping at once.
func (c *Conn) startPings() {
	half := c.hub.config.PingInterval / 2
	c.link.SetAlarm(conns.AlarmPing, half+time.Duration(rand.Int64N(int64(half)+1)))
}

// checkPing sends the next ping, or ends a connection whose pong did not come.
func (c *Conn) checkPing() {
	c.mu.Lock()
	awaited := c.pinged != 0
	if !awaited {
		c.pinged = time.Now().UnixNano()
	}
	c.mu.Unlock()
	if !awaited {
		c.push(&protocol.Reply{})
		c.link.SetAlarm(conns.AlarmPing, c.hub.config.PongTimeout)
		return
	}
	if c.isHeldBack() {
		c.link.SetAlarm(conns.AlarmPing, c.hub.config.PongTimeout)
		return
	}
	c.end(CloseNoPong)
}

// isHeldBack reports whether a pong may be missing because nothing more of the
// peer is read until its earlier frames are handled, and some were handled since
// it was last asked. Without that the handler is stuck, and nobody knows whether
// the peer is there.
func (c *Conn) isHeldBack() bool {
	handled := c.link.Socket.Handled()
	c.mu.Lock()
	defer c.mu.Unlock()
	progress := handled != c.handled
	c.handled = handled
	return c.link.Socket.HeldBack() && progress
}

// pong takes the answer to a ping; one that nobody asked for is a bad request.
func (c *Conn) pong() {
	c.mu.Lock()
	asked := c.pinged != 0
	trip := time.Duration(time.Now().UnixNano() - c.pinged)
	if asked {
		c.roundTrip, c.pinged = trip, 0
	}
	c.mu.Unlock()
	if !asked {
		c.end(CloseBadRequest)
		return
	}
	c.link.SetAlarm(conns.AlarmPing, c.hub.config.PingInterval-trip)
}
