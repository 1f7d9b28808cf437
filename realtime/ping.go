package realtime

import (
	"math/rand/v2"
	"time"

	"github.com/centrifugal/protocol"
)

// startPings sends the protocol's pings, the first after half to a whole
// interval, so that many connections do not ping at once.
func (c *Conn) startPings() {
	half := c.hub.config.PingInterval / 2
	c.pingIn(half + time.Duration(rand.Int64N(int64(half)+1)))
}

func (c *Conn) pingIn(wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		c.ping = time.AfterFunc(wait, c.sendPing)
	}
}

func (c *Conn) sendPing() {
	c.mu.Lock()
	c.pinged = time.Now().UnixNano()
	c.mu.Unlock()
	c.answer(&protocol.Reply{})
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.over {
		c.ping = time.AfterFunc(c.hub.config.PongTimeout, c.missPong)
	}
}

// missPong ends a connection whose pong did not come. While a handler is at work
// the pong may wait behind it, so there the peer gets another timeout.
func (c *Conn) missPong() {
	c.mu.Lock()
	missed := c.pinged != 0
	c.mu.Unlock()
	if !missed {
		c.pingIn(c.hub.config.PingInterval - c.hub.config.PongTimeout)
		return
	}
	if c.inbox.busy() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if !c.over {
			c.ping = time.AfterFunc(c.hub.config.PongTimeout, c.missPong)
		}
		return
	}
	c.link.close(CloseNoPong)
}

// pong takes the answer to a ping; one that nobody asked for is a bad request.
func (c *Conn) pong() {
	c.mu.Lock()
	asked := c.pinged != 0
	if asked {
		c.roundTrip = time.Duration(time.Now().UnixNano() - c.pinged)
	}
	c.pinged = 0
	c.mu.Unlock()
	if !asked {
		c.link.close(CloseBadRequest)
	}
}
