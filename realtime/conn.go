package realtime

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/yodelrt/yodel/realtime/internal/conns"
)

// Conn is one connection of a [Hub]. Safe for concurrent use.
type Conn struct {
	link      conns.Conn // its socket, and where it stands
	hub       *Hub
	enc       encoding
	principal atomic.Pointer[Principal]
	info      atomic.Pointer[[]byte] // what others may know of it, JSON
	since     time.Time
	from      string      // the address that it is counted under, empty for none
	limited   atomic.Bool // a limit ends it, and has been counted

	// Touched by the worker alone.
	limiter    *rate.Limiter
	strikes    int32  // commands over the rate in a row
	failures   int32  // commands that failed in a row
	pending    bool   // its connect must say who it is
	connected  bool   // its connect was carried out
	welcomed   bool   // the Connect hook has let it in
	published  string // the channel that it has published to last, where that may not be handed out yet
	unanswered bool   // answers to publishes there may not be on their way yet

	judged atomic.Uint64 // how often its subscriptions were judged again

	changing sync.Mutex // held while a subscription is made or ended, cleaning up included

	mu        sync.Mutex
	left      bool                   // it has left its channels, for good
	standing  bool                   // it has connected
	deferred  []deferredSubscription // what the server wants of it when it stands
	subs      subscriptions
	pinged    int64         // when a ping went out that is not answered, Unix nanoseconds; 0 for none
	handled   uint64        // frames that were handled when the pong was last looked for
	roundTrip time.Duration // of the latest ping that was answered
}

// newConn makes the connection of a request. pending is nil for one whose user is
// known.
func (h *Hub) newConn(r *http.Request, principal Principal, pending *PendingInfo) (*Conn, conns.Arrival) {
	c := &Conn{
		hub: h, since: time.Now(), pending: pending != nil,
		limiter: rate.NewLimiter(rate.Limit(h.config.Limits.CommandsPerSecond), h.config.Limits.CommandBurst),
	}
	c.principal.Store(&principal)
	if h.config.Address != nil {
		c.from = h.config.Address(r)
	}
	c.link.Socket.Init(h.transport, c, context.WithoutCancel(r.Context()))
	arrival := conns.Arrival{ID: rand.Text(), Address: c.from, Identity: h.checks.Identity(&principal)}
	if pending != nil {
		arrival.Waiting = pending.Address
	}
	return c, arrival
}

// speaksProtobuf says how a client speaks, by its subprotocol or its query.
func speaksProtobuf(subprotocol string, r *http.Request) bool {
	if subprotocol == subprotocolProtobuf {
		return true
	}
	if r.URL.RawQuery == "" {
		return false
	}
	query := r.URL.Query()
	return query.Get("format") == "protobuf" || query.Get("cf_protocol") == "protobuf"
}

// ID is the client id that the protocol tells others, unique and random.
func (c *Conn) ID() string { return c.link.ID() }

// Principal is who opened the connection, empty while it is pending.
func (c *Conn) Principal() Principal { return *c.principal.Load() }

// Since is when the connection was opened.
func (c *Conn) Since() time.Time { return c.since }

// Address is what [Config.Address] told of the connection, empty without it.
func (c *Conn) Address() string { return c.from }

// Context ends when the connection begins to close. It has the values of the
// upgrade request's context.
func (c *Conn) Context() context.Context { return c.link.Socket.Context() }

// Close ends the connection with that reason; a later one has no effect. It does
// not wait. A reason that no peer may be sent is an error that wraps [ErrClose],
// and the connection ends with [CloseInternal].
func (c *Conn) Close(reason Close) error {
	reason, err := reason.sendable()
	c.end(reason)
	return err
}

// end ends the connection with a reason that can be sent.
func (c *Conn) end(reason Close) bool { return c.link.End(wireClose(reason)) }

// who is the connection's principal, shared: nobody changes it.
func (c *Conn) who() *Principal { return c.principal.Load() }

// publicInfo is what others may know of the connection.
func (c *Conn) publicInfo() ClientInfo {
	info := ClientInfo{User: c.who().UserID, Client: c.ID()}
	if own := c.info.Load(); own != nil {
		info.Conn = *own
	}
	return info
}
