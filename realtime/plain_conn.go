package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// PlainConn is one connection of a [Plain] handler. Safe for concurrent use.
type PlainConn struct {
	link      conns.Conn // its socket, and where it stands
	plain     *Plain
	principal atomic.Pointer[Principal]
	since     time.Time

	// Touched by the worker alone.
	limiter  *rate.Limiter
	strikes  int  // messages over the rate in a row
	pending  bool // its first message must say who it is
	welcomed bool // the Connect hook has let it in
}

func (p *Plain) newConn(ctx context.Context, principal Principal, pending *Waiting) (*PlainConn, conns.Arrival) {
	c := &PlainConn{
		plain: p, since: time.Now(), pending: pending != nil,
		limiter: rate.NewLimiter(rate.Limit(p.config.MessagesPerSecond), p.config.MessageBurst),
	}
	c.principal.Store(&principal)
	// net/http cancels the request's context when ServeHTTP returns; the
	// connection lives on with its values and a cancel of its own.
	c.link.Socket.Init(p.transport, c, context.WithoutCancel(ctx))
	arrival := conns.Arrival{ID: strconv.FormatUint(p.nextID.Add(1), 36), Identity: identityOf(&principal, p.config.Epoch)}
	if pending != nil {
		arrival.Waiting = pending.Address
	}
	return c, arrival
}

// ID is unique among the connections of this handler.
func (c *PlainConn) ID() string { return c.link.ID() }

// Principal is who opened the connection, empty while it is pending.
func (c *PlainConn) Principal() Principal { return *c.principal.Load() }

// Since is when the connection was opened.
func (c *PlainConn) Since() time.Time { return c.since }

// Context ends when the connection begins to close. It has the values of the
// upgrade request's context.
func (c *PlainConn) Context() context.Context { return c.link.Socket.Context() }

// Close ends the connection with that reason; a later one has no effect. It does
// not wait. A reason that no peer may be sent is an error that wraps [ErrClose],
// and the connection ends with [CloseInternal].
func (c *PlainConn) Close(reason Close) error {
	reason, err := reason.sendable()
	c.end(reason)
	return err
}

// end ends the connection with a reason that can be sent.
func (c *PlainConn) end(reason Close) bool { return c.link.End(wireClose(reason)) }

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
	if !c.link.Socket.Send(transport.Plain(data), transport.Counts{}) {
		return ErrClosed
	}
	c.plain.counters.out.Add(1)
	return nil
}

// expireAt sets when the connection ends, in place of an earlier moment. The
// zero time never ends it.
func (c *PlainConn) expireAt(end time.Time) {
	if end.IsZero() {
		c.link.StopAlarm(conns.AlarmExpiry)
		return
	}
	c.link.SetAlarm(conns.AlarmExpiry, time.Until(end))
}
