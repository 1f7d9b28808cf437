package realtime

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/centrifugal/protocol"
)

// Hub serves channels to clients of the Centrifugo protocol, on melody. Build it
// with [New], declare channels and calls, mount it behind a guard, and end it
// with [Hub.Shutdown]. Safe for concurrent use.
type Hub struct {
	config    Config
	transport *transport
	registry  *registry[*Conn]
	porch     *porch[*Conn]
	channels  channels
	counters  counters
	ledger    Ledger

	connecting atomic.Int64 // upgraded, known, and not connected yet

	rules    []*channelRule // declared before serving
	calls    sync.Map       // method -> callHandler
	draining atomic.Bool
	gate     sync.RWMutex // held for reading while a connection begins
}

const (
	subprotocolJSON     = "centrifuge-json"
	subprotocolProtobuf = "centrifuge-protobuf"
)

// New checks the configuration and builds the hub. Errors wrap [ErrConfig].
func New(config Config) (*Hub, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	h := &Hub{
		config: config, registry: newRegistry[*Conn](), porch: newPorch[*Conn](config.MaxPending, config.MaxPendingPerAddress),
		channels: newChannels(),
	}
	h.counters.closed = map[int]uint64{}
	h.transport = newTransport(transportConfig{
		maxMessage: config.MaxMessageBytes,
		// Melody's own pings are the network's; the protocol's are sent beside them.
		ping: config.PingInterval, pong: config.PongTimeout,
		subprotocols: []string{subprotocolJSON, subprotocolProtobuf},
		panicked: func(cause any) {
			config.Logger.Error("a handler panicked", "cause", fmt.Sprint(cause))
		},
	}, h)
	return h, nil
}

// ServeHTTP upgrades a request that a guard has let through. It answers as
// [Plain.ServeHTTP] does.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	principal, known := h.config.Principal(r.Context())
	if known && principal.UserID != "" {
		h.serve(w, r, principal, nil)
		return
	}
	if h.config.Pending != nil {
		if who, pending := h.config.Pending(r.Context()); pending {
			h.serve(w, r, Principal{Origin: who.Origin}, &who)
			return
		}
	}
	h.config.Logger.Error("a socket route was reached without a principal; mount its guard in front", "path", r.URL.Path)
	refuse(w, http.StatusUnauthorized, "unauthorized", "A valid credential is required.")
}

func (h *Hub) serve(w http.ResponseWriter, r *http.Request, principal Principal, waiting *Waiting) {
	h.gate.RLock()
	defer h.gate.RUnlock()
	if h.draining.Load() || (waiting == nil && !h.HasRoom()) {
		refuseForNow(w, http.StatusServiceUnavailable, "unavailable")
		return
	}
	c := h.newConn(r, principal, waiting)
	if waiting == nil {
		c.arrives(true)
	} else {
		switch err := h.porch.enter(c); {
		case errors.Is(err, ErrPendingPerAddress):
			refuseForNow(w, http.StatusTooManyRequests, "too_many_requests")
			return
		case err != nil:
			refuseForNow(w, http.StatusServiceUnavailable, "unavailable")
			return
		}
	}
	if !h.transport.serve(w, r, &c.link, principal.Origin) {
		h.porch.leave(c)
		c.arrives(false)
	}
}

// HasRoom reports whether a connection would be admitted now. A guard may ask it
// before it spends a credential.
func (h *Hub) HasRoom() bool {
	return !h.draining.Load() && h.registry.len() < h.config.MaxConnections && h.connecting.Load() < int64(h.config.MaxConnecting)
}

// AdmitPending reports whether one more pending connection from that address
// would be admitted now, as [Plain.AdmitPending] does.
func (h *Hub) AdmitPending(address string) error {
	if h.draining.Load() {
		return ErrClosed
	}
	return h.porch.room(address)
}

// SendToUser sends a message to every connection of a user, outside of any
// channel, and returns how many took it. data is JSON.
func (h *Hub) SendToUser(ctx context.Context, userID string, data []byte) (int, error) {
	frames, err := encodeMessage(data)
	if err != nil {
		return 0, err
	}
	taken := 0
	for _, c := range h.registry.find(ByUser(userID)) {
		if c.link.isActive() && c.link.send(frames[c.enc]) {
			taken++
		}
	}
	return taken, ctx.Err()
}

// Broadcast sends a message to every connection, outside of any channel, encoded
// once for each way to speak, and returns how many took it. data is JSON.
func (h *Hub) Broadcast(_ context.Context, data []byte) (int, error) {
	frames, err := encodeMessage(data)
	if err != nil {
		return 0, err
	}
	taken := 0
	for enc, frame := range frames {
		n, err := h.transport.broadcast(frame, encoding(enc) == inProtobuf, func(*link) bool { return true })
		taken += n
		if err != nil {
			return taken, ErrClosed
		}
	}
	return taken, nil
}

// encodeMessage encodes a push that belongs to no channel, for each encoding.
func encodeMessage(data []byte) (frames [encodings][]byte, err error) {
	for enc := range encodings {
		payload, err := inJSON.payload(data)
		if err != nil {
			return frames, fmt.Errorf("encode message: %w", err)
		}
		if frames[enc], err = enc.encode(&protocol.Reply{Push: &protocol.Push{Message: &protocol.Message{Data: payload}}}); err != nil {
			return frames, fmt.Errorf("encode message: %w", err)
		}
	}
	return frames, nil
}

// Disconnect ends the selected connections and returns how many there were. It
// does not wait for them, and no peer can delay it.
func (h *Hub) Disconnect(_ context.Context, by Selector, reason Close) int {
	found := h.registry.find(by)
	for _, c := range found {
		c.link.close(reason)
	}
	return len(found)
}

// Rejudge asks Recheck again for the selected connections, and the rules of
// their channels: a connection that may not stay is ended, and a subscription
// that is no longer allowed ends with code 2000. It returns how many connections
// it has ended.
func (h *Hub) Rejudge(ctx context.Context, by Selector) int {
	ended := 0
	for _, c := range h.registry.find(by) {
		if !c.stays() {
			ended++
			continue
		}
		c.rejudgeSubscriptions(ctx)
	}
	return ended
}

// Connections returns how many connections are active.
func (h *Hub) Connections() int { return int(h.counters.open.Load()) }

// Account returns what became of publications so far.
func (h *Hub) Account() Account { return h.ledger.account() }

// Stats returns a snapshot of the counters.
func (h *Hub) Stats() Stats { return h.counters.stats(h.porch.len()) }

// Shutdown refuses new connections, ends the open ones with [Draining], spread
// over DrainSpread, and waits until all of them and their handlers are done.
// When ctx ends first, what is left is cut off and ctx's error is returned.
func (h *Hub) Shutdown(ctx context.Context) error {
	h.gate.Lock()
	h.draining.Store(true)
	h.gate.Unlock()
	everyone := append(h.registry.find(All()), h.porch.all()...)
	links := make([]*link, len(everyone))
	for i, c := range everyone {
		links[i] = &c.link
	}
	return h.transport.drain(ctx, links, h.config.DrainSpread)
}
