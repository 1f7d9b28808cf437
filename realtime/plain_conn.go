package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// PlainConn is one connection of a [Plain] handler. Safe for concurrent use.
type PlainConn struct {
	link      link
	plain     *Plain
	id        string
	principal atomic.Pointer[Principal]
	since     time.Time
	limiter   *rate.Limiter
	strikes   int // messages over the rate in a row; touched by the reader alone
	expiry    *time.Timer
	activated bool        // touched by the reader alone, as are those below
	waiting   *Waiting    // nil for a known connection
	address   string      // it waits or waited under; fixed before it is shared
	deadline  *time.Timer // ends a pending connection
}

func (p *Plain) newConn(ctx context.Context) *PlainConn {
	c := &PlainConn{
		plain:   p,
		id:      strconv.FormatUint(p.nextID.Add(1), 36),
		since:   time.Now(),
		limiter: rate.NewLimiter(rate.Limit(p.config.MessagesPerSecond), p.config.MessageBurst),
	}
	c.link.owner = c
	c.principal.Store(&Principal{})
	// net/http cancels the request's context when ServeHTTP returns; the
	// connection lives on with its values and a cancel of its own.
	c.link.ctx, c.link.cancel = context.WithCancel(context.WithoutCancel(ctx))
	c.link.outbox.limit = p.config.OutboxBytes
	return c
}

func connOf(l *link) *PlainConn { return l.owner.(*PlainConn) }

// ID is unique among the connections of this handler.
func (c *PlainConn) ID() string { return c.id }

// Principal is who opened the connection, empty while it is pending.
func (c *PlainConn) Principal() Principal { return *c.principal.Load() }

func (c *PlainConn) who() *Principal     { return c.principal.Load() }
func (c *PlainConn) become(p *Principal) { c.principal.Store(p) }
func (c *PlainConn) epoch() int64        { return epochOf(c.plain.config.Epoch, c.who()) }
func (c *PlainConn) waitsFrom() string   { return c.address }

// Since is when the connection was opened.
func (c *PlainConn) Since() time.Time { return c.since }

// Context ends when the connection begins to close. It has the values of the
// upgrade request's context.
func (c *PlainConn) Context() context.Context { return c.link.context() }

// Close ends the connection with that reason; a later one has no effect. It does
// not wait.
func (c *PlainConn) Close(reason Close) { c.link.close(reason) }

// Send sends one message. It returns [ErrClosed] when the connection is ending,
// also when this message did not fit and ended it with [CloseSlow].
func (c *PlainConn) Send(_ context.Context, message any) error {
	data, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	return c.sendRaw(data)
}

func (c *PlainConn) sendRaw(data []byte) error {
	if !c.link.send(data) {
		return ErrClosed
	}
	c.plain.counters.out.Add(1)
	return nil
}

func (p *Plain) opened(l *link) {
	c := connOf(l)
	p.counters.opened.Add(1)
	if c.waiting != nil {
		c.deadline = time.AfterFunc(p.config.AuthDeadline, func() { l.close(CloseStale) })
		return
	}
	p.enter(c)
}

// enter registers a known connection first, so that whoever revokes it finds it,
// then asks again whether it may stay, and only then lets it receive.
func (p *Plain) enter(c *PlainConn) {
	l := &c.link
	if p.registry.add(c) > p.config.MaxConnectionsPerUser {
		l.close(CloseConnectionLimit)
		return
	}
	c.expireAt(c.Principal().ExpiresAt)
	if !p.stays(c) || !l.activate() {
		return
	}
	c.activated = true
	p.counters.open.Add(1)
	if p.config.Connect != nil {
		if err := p.config.Connect(l.context(), c); err != nil {
			p.config.Logger.Error("the connect hook failed", "connection", c.id, "error", err)
			l.close(CloseInternal)
		}
	}
}

// expireAt sets when the connection ends, in place of an earlier moment. The
// zero time never ends it.
func (c *PlainConn) expireAt(end time.Time) {
	if c.expiry != nil {
		c.expiry.Stop()
	}
	if !end.IsZero() {
		c.expiry = time.AfterFunc(time.Until(end), func() { c.link.close(CloseExpired) })
	}
}

func (p *Plain) ended(l *link, reason Close) {
	c := connOf(l)
	for _, timer := range []*time.Timer{c.expiry, c.deadline} {
		if timer != nil {
			timer.Stop()
		}
	}
	p.porch.leave(c)
	p.registry.remove(c)
	p.counters.end(reason)
	if !c.activated {
		return
	}
	p.counters.open.Add(-1)
	if p.config.Disconnect != nil {
		p.config.Disconnect(c, reason)
	}
}
