package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/spawn"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// ErrConfig is wrapped by every error of [NewPlain]; the text says what to change.
const ErrConfig = sentinel("realtime: refused configuration")

// ErrClosed is returned for messages to a connection that has ended, and by
// calls on a handler that was shut down.
const ErrClosed = sentinel("realtime: closed")

// Plain is a WebSocket handler for bare JSON messages: objects with a "type",
// dispatched to the handlers that [Plain.Handle] has registered, with no
// protocol besides. Safe for concurrent use.
type Plain struct {
	config    PlainConfig
	spawn     *spawn.Group
	transport *transport.Transport
	conns     *conns.Set
	counters  counters

	declared declarations
	handlers sync.Map // message type -> PlainHandler
	nextID   atomic.Uint64
}

// PlainHandler answers one type of message. message is the whole JSON object; it
// may be kept. The context ends with the connection. A [*PlainError] is told to
// the sender with its code, any other error as "internal" and logged.
//
// Messages of one connection are handled in order, one at a time.
type PlainHandler func(ctx context.Context, c *PlainConn, message json.RawMessage) error

// NewPlain checks the configuration and builds the handler. Errors wrap
// [ErrConfig].
func NewPlain(config PlainConfig) (*Plain, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	p := &Plain{config: config}
	p.counters.closed = map[int]uint64{}
	p.spawn = spawn.New(p.panicked)
	p.conns = conns.New(conns.Limits{
		Connections: config.MaxConnections, PerUser: config.MaxConnectionsPerUser,
		Pending: config.MaxPending, PendingPerAddress: config.MaxPendingPerAddress,
	}, p.spawn, p.rung)
	p.transport = transport.New(transport.Config{
		MaxMessageBytes: config.MaxMessageBytes, InboxBytes: inboxBytes, QueueBytes: config.OutboxBytes,
		Ping: config.PingInterval, Pong: config.PongTimeout, Subprotocols: config.Subprotocols, Spawn: p.spawn,
	}, plainSockets{p})
	return p, nil
}

func (p *Plain) panicked(cause any, stack []byte) {
	p.config.Logger.Error("a message handler panicked", "cause", fmt.Sprint(cause), "stack", string(stack))
}

// Handle registers the handler of one message type. An empty type, one that the
// handler has for itself ("authenticate", "refresh"), a second handler of a type, no
// handler, and a registration after the first request are errors that wrap
// [ErrConfig]. An error that nobody looks at is seen all the same: ServeHTTP then
// answers 500 and logs it.
func (p *Plain) Handle(messageType string, handler PlainHandler) error {
	return p.declared.declare(func() error {
		switch _, twice := p.handlers.Load(messageType); {
		case messageType == "":
			return fmt.Errorf("%w: a handler for messages without a type", ErrConfig)
		case messageType == authenticateType || messageType == refreshType:
			return fmt.Errorf("%w: messages of type %q are the handler's own; take another name", ErrConfig, messageType)
		case twice:
			return fmt.Errorf("%w: a second handler for messages of type %q", ErrConfig, messageType)
		case handler == nil:
			return fmt.Errorf("%w: the handler for messages of type %q is nil", ErrConfig, messageType)
		}
		p.handlers.Store(messageType, handler)
		return nil
	})
}

// ServeHTTP upgrades a request that a guard has let through and returns as soon
// as the socket stands. It answers 401 without a principal, 403 for an Origin
// that the guard has not accepted, 429 with Retry-After when too many pending
// connections come from one address, and 503 with Retry-After when it is full
// or shutting down.
func (p *Plain) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := p.declared.serve(); err != nil {
		refuseMisdeclared(w, p.config.Logger, err)
		return
	}
	principal, known := p.config.Principal(r.Context())
	if known && principal.UserID != "" {
		p.serve(w, r, principal, nil)
		return
	}
	if p.config.Pending != nil {
		if who, pending := p.config.Pending(r.Context()); pending {
			p.serve(w, r, Principal{Origin: who.Origin}, &who)
			return
		}
	}
	p.config.Logger.Error("a socket route was reached without a principal; mount its guard in front", "path", r.URL.Path)
	refuse(w, http.StatusUnauthorized, "unauthorized", "A valid credential is required.")
}

func (p *Plain) serve(w http.ResponseWriter, r *http.Request, principal Principal, pending *Waiting) {
	c, arrival := p.newConn(r.Context(), principal, pending)
	if by := p.conns.Admit(&c.link, arrival); by != conns.None {
		turnAway(w, by)
		return
	}
	if !p.transport.Serve(w, r, &c.link.Socket, principal.Origin) {
		p.conns.Gone(&c.link)
	}
}

// HasRoom reports whether a connection would be admitted now: the handler is
// neither full nor shutting down. A guard may ask it before it spends a
// credential.
func (p *Plain) HasRoom() bool { return p.conns.Room() == conns.None }

func refuseForNow(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Retry-After", "5")
	refuse(w, status, code, "Try again later.")
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	body, _ := json.Marshal(map[string]any{"error": map[string]string{"code": code, "message": message}})
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// Broadcast sends a message, encoded once, to every active connection and
// returns how many took it. A connection that cannot take it is ended with
// [CloseSlow].
func (p *Plain) Broadcast(_ context.Context, message any) (int, error) {
	data, err := json.Marshal(message)
	if err != nil {
		return 0, fmt.Errorf("encode broadcast: %w", err)
	}
	taken, err := p.transport.Broadcast(data, false, func(s *transport.Conn) bool { return plainConnOf(s).link.Active() })
	p.counters.out.Add(uint64(taken))
	if err != nil {
		return taken, ErrClosed
	}
	return taken, nil
}

// SendToUser sends a message to every active connection of a user and returns
// how many took it; none is no error.
func (p *Plain) SendToUser(ctx context.Context, userID string, message any) (int, error) {
	data, err := json.Marshal(message)
	if err != nil {
		return 0, fmt.Errorf("encode message: %w", err)
	}
	taken := 0
	for _, c := range p.find(ByUser(userID)) {
		if c.link.Active() && c.sendRaw(data) == nil {
			taken++
		}
	}
	return taken, ctx.Err()
}

// Disconnect ends the selected connections, active or not, and returns how many
// there were. It does not wait for them. A token that is being verified meanwhile,
// in a first message or a refresh, is among the selected. A reason that no peer may
// be sent is an error that wraps [ErrClose], and nothing was done.
func (p *Plain) Disconnect(_ context.Context, by Selector, reason Close) (int, error) {
	if _, err := reason.sendable(); err != nil {
		return 0, fmt.Errorf("disconnect: %w", err)
	}
	ended := 0
	for _, link := range p.conns.Revoke(by, wireClose(reason)) {
		if link.End(wireClose(reason)) {
			ended++
		}
	}
	return ended, nil
}

// Connections returns how many connections are active.
func (p *Plain) Connections() int { return p.conns.Counts().Active }

// Shutdown refuses new connections with 503, ends the open ones with [CloseShutdown],
// at most DrainRate a second and spread over DrainSpread at least, and waits until
// all of them and their hooks are done. When ctx ends first, what is left is cut
// off, handlers get another second to see that their context has ended, and ctx's
// error is returned. Only the first call has an effect; later ones wait as well.
func (p *Plain) Shutdown(ctx context.Context) error {
	defer p.transport.Close()
	return p.conns.Shutdown(ctx, wireClose(CloseShutdown), conns.Pacing{Spread: p.config.DrainSpread, Rate: p.config.DrainRate})
}

func (p *Plain) find(by Selector) []*PlainConn {
	links := p.conns.Find(by)
	found := make([]*PlainConn, len(links))
	for i, link := range links {
		found[i] = plainConnOf(&link.Socket)
	}
	return found
}
