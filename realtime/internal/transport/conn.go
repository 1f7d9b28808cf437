package transport

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// Conn is one WebSocket. Its owner embeds it by value and calls Init before anything
// else. Safe for concurrent use.
type Conn struct {
	owner     any
	transport *Transport
	base      context.Context
	cancel    context.CancelFunc
	session   session         // fixed before live
	controls  *rate.Limiter   // of the peer's pings and pongs; nil before the first
	upgraded  chan struct{}   // closed when the upgrade has ended, well or not
	live      atomic.Bool     // Opened is being or was called
	heard     atomic.Bool     // a ping or pong was read since Probe
	batch     batch           // of replies; touched by the worker alone
	queue     writeQueue      // what goes out
	inbox     inbox           // what comes in
	net       netConn         // fixed before up
	mu        sync.Mutex      // guards what follows
	ctx       context.Context // nil: base
	guard     *time.Timer     // aborts when closing takes too long
	reason    Close
	up        bool // the upgrade is answered
	closing   bool
	goodbye   bool // the close frame is on its way
	aborted   bool // before it was up
	over      bool // the socket is gone
}

// Init makes a conn ready. ctx carries the values of the upgrade request without its
// cancel; the conn adds a cancel of its own.
func (c *Conn) Init(t *Transport, owner any, ctx context.Context) {
	c.transport, c.owner = t, owner
	c.queue.config = &t.config
	c.base, c.cancel = context.WithCancel(ctx)
}

// Owner is what the conn was made for.
func (c *Conn) Owner() any { return c.owner }

// Binary reports whether the conn speaks binary. It is decided before Opened.
func (c *Conn) Binary() bool { return c.queue.binary }

// Subprotocol is what was agreed on, empty for none and before Opened.
func (c *Conn) Subprotocol() string {
	if !c.live.Load() {
		return ""
	}
	return c.session.subprotocol()
}

// Base is the context of the upgrade. It ends when the conn begins to close. Every
// verification starts from it, so that contexts never chain.
func (c *Conn) Base() context.Context { return c.base }

// Context is the current context: the one that was set, else Base.
func (c *Conn) Context() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx == nil {
		return c.base
	}
	return c.ctx
}

// SetContext replaces the current context, with one made from Base.
func (c *Conn) SetContext(ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ctx = ctx
}

// Closing reports whether the conn has begun to close or has ended.
func (c *Conn) Closing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// Busy reports whether a frame is at work or waits for that.
func (c *Conn) Busy() bool { busy, _, _ := c.inbox.state(); return busy }

// HeldBack reports whether the conn is not read because too much waits for Received.
func (c *Conn) HeldBack() bool { _, heldBack, _ := c.inbox.state(); return heldBack }

// Handled is how many frames Received has returned from.
func (c *Conn) Handled() uint64 { _, _, handled := c.inbox.state(); return handled }

// WaitIdle returns when no frame is at work and none waits. Do not call it from
// Received.
func (c *Conn) WaitIdle() { c.inbox.wait() }

// QueueBytes is how many bytes wait for the peer, beside the frame in flight.
func (c *Conn) QueueBytes() int { return c.queue.size() }

// Fail ends a conn whose work has panicked.
func (c *Conn) Fail() { c.fault(Internal) }

// fault tells the handler of a reason to end the conn. A handler that panics there has
// decided nothing, so the conn ends.
func (c *Conn) fault(reason Close) {
	if c.Closing() {
		return
	}
	told := c.live.Load() && c.transport.config.Spawn.Do(nil, func() { c.transport.handler.Fault(c, reason) })
	if !told {
		c.Close(reason)
	}
}

// connected is called by the reader when the upgrade is answered, with a session that
// melody's broadcast may have found already.
func (c *Conn) connected(s session) {
	request := s.begin(c.ping)
	c.session = s
	spawn := c.transport.config.Spawn
	decided := spawn.Do(nil, func() { c.queue.binary = c.speaksBinary(request) })
	c.queue.begin()
	c.rise()
	if !decided {
		c.Close(Internal)
	}
	close(c.upgraded)
	c.upgraded = nil
	c.live.Store(true)
	spawn.Do(c, func() { c.transport.handler.Opened(c) })
}

func (c *Conn) speaksBinary(request *http.Request) bool {
	decide := c.transport.config.Binary
	return decide != nil && decide(c.session.subprotocol(), request)
}

func (c *Conn) isUp() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.up
}

// Reason is why the conn closes or has closed, zero before.
func (c *Conn) Reason() Close {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reason
}
