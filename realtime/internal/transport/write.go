package transport

import (
	"context"
	"net"
)

// Send hands a push to the conn, with the deliveries that it stands for, and reports
// whether it was taken. It never waits. Where QueueBytes are exceeded, the conn has
// the fault Slow. What is not taken is counted as lost.
func (c *Conn) Send(m Message, n Counts) bool {
	c.transport.config.Ledger.attempted(n)
	return c.offer(m, n, push)
}

// SendIfRoom is Send where half of QueueBytes are enough for the pushes that wait.
// Else it changes nothing but the ledger, and reports false.
func (c *Conn) SendIfRoom(m Message, n Counts) bool {
	c.transport.config.Ledger.attempted(n)
	return c.offer(m, n, backlog)
}

// Reply hands the worker's answer to a command to the conn and reports whether it was
// taken. QueueBytes don't bound it: the worker calls AwaitRoom before each. The payload
// must not change.
func (c *Conn) Reply(payload []byte) bool { return c.offer(Plain(payload), Counts{}, reply) }

func (c *Conn) offer(m Message, n Counts, kind kind) bool {
	switch c.queue.offer(m, n, kind) {
	case writeNow:
		return c.write(m)
	case queued:
		return true
	case flushNow:
		c.flushHeld()
		return true
	case overflow:
		c.fault(Slow)
	}
	return false
}

// AwaitRoom waits until what is queued is at most half of QueueBytes, as the peer
// reads. It reports false when the conn closes or ctx ends. A peer that takes nothing is
// ended as Slow meanwhile. It is for the worker.
func (c *Conn) AwaitRoom(ctx context.Context) bool {
	for {
		room, open := c.queue.wait()
		if room == nil {
			return open
		}
		c.Release() // what is held back would never make room
		select {
		case <-room:
		case <-ctx.Done():
			return false
		}
	}
}

// ActivateWith queues a reply, calls activate, and sends the reply in front of
// everything that is sent once activate has begun. Where activate returns false, the
// reply is taken back. It returns what activate has returned, and false without calling
// it when the conn is closing. No lock is held while activate runs.
func (c *Conn) ActivateWith(payload []byte, activate func() bool) (active bool) {
	if !c.queue.beginActivation(Plain(payload)) {
		return false
	}
	c.transport.config.Spawn.Do(c, func() { active = activate() })
	m, more := c.queue.endActivation(active)
	c.writeNext(m, more)
	return active
}

// write sends a message that is marked as in flight, and then what waits: at once as
// far as the socket takes it, the rest by melody's writer. It never waits.
func (c *Conn) write(m Message) bool {
	for more := true; more; {
		switch c.net.tryMessage(m, c.queue.binary) {
		case wouldBlock:
			return c.session.send(m.payload(), c.queue.binary) == nil
		case partial:
			return true
		case failed:
			c.finished(net.ErrClosed)
			return false
		case closed:
			return false
		}
		m, more = c.next()
	}
	return true
}

// next takes what has waited for the frame that is out now.
func (c *Conn) next() (m Message, more bool) {
	if m, more = c.queue.sent(); !more {
		c.closeIfDrained()
	}
	return m, more
}

// writeNext sends what the queue has let go, if anything.
func (c *Conn) writeNext(m Message, more bool) {
	if more {
		c.write(m) // a conn that has ended says so itself
		return
	}
	c.closeIfDrained()
}

// closeIfDrained lets the close frame follow the last message of a conn that ends in
// order.
func (c *Conn) closeIfDrained() {
	if c.flushing() && c.queue.drained() {
		c.writeClose()
	}
}

func (c *Conn) flushing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.up && c.closing && c.reason.Flush
}

// wrote follows a frame that melody has written with what waits.
func (c *Conn) wrote() {
	if m, more := c.next(); more {
		c.write(m)
	}
}

func (c *Conn) guardedWrote() { c.transport.config.Spawn.Do(c, c.wrote) }

// finished follows a frame of which a part had to wait, or that has failed.
func (c *Conn) finished(err error) {
	if err != nil {
		c.writeFailed(err)
		return
	}
	c.wrote()
}

// flushHeld sends what the queue has held back.
func (c *Conn) flushHeld() { c.writeNext(c.queue.release()) }

// takeBroadcast takes a broadcast for one conn. writeNow says that melody writes it.
func (c *Conn) takeBroadcast(m Message, binary bool, admit func(*Conn) bool) (taken, byMelody bool) {
	if !c.live.Load() || !c.admitted(admit) || c.queue.binary != binary {
		return false, false
	}
	one := Counts{AtMostOnce: 1}
	c.transport.config.Ledger.attempted(one)
	switch c.queue.offer(m, one, push) {
	case writeNow:
		return true, true
	case queued:
		return true, false
	case flushNow:
		c.flushHeld()
		return true, false
	case overflow:
		c.fault(Slow)
	}
	return false, false
}

func (c *Conn) admitted(admit func(*Conn) bool) (yes bool) {
	if admit == nil {
		return true
	}
	c.transport.config.Spawn.Do(c, func() { yes = admit(c) })
	return yes
}
