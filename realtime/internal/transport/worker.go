package transport

import "time"

// worker is a conn as a task of the pool.
type worker Conn

// Fail implements [spawn.Owner].
func (w *worker) Fail() { (*Conn)(w).Fail() }

// Run handles the frames of a conn until none waits.
func (w *worker) Run() {
	c := (*Conn)(w)
	ended := false
	defer func() {
		if !ended {
			c.inbox.stopped() // a handler has ended the goroutine
		}
	}()
	for !ended {
		frame, more, ok := c.inbox.take(c.transport.config.InboxBytes)
		if ok {
			c.handle(frame, more)
		}
		ended = !ok
	}
}

// handle lets the handler work on one frame. more says that another waits behind it.
func (c *Conn) handle(frame []byte, more bool) {
	if more {
		c.Hold()
	}
	c.transport.config.Spawn.Do(c, func() {
		if !c.Closing() {
			c.transport.handler.Received(c, frame)
		}
	})
	if !c.inbox.finished() {
		c.Release()
	}
}

// batch lets the replies to commands that came together go out together.
type batch struct {
	open  bool        // the queue was held for it
	timer *time.Timer // nil before the first
}

// holdWait bounds how long a reply waits for those behind it.
const holdWait = time.Millisecond

// Hold lets what is sent wait until Release, for a millisecond at most, so that it goes
// out together. The worker does so by itself while further frames wait. It is for
// Received, for a frame of several commands.
func (c *Conn) Hold() {
	if !c.queue.hold() {
		return // it is held already, or the conn sends nothing more
	}
	c.batch.open = true
	if c.batch.timer == nil {
		c.batch.timer = c.transport.config.Spawn.AfterFunc(holdWait, c, c.flushHeld)
		return
	}
	c.batch.timer.Reset(holdWait)
}

// Release sends what Hold has held back. The worker does so by itself when no further
// frame waits.
func (c *Conn) Release() {
	if c.batch.open {
		c.batch.open = false
		c.batch.timer.Stop()
		c.flushHeld()
	}
}
