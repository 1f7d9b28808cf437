package realtime

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/yodelrt/yodel/realtime/observe"
)

// Conn is one connection of a [Hub]. Safe for concurrent use.
type Conn struct {
	link      link
	hub       *Hub
	id        string
	enc       encoding
	principal atomic.Pointer[Principal]
	since     time.Time
	waiting   *Waiting    // nil for a known connection; touched by the worker alone
	address   string      // it waits or waited under
	from      string      // the address that it is counted under, empty for none
	limited   atomic.Bool // a limit ends it, and has been counted
	inbox     inbox
	batch     batch

	// Touched by the worker alone.
	limiter   *rate.Limiter
	strikes   int32 // commands over the rate in a row
	failures  int32 // commands that failed in a row
	connected bool
	welcomed  bool
	info      []byte // what others may know of it, JSON

	latest atomic.Int64  // when its latest command came, Unix nanoseconds, where MaxIdle is set
	judged atomic.Uint64 // how often its subscriptions were judged again

	changing sync.Mutex // held while a subscription is made or ended, cleaning up included

	mu        sync.Mutex
	over      bool
	arriving  bool   // counted as connecting
	standing  bool   // it has connected
	later     []wish // what the server wants of it when it stands
	subs      subscriptions
	pinged    int64         // when a ping went out that is not answered, Unix nanoseconds; 0 for none
	roundTrip time.Duration // of the latest ping that was answered
	ping      *time.Timer
	expiry    *time.Timer
	deadline  *time.Timer // to connect
	age, idle *time.Timer // until MaxAge, and MaxIdle, would be over
}

func (h *Hub) newConn(r *http.Request, principal Principal, waiting *Waiting) *Conn {
	c := &Conn{
		hub: h, id: rand.Text(), since: time.Now(), waiting: waiting,
		limiter: rate.NewLimiter(rate.Limit(h.config.CommandsPerSecond), h.config.CommandBurst),
	}
	c.principal.Store(&principal)
	if waiting != nil {
		c.address = waiting.Address
	}
	if h.config.Address != nil {
		c.from = h.config.Address(r)
	}
	if r.URL.RawQuery != "" {
		query := r.URL.Query()
		if query.Get("format") == "protobuf" || query.Get("cf_protocol") == "protobuf" {
			c.enc = inProtobuf
		}
	}
	c.link.owner = c
	c.link.ctx, c.link.cancel = context.WithCancel(context.WithoutCancel(r.Context()))
	c.link.outbox.limit, c.link.outbox.ledger = h.config.OutboxBytes, &h.ledger
	return c
}

func hubConn(l *link) *Conn { return l.owner.(*Conn) }

// ID is the client id that the protocol tells others, unique and random.
func (c *Conn) ID() string { return c.id }

// Principal is who opened the connection, empty while it is pending.
func (c *Conn) Principal() Principal { return *c.principal.Load() }

// Since is when the connection was opened.
func (c *Conn) Since() time.Time { return c.since }

// Address is what [Config.Address] told of the connection, empty without it.
func (c *Conn) Address() string { return c.from }

// Context ends when the connection begins to close. It has the values of the
// upgrade request's context.
func (c *Conn) Context() context.Context { return c.link.context() }

// Close ends the connection with that reason; a later one has no effect. It does
// not wait.
func (c *Conn) Close(reason Close) { c.link.close(reason) }

func (c *Conn) who() *Principal     { return c.principal.Load() }
func (c *Conn) become(p *Principal) { c.principal.Store(p) }
func (c *Conn) epoch() int64        { return epochOf(c.hub.config.Epoch, c.who()) }
func (c *Conn) waitsFrom() string   { return c.address }

// publicInfo is what others may know of the connection.
func (c *Conn) publicInfo() ClientInfo {
	return ClientInfo{User: c.who().UserID, Client: c.id, Conn: c.info}
}

// opened makes a known connection addressable, so that whoever revokes it finds
// it; it receives nothing until its `connect`.
func (h *Hub) opened(l *link) {
	c := hubConn(l)
	h.counters.opened.Add(1)
	if h.observer.Opened != nil {
		h.observer.Opened(c.who().Carrier)
	}
	if l.session.WebsocketConnection().Subprotocol() == subprotocolProtobuf {
		c.enc = inProtobuf
	}
	l.outbox.binary, l.outbox.joins = c.enc == inProtobuf, true
	c.deadline = time.AfterFunc(h.config.AuthDeadline, func() { l.close(CloseStale) })
	if c.waiting == nil && h.registry.add(c) > h.config.MaxConnectionsPerUser {
		l.close(CloseConnectionLimit)
	}
}

// arrives counts a connection that is on its way in, until it has connected or
// gone.
func (c *Conn) arrives(yes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.arriving == yes {
		return
	}
	c.arriving = yes
	if yes {
		c.hub.connecting.Add(1)
	} else {
		c.hub.connecting.Add(-1)
	}
}

// received hands a frame to the connection's worker.
func (h *Hub) received(l *link, frame []byte, binary bool) {
	c := hubConn(l)
	if binary != l.outbox.binary {
		l.close(CloseBadRequest)
		return
	}
	if c.pendingTooBig(frame) {
		c.refuse(observe.LimitFirstMessageBytes, CloseTooBig)
		return
	}
	h.counters.in.Add(1)
	start, ok := c.inbox.put(frame)
	if !ok {
		c.refuse(observe.LimitInboxBytes, CloseFlood)
		return
	}
	if start {
		h.transport.workers.run(c.work)
	}
}

// pendingTooBig bounds what somebody unknown may send. A connection that is not
// in the registry yet is pending.
func (c *Conn) pendingTooBig(frame []byte) bool {
	return c.who().UserID == "" && int64(len(frame)) > c.hub.config.MaxFirstMessageBytes
}

// ended takes the connection out of everything that can find it, waits for its
// worker, whose context has ended, and lets its channels know.
func (h *Hub) ended(l *link, reason Close) {
	c := hubConn(l)
	h.registry.remove(c)
	h.dismiss(c)
	c.inbox.drain()
	c.stopTimers()
	c.leaveAll(context.WithoutCancel(l.context()))
	h.counters.end(reason)
	c.countEnd(reason)
	if h.observer.Closed != nil {
		l.protect(func() {
			h.observer.Closed(observe.ConnectionEnd{Code: reason.Code, Carrier: c.who().Carrier, Lasted: time.Since(c.since)})
		})
	}
	if !c.welcomed {
		return
	}
	h.counters.open.Add(-1)
	if h.config.Disconnect != nil {
		h.config.Disconnect(c, reason)
	}
}

func (c *Conn) stopTimers() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	for _, timer := range []*time.Timer{c.ping, c.expiry, c.deadline, c.age, c.idle} {
		if timer != nil {
			timer.Stop()
		}
	}
}
