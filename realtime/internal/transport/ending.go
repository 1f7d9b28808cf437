package transport

import (
	"errors"
	"net"
	"os"
	"time"
)

const (
	closeFrameWait = 250 * time.Millisecond // to write a close frame past a stalled peer
	urgentWait     = 700 * time.Millisecond // for the peer's own close frame
	flushWait      = 5 * time.Second        // for what is queued to go out
)

// Close ends the conn. It never blocks: a peer that does not read is cut off. The
// first call counts. A later one without Flush overrides one with Flush while that
// still lets the queue out: what is left of the queue is dropped. Before the upgrade is
// answered, the reason is kept, and the socket is closed right after. Where its code or
// text may not be sent, the peer is told Internal.
func (c *Conn) Close(reason Close) {
	if reason.Code == 0 {
		reason = Internal
	}
	if up, counts := c.beginClose(reason); counts {
		c.cancel()
		c.inbox.close()
		if up {
			c.closeQueue(reason)
		}
	}
}

// beginClose decides whether this close counts, and sets the time that it may take.
func (c *Conn) beginClose(reason Close) (up, counts bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	overrides := c.reason.Flush && !reason.Flush && !c.goodbye
	if c.over || c.closing && !overrides {
		return c.up, false
	}
	c.closing, c.reason = true, reason
	if c.up {
		c.armGuard()
	}
	return c.up, true
}

// armGuard sets when the conn is aborted. The caller holds mu.
func (c *Conn) armGuard() {
	wait := closeFrameWait + urgentWait
	if c.reason.Flush {
		wait = flushWait
	}
	if c.guard != nil {
		c.guard.Stop()
	}
	c.guard = c.transport.config.Spawn.AfterFunc(wait, nil, c.Abort)
}

// closeQueue lets the queue out or drops it, and then says why.
func (c *Conn) closeQueue(reason Close) {
	pending := c.queue.close(reason.Flush)
	if !reason.Flush || !pending {
		c.writeClose()
		return
	}
	c.flushHeld()
}

// rise tells a close that came before the upgrade was answered to go on.
func (c *Conn) rise() {
	c.mu.Lock()
	c.up = true
	closing, aborted, reason := c.closing, c.aborted, c.reason
	if closing {
		c.armGuard()
	}
	c.mu.Unlock()
	switch {
	case aborted:
		c.queue.close(false)
		c.net.abort()
	case closing:
		c.closeQueue(reason)
	}
}

// writeClose writes the close frame past whatever waits, once, and does not wait for
// it.
func (c *Conn) writeClose() {
	if reason, mine := c.claimCloseFrame(); mine {
		c.transport.config.Spawn.Go(c, func() { c.writeCloseFrame(reason) })
	}
}

// claimCloseFrame reports whether the caller has to write the close frame.
func (c *Conn) claimCloseFrame() (reason Close, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	mine = !c.goodbye
	c.goodbye = true
	return c.reason, mine
}

func (c *Conn) writeCloseFrame(reason Close) {
	c.net.stopWrites()
	if c.session.writeClose(reason.sendable()) != nil {
		c.Abort()
	}
}

// Abort takes the conn off TCP at once.
func (c *Conn) Abort() {
	c.mu.Lock()
	c.aborted, c.closing = true, true
	up := c.up
	c.mu.Unlock()
	c.cancel()
	c.inbox.close()
	if up {
		c.queue.close(false)
		c.net.abort()
	}
}

// note remembers why a conn ended, unless that was decided before.
func (c *Conn) note(reason Close) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reason.Code == 0 {
		c.reason = reason
	}
}

// readFault is a fault for which the reader ends, and melody closes the socket when it
// returns: so the reader writes the close frame itself, as far as the peer takes it.
func (c *Conn) readFault(reason Close) {
	_, mine := c.claimCloseFrame()
	c.fault(reason)
	c.note(reason)
	if mine {
		c.mu.Lock()
		reason = c.reason
		c.mu.Unlock()
		c.writeCloseFrame(reason)
	}
}

// writeFailed ends a conn whose frame could not be written, or only in part: no close
// frame may follow. A peer that takes nothing is slow.
func (c *Conn) writeFailed(err error) {
	if _, mine := c.claimCloseFrame(); mine && isTimeout(err) {
		c.fault(Slow)
	}
	c.Abort()
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// onClosed runs when melody has let go of the session.
func (c *Conn) onClosed() {
	c.mu.Lock()
	c.closing, c.over = true, true
	if c.guard != nil {
		c.guard.Stop()
	}
	reason := c.reason
	c.mu.Unlock()
	if reason.Code == 0 {
		reason = Lost
	}
	c.cancel()
	c.inbox.close()
	c.queue.end()
	c.transport.config.Spawn.Do(c, func() { c.transport.handler.Ended(c, reason) })
}
