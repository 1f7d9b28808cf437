package transport

import (
	"time"
	"unicode/utf8"

	"golang.org/x/time/rate"
)

const (
	controlsPerSecond = 5 // pings and pongs that a peer may send; browsers send none
	controlBurst      = 20
)

// receive takes a message from melody's reader.
func (c *Conn) receive(frame []byte, binary bool) {
	c.net.budget.reset()
	switch {
	case c.Closing():
	case !binary && !utf8.Valid(frame):
		c.fault(InvalidUTF8)
	case binary != c.queue.binary:
		c.fault(BadRequest)
	case !c.takenAsUrgent(frame):
		c.enqueue(frame)
	}
}

// takenAsUrgent lets the handler look at a frame first, where it wants to. A frame over
// which it panics goes no further.
func (c *Conn) takenAsUrgent(frame []byte) (taken bool) {
	if c.transport.urgent == nil {
		return false
	}
	ok := c.transport.config.Spawn.Do(c, func() { taken = c.transport.urgent.Urgent(c, frame) })
	return taken || !ok
}

// enqueue hands a frame to the worker. While too much waits, the reader waits here, and
// the peer before TCP.
func (c *Conn) enqueue(frame []byte) {
	heldBack := false
	for {
		start, room := c.inbox.put(frame, c.transport.config.InboxBytes)
		if start {
			c.transport.workers.Run((*worker)(c))
		}
		if room == nil {
			break
		}
		heldBack = true
		<-room
	}
	if heldBack {
		c.net.resumeReading()
	}
}

// ping answers a ping of the peer, up to a rate that no honest one needs. It is called
// by the reader.
func (c *Conn) ping(data string) error {
	if !c.controlFrame(len(data)) {
		return nil
	}
	return c.session.writePong(data)
}

// controlFrame counts a ping or pong of the peer and reports whether it was within the
// rate. It is called by the reader.
func (c *Conn) controlFrame(length int) bool {
	c.heard.Store(true)
	if c.controls == nil {
		c.controls = rate.NewLimiter(controlsPerSecond, controlBurst)
	}
	if !c.controls.AllowN(time.Now(), 1) {
		c.fault(Flood)
		return false
	}
	c.net.budget.credit(length)
	return true
}

// Begin hands Received a nil frame, in front of what the peer sends. It is for
// Opened, for work that may take its time: the conn is read meanwhile.
func (c *Conn) Begin() { c.enqueue(nil) }
