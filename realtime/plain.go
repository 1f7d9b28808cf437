package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// ErrConfig is wrapped by every error of [NewPlain]; the text says what to change.
var ErrConfig = errors.New("realtime: refused configuration")

// ErrClosed is returned for messages to a connection that has ended, and by
// calls on a handler that was shut down.
var ErrClosed = errors.New("realtime: closed")

// PlainConfig configures [NewPlain]. Zero values take the defaults named with
// each field; negative values are errors.
type PlainConfig struct {
	// Principal reads who it is from the request's context, where the guard in
	// front of the route has put it. False refuses the request with 401, so a
	// route that was mounted without its guard admits nobody. Required.
	Principal func(context.Context) (Principal, bool)

	// Recheck is asked when a connection has been registered and before it is
	// activated: a sign-out in between is seen by one of the two sides. An
	// error ends the connection with [Revoked]. Nil asks nothing.
	Recheck func(context.Context, Principal) error

	// Connect runs when a connection is active, before its first message; this
	// is the place for a greeting. An error ends it with [Internal]. The
	// context ends with the connection.
	Connect func(context.Context, *PlainConn) error

	// Disconnect runs once for each connection that was active, when it can no
	// longer be found.
	Disconnect func(*PlainConn, Close)

	// MaxMessageBytes bounds one incoming message; a longer one ends the
	// connection with code 1009. Default 65,536.
	MaxMessageBytes int64
	// OutboxBytes bounds what waits for one peer; more ends its connection
	// with [Slow]. Default 1,048,576.
	OutboxBytes int
	// MaxConnections bounds all connections; beyond it upgrades are answered
	// with 503. Default 100,000.
	MaxConnections int
	// MaxConnectionsPerUser bounds those of one user; one more is ended with
	// [TooManyConnections]. Default 10.
	MaxConnectionsPerUser int
	// MessagesPerSecond and MessageBurst bound incoming messages of one
	// connection. Beyond them the peer reads "too_many_requests"; ten bursts
	// beyond in a row end it with [Flood]. Defaults 20 and 40.
	MessagesPerSecond float64
	MessageBurst      int
	// PingInterval is the time between WebSocket pings, PongTimeout how much
	// longer than that a peer may stay silent. Defaults 25 s and 10 s.
	PingInterval time.Duration
	PongTimeout  time.Duration
	// DrainSpread is the time over which [Plain.Shutdown] spreads its closes,
	// so that clients do not return all at once. Default 1 s.
	DrainSpread time.Duration
	// Subprotocols are those that the handler speaks, best first. Default
	// "yodel".
	Subprotocols []string
	// Logger receives failures of handlers. Nil means slog.Default().
	Logger *slog.Logger
}

// Plain is a WebSocket handler for bare JSON messages: objects with a "type",
// dispatched to the handlers that [Plain.Handle] has registered, with no
// protocol besides. Safe for concurrent use.
type Plain struct {
	config    PlainConfig
	transport *transport
	registry  *registry
	counters  counters

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
	p := &Plain{config: config, registry: newRegistry()}
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

func (c PlainConfig) withDefaults() (PlainConfig, error) {
	if c.Principal == nil {
		return c, fmt.Errorf("%w: Principal is nil, so nobody would be known; read it from the context that your guard fills", ErrConfig)
	}
	negative := c.MaxMessageBytes < 0 || c.OutboxBytes < 0 || c.MaxConnections < 0 || c.MaxConnectionsPerUser < 0 ||
		c.MessagesPerSecond < 0 || c.MessageBurst < 0 || c.PingInterval < 0 || c.PongTimeout < 0 || c.DrainSpread < 0
	if negative {
		return c, fmt.Errorf("%w: a limit is negative; leave it zero for its default", ErrConfig)
	}
	orDefault(&c.MaxMessageBytes, 64<<10)
	orDefault(&c.OutboxBytes, 1<<20)
	orDefault(&c.MaxConnections, 100_000)
	orDefault(&c.MaxConnectionsPerUser, 10)
	orDefault(&c.MessagesPerSecond, 20)
	orDefault(&c.MessageBurst, 40)
	orDefault(&c.PingInterval, 25*time.Second)
	orDefault(&c.PongTimeout, 10*time.Second)
	orDefault(&c.DrainSpread, time.Second)
	if c.Subprotocols == nil {
		c.Subprotocols = []string{"yodel"}
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c, nil
}

func orDefault[T comparable](value *T, standard T) {
	var zero T
	if *value == zero {
		*value = standard
	}
}

// Handle registers the handler for one message type, in place of an earlier one.
func (p *Plain) Handle(messageType string, handler PlainHandler) {
	p.handlers.Store(messageType, handler)
}

// ServeHTTP upgrades a request that a guard has let through and returns as soon
// as the socket stands. It answers 401 without a principal, 403 for an Origin
// that the guard has not accepted, and 503 with Retry-After when it is full or
// shutting down.
func (p *Plain) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	principal, ok := p.config.Principal(r.Context())
	if !ok || principal.UserID == "" {
		p.config.Logger.Error("a socket route was reached without a principal; mount its guard in front", "path", r.URL.Path)
		refuse(w, http.StatusUnauthorized, "unauthorized", "A valid credential is required.")
		return
	}
	p.gate.RLock()
	defer p.gate.RUnlock()
	if !p.HasRoom() {
		w.Header().Set("Retry-After", "5")
		refuse(w, http.StatusServiceUnavailable, "unavailable", "Try again later.")
		return
	}
	c := p.newConn(r.Context(), principal)
	p.transport.serve(w, r, &c.link, principal.Origin)
}

// HasRoom reports whether a connection would be admitted now: the handler is
// neither full nor shutting down. A guard may ask it before it spends a
// credential.
func (p *Plain) HasRoom() bool {
	return !p.draining.Load() && p.registry.len() < p.config.MaxConnections
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
	taken, err := p.transport.broadcast(data, func(*link) bool { return true })
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
