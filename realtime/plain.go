package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
)

// ErrConfig is wrapped by every error of [NewPlain]; the text says what to change.
var ErrConfig = errors.New("realtime: refused configuration")

// ErrClosed is returned for messages to a connection that has ended, and by
// calls on a handler that was shut down.
var ErrClosed = errors.New("realtime: closed")

// Plain is a WebSocket handler for bare JSON messages: objects with a "type",
// dispatched to the handlers that [Plain.Handle] has registered, with no
// protocol besides. Safe for concurrent use.
type Plain struct {
	config    PlainConfig
	transport *transport
	registry  *registry[*PlainConn]
	porch     *porch[*PlainConn]
	counters  counters

	declared declarations
	handlers sync.Map // message type -> PlainHandler
	draining atomic.Bool
	gate     sync.RWMutex // held for reading while a connection begins
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
	p := &Plain{config: config, registry: newRegistry[*PlainConn](), porch: newPorch[*PlainConn](config.MaxPending, config.MaxPendingPerAddress)}
	p.counters.closed = map[int]uint64{}
	p.transport = newTransport(transportConfig{
		maxMessage:   config.MaxMessageBytes,
		ping:         config.PingInterval,
		pong:         config.PongTimeout,
		subprotocols: config.Subprotocols,
		panicked: func(cause any) {
			config.Logger.Error("a message handler panicked", "cause", fmt.Sprint(cause))
		},
	}, p)
	return p, nil
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
		p.serveKnown(w, r, principal)
		return
	}
	if p.config.Pending != nil {
		if who, pending := p.config.Pending(r.Context()); pending {
			p.servePending(w, r, who)
			return
		}
	}
	p.config.Logger.Error("a socket route was reached without a principal; mount its guard in front", "path", r.URL.Path)
	refuse(w, http.StatusUnauthorized, "unauthorized", "A valid credential is required.")
}

func (p *Plain) serveKnown(w http.ResponseWriter, r *http.Request, principal Principal) {
	p.gate.RLock()
	defer p.gate.RUnlock()
	if !p.HasRoom() {
		refuseForNow(w, http.StatusServiceUnavailable, "unavailable")
		return
	}
	c := p.newConn(r.Context())
	c.principal.Store(&principal)
	p.transport.serve(w, r, &c.link, principal.Origin)
}

// HasRoom reports whether a connection would be admitted now: the handler is
// neither full nor shutting down. A guard may ask it before it spends a
// credential.
func (p *Plain) HasRoom() bool {
	return !p.draining.Load() && p.registry.len() < p.config.MaxConnections
}

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
// [Slow].
func (p *Plain) Broadcast(_ context.Context, message any) (int, error) {
	data, err := json.Marshal(message)
	if err != nil {
		return 0, fmt.Errorf("encode broadcast: %w", err)
	}
	taken, err := p.transport.broadcast(data, false, func(*link) bool { return true })
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
	for _, c := range p.registry.find(ByUser(userID)) {
		if c.link.isActive() && c.sendRaw(data) == nil {
			taken++
		}
	}
	return taken, ctx.Err()
}

// Disconnect ends the selected connections, active or not, and returns how many
// there were. It does not wait for them.
func (p *Plain) Disconnect(_ context.Context, by Selector, reason Close) int {
	found := p.registry.find(by)
	for _, c := range found {
		c.link.close(reason)
	}
	return len(found)
}

// Connections returns how many connections are active.
func (p *Plain) Connections() int { return int(p.counters.open.Load()) }
