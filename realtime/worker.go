package realtime

import "time"

// work handles the frames of a connection until none waits.
func (c *Conn) work() {
	for {
		frame, more, ok := c.inbox.take()
		if !ok {
			return
		}
		if more || c.enc.several(frame) {
			c.batch.begin(&c.link)
		}
		if !c.link.isClosing() {
			c.link.protect(func() { c.handle(frame) })
		}
		if !c.inbox.waits() {
			c.batch.end(&c.link)
		}
	}
}

// batch lets the replies to commands that came together go out together. No
// reply waits longer than batchWait for those behind it. It is touched by the
// worker alone.
type batch struct {
	open  bool
	timer *time.Timer
}

const batchWait = time.Millisecond

func (b *batch) begin(l *link) {
	if b.open = true; !l.outbox.hold() {
		return
	}
	if b.timer == nil {
		b.timer = time.AfterFunc(batchWait, l.release)
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
