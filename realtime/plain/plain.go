package plain

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/counters"
	"github.com/yodelrt/yodel/realtime/internal/declare"
	"github.com/yodelrt/yodel/realtime/internal/refuse"
	"github.com/yodelrt/yodel/realtime/internal/spawn"
	"github.com/yodelrt/yodel/realtime/internal/transport"
	"github.com/yodelrt/yodel/realtime/internal/verify"
)

// Handler is a WebSocket handler for bare JSON messages: objects with a "type",
// dispatched to the handlers that [Handler.Handle] has registered, with no
// protocol besides. Safe for concurrent use.
type Handler struct {
	config    Config
	spawn     *spawn.Group
	transport *transport.Transport
	conns     *conns.Set
	counters  counters.Counters
	refusals  counters.Refusals
	checks    verify.Checks[realtime.Principal]

	declared declare.Declarations
	handlers sync.Map // message type -> HandlerFunc
	nextID   atomic.Uint64
}

// HandlerFunc answers one type of message. message is the whole JSON object; it
// may be kept. No object in it has two members of one name, and no two of its own
// members have names that differ in case alone: what the handler reads of it is what
// its type was read from. The context ends with the connection. An [Error] is told to the
// sender with its code. A [realtime.Close] ends the connection. Any other error is
// told as "internal" and logged.
//
// Messages of one connection are handled in order, one at a time.
type HandlerFunc func(ctx context.Context, c *Conn, message json.RawMessage) error

// New checks the configuration and builds the handler. Errors wrap
// [realtime.ErrConfig].
func New(config Config) (*Handler, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	p := &Handler{config: config}
	p.spawn = spawn.New(p.panicked)
	p.conns = conns.New(conns.Limits{
		Connections: config.Limits.Connections, PerUser: config.Limits.ConnectionsPerUser, PerAddress: config.Limits.ConnectionsPerAddress,
		Pending: config.Limits.Pending, PendingPerAddress: config.Limits.PendingPerAddress, Connecting: config.Limits.Connecting,
	}, p.spawn, p.rung)
	p.checks = verify.Checks[realtime.Principal]{
		Conns: p.conns, Spawn: p.spawn, Errors: checkErrors,
		Verify: config.Verify, Principal: config.Principal, Epoch: config.Epoch, Recheck: config.Recheck,
	}
	p.transport = transport.New(transport.Config{
		MaxMessageBytes: int64(config.Limits.MessageBytes), InboxBytes: transport.DefaultInboxBytes, QueueBytes: config.Limits.QueueBytes,
		Ping: config.PingInterval, Pong: config.PongTimeout, Subprotocols: config.Subprotocols, Spawn: p.spawn,
	}, sockets{p})
	return p, nil
}

func (p *Handler) panicked(cause any, stack []byte) {
	p.config.Logger.Error("a message handler panicked", "cause", fmt.Sprint(cause), "stack", string(stack))
}

// Handle registers the handler of one message type. An empty type, one that the
// handler has for itself ("authenticate", "refresh"), a second handler of a type, no
// handler, and a registration after the first request are errors that wrap
// [realtime.ErrConfig]. An error that nobody looks at is seen all the same: ServeHTTP then
// answers 500 and logs it.
func (p *Handler) Handle(messageType string, handler HandlerFunc) error {
	return p.declared.Add(realtime.ErrConfig, func() error {
		switch _, twice := p.handlers.Load(messageType); {
		case messageType == "":
			return fmt.Errorf("%w: a handler for messages without a type", realtime.ErrConfig)
		case messageType == authenticateType || messageType == refreshType:
			return fmt.Errorf("%w: messages of type %q are the handler's own; take another name", realtime.ErrConfig, messageType)
		case twice:
			return fmt.Errorf("%w: a second handler for messages of type %q", realtime.ErrConfig, messageType)
		case handler == nil:
			return fmt.Errorf("%w: the handler for messages of type %q is nil", realtime.ErrConfig, messageType)
		}
		p.handlers.Store(messageType, handler)
		return nil
	})
}

// ServeHTTP upgrades a request that a guard has let through and returns as soon
// as the socket stands. It answers 401 without a principal, 403 for an Origin
// that the guard has not accepted, 429 with Retry-After when too many
// connections come from one address, and 503 with Retry-After when it is full
// or shutting down.
func (p *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := p.declared.Serve(); err != nil {
		refuse.Misdeclared(w, p.config.Logger, err)
		return
	}
	principal, known := p.config.Principal(r.Context())
	if known && principal.UserID != "" {
		p.serve(w, r, principal, nil)
		return
	}
	if p.config.Pending != nil {
		if who, pending := p.config.Pending(r.Context()); pending {
			p.serve(w, r, realtime.Principal{Origin: who.Origin}, &who)
			return
		}
	}
	refuse.Unauthorized(w, r, p.config.Logger)
}

func (p *Handler) serve(w http.ResponseWriter, r *http.Request, principal realtime.Principal, pending *realtime.PendingInfo) {
	c, arrival := p.newConn(r, principal, pending)
	if by := p.conns.Admit(&c.link, arrival); by != conns.None {
		if limit, counted := counters.Admission(by); counted {
			p.refused(limit)
		}
		refuse.Full(w, by)
		return
	}
	if !p.transport.Serve(w, r, &c.link.Socket, principal.Origin) {
		p.conns.Gone(&c.link)
	}
}

// HasRoom reports whether a connection would be admitted now: the handler is
// neither full nor shutting down. A guard may ask it before it spends a
// credential.
func (p *Handler) HasRoom() bool { return p.conns.Room() == conns.None }

// Broadcast sends a message, encoded once, to every active connection and
// returns how many took it. A connection that cannot take it is ended with
// [realtime.CloseSlow].
func (p *Handler) Broadcast(_ context.Context, message any) (int, error) {
	data, err := encode(message)
	if err != nil {
		return 0, err
	}
	taken, err := p.transport.Broadcast(data, false, func(s *transport.Conn) bool { return connOf(s).link.Active() })
	p.counters.Out.Add(uint64(taken))
	if err != nil {
		return taken, realtime.ErrClosed
	}
	return taken, nil
}

// SendToUser sends a message to every active connection of a user and returns
// how many took it; none is no error.
func (p *Handler) SendToUser(ctx context.Context, userID string, message any) (int, error) {
	data, err := encode(message)
	if err != nil {
		return 0, err
	}
	taken := 0
	for _, c := range p.find(realtime.ByUser(userID)) {
		if c.link.Active() && c.sendRaw(data) == nil {
			taken++
		}
	}
	return taken, ctx.Err()
}

// Disconnect ends the selected connections, active or not, and returns how many
// there were. It does not wait for them. A token that is being verified meanwhile,
// in a first message or a refresh, is among the selected. A reason that no peer may
// be sent is an error that wraps [realtime.ErrClose], and nothing was done.
func (p *Handler) Disconnect(_ context.Context, by realtime.Selector, reason realtime.Close) (int, error) {
	sent, err := sendable(reason)
	if err != nil {
		return 0, fmt.Errorf("disconnect: %w", err)
	}
	ended := 0
	for _, link := range p.conns.Revoke(by, sent) {
		if link.End(sent) {
			ended++
		}
	}
	return ended, nil
}

// Stats returns a snapshot of the counters.
func (p *Handler) Stats() cluster.Stats { return p.counters.Stats(p.conns.Counts()) }

// Connections returns how many connections are active.
func (p *Handler) Connections() int { return p.conns.Counts().Active }

// Shutdown refuses new connections with 503, ends the open ones with [realtime.CloseShutdown],
// at most DrainRate a second and spread over DrainSpread at least, and waits until
// all of them and their hooks are done. When ctx ends first, what is left is cut
// off, handlers get another second to see that their context has ended, and ctx's
// error is returned. Only the first call has an effect; later ones wait as well.
func (p *Handler) Shutdown(ctx context.Context) error {
	defer p.transport.Close()
	return p.conns.Shutdown(ctx, transport.Close(realtime.CloseShutdown), conns.Pacing{Spread: p.config.DrainSpread, Rate: p.config.DrainRate})
}

func (p *Handler) find(by realtime.Selector) []*Conn {
	links := p.conns.Find(by)
	found := make([]*Conn, len(links))
	for i, link := range links {
		found[i] = connOf(&link.Socket)
	}
	return found
}
