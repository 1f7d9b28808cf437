package realtime

import "time"

// work handles the frames of a connection until none waits.
func (c *Conn) work() {
	for {
		frame, more, ok := c.inbox.take()
		if !ok {
			return
		}
		c.link.protect(func() { c.workOn(frame, more) })
	}
}

// workOn handles one frame. more says that another waits behind it.
func (c *Conn) workOn(frame []byte, more bool) {
	if more || c.enc.several(frame) {
		c.batch.begin(&c.link)
	}
	defer func() {
		if !c.inbox.waits() {
			c.batch.end(&c.link)
		}
	}()
	if !c.link.isClosing() {
		c.handle(frame)
	}
}

// batch lets the replies to commands that came together go out together. No
// reply waits longer than batchWait for those behind it. It is touched by the
// worker alone.
type batch struct {
	open  bool        // the outbox was held for it
	timer *time.Timer // nil before the first
}

const batchWait = time.Millisecond

func (b *batch) begin(l *link) {
	if !l.outbox.hold() {
		return // it is held already, or the connection is closing and sends nothing more
	}
	b.open = true
	if b.timer == nil {
		b.timer = time.AfterFunc(batchWait, func() { l.protect(l.release) })
		return
	}
	b.timer.Reset(batchWait)
}

func (b *batch) end(l *link) {
	if b.open {
		b.open = false
		b.timer.Stop()
		l.release()
	}
}
