package plain

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/time/rate"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// Conn is one connection of a [Handler]. Safe for concurrent use.
type Conn struct {
	link      conns.Conn // its socket, and where it stands
	handler   *Handler
	principal atomic.Pointer[realtime.Principal]
	since     time.Time
	limited   atomic.Bool // a limit ends it, and has been counted

	// Touched by the worker alone.
	limiter  *rate.Limiter
	strikes  int  // messages over the rate in a row
	pending  bool // its first message must say who it is
	welcomed bool // the Connect hook has let it in
}

func (p *Handler) newConn(r *http.Request, principal realtime.Principal, pending *realtime.PendingInfo) (*Conn, conns.Arrival) {
	c := &Conn{
		handler: p, since: time.Now(), pending: pending != nil,
		limiter: rate.NewLimiter(rate.Limit(p.config.Limits.MessagesPerSecond), p.config.Limits.MessageBurst),
	}
	c.principal.Store(&principal)
	// net/http cancels the request's context when ServeHTTP returns; the
	// connection lives on with its values and a cancel of its own.
	c.link.Socket.Init(p.transport, c, context.WithoutCancel(r.Context()))
	arrival := conns.Arrival{ID: strconv.FormatUint(p.nextID.Add(1), 36), Identity: p.checks.Identity(&principal)}
	if p.config.Address != nil {
		arrival.Address = p.config.Address(r)
	}
	if pending != nil {
		arrival.Waiting = pending.Address
	}
	return c, arrival
}

// ID is unique among the connections of this handler.
func (c *Conn) ID() string { return c.link.ID() }

// realtime.Principal is who opened the connection, empty while it is pending.
func (c *Conn) Principal() realtime.Principal { return *c.principal.Load() }

// Since is when the connection was opened.
func (c *Conn) Since() time.Time { return c.since }

// Context ends when the connection begins to close. It has the values of the
// upgrade request's context.
func (c *Conn) Context() context.Context { return c.link.Socket.Context() }

// realtime.Close ends the connection with that reason; a later one has no effect. It does
// not wait. A reason that no peer may be sent is an error that wraps [realtime.ErrClose],
// and the connection ends with [realtime.CloseInternal].
func (c *Conn) Close(reason realtime.Close) error {
	sent, err := sendable(reason)
	c.link.End(sent)
	return err
}

// sendable is the reason itself where a peer may be sent it, and
// [realtime.CloseInternal] with an error where it may not.
func sendable(reason realtime.Close) (transport.Close, error) {
	if problem := transport.Close(reason).Problem(); problem != "" {
		return transport.Internal, fmt.Errorf("%w: %s", realtime.ErrClose, problem)
	}
	return transport.Close(reason), nil
}

// end ends the connection with a reason of the handler's own.
func (c *Conn) end(reason realtime.Close) { c.link.End(transport.Close(reason)) }

// Send sends one message. It returns [realtime.ErrClosed] when the connection is ending,
// also when this message did not fit and ended it with [realtime.CloseSlow].
func (c *Conn) Send(_ context.Context, message any) error {
	data, err := encode(message)
	if err != nil {
		return err
	}
	return c.sendRaw(data)
}

// encode writes a message as JSON in UTF-8, which is what peers can read.
func encode(message any) ([]byte, error) {
	data, err := json.Marshal(message)
	if err != nil {
		return nil, fmt.Errorf("encode message: %w", err)
	}
	if !utf8.Valid(data) { // parts that were encoded before
		return nil, fmt.Errorf("encode message: %w", realtime.ErrNotJSON)
	}
	return data, nil
}

func (c *Conn) sendRaw(data []byte) error {
	if !c.link.Socket.Send(transport.Plain(data), transport.Counts{}) {
		return realtime.ErrClosed
	}
	c.handler.counters.Out.Add(1)
	return nil
}
