package realtime

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/node"
	"github.com/yodelrt/yodel/realtime/observe"
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
	ledger    ledger
	limits    limits
	flights   flights
	observer  observe.Observer
	crowd     crowd
	node      *node.Node

	connecting atomic.Int64 // upgraded, known, and not connected yet

	rules    []*channelRule // declared before serving
	calls    sync.Map       // method -> call
	messages events         // what SendToUser and Broadcast carry
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
		channels: newChannels(), observer: together(config.Observers),
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
	h.node = h.newNode()
	if err := h.node.Join(); err != nil {
		return nil, err
	}
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
	if h.draining.Load() || h.node.CutOff() {
		refuseForNow(w, http.StatusServiceUnavailable, "unavailable")
		return
	}
	if by, full := h.roomFor(); full && waiting == nil {
		h.turnAway(w, by)
		return
	}
	c := h.newConn(r, principal, waiting)
	if by, ok := h.admit(c); !ok {
		h.turnAway(w, by)
		return
	}
	if !h.transport.serve(w, r, &c.link, principal.Origin) {
		h.dismiss(c)
	}
}

// admit counts a connection that is about to be upgraded, or says which limit
// keeps it out.
func (h *Hub) admit(c *Conn) (by observe.Limit, ok bool) {
	if !h.crowd.enter(c.from, h.config.MaxConnectionsPerAddress) {
		return observe.LimitConnectionsPerAddress, false
	}
	if c.waiting == nil {
		c.arrives(true)
		return 0, true
	}
	if err := h.porch.enter(c); err != nil {
		h.crowd.leave(c.from)
		if errors.Is(err, ErrPendingPerAddress) {
			return observe.LimitPendingPerAddress, false
		}
		return observe.LimitPending, false
	}
	return 0, true
}

// dismiss takes a connection out of what admit has counted it in.
func (h *Hub) dismiss(c *Conn) {
	h.porch.leave(c)
	h.crowd.leave(c.from)
	c.arrives(false)
}

// HasRoom reports whether a connection would be admitted now. A guard may ask it
// before it spends a credential.
func (h *Hub) HasRoom() bool {
	_, full := h.roomFor()
	return !h.draining.Load() && !h.node.CutOff() && !full
}

// AdmitPending reports whether one more pending connection from that address
// would be admitted now, as [Plain.AdmitPending] does.
func (h *Hub) AdmitPending(address string) error {
	if h.draining.Load() || h.node.CutOff() {
		return ErrClosed
	}
	return h.porch.room(address)
}

// SendToUser sends a message to every connection of a user, outside of any
// channel and on every node, and returns how many of this node took it. data is
// JSON. An error means that other nodes may not have got it.
func (h *Hub) SendToUser(ctx context.Context, userID string, data []byte) (int, error) {
	taken, err := h.sendHere(userID, data)
	if err != nil {
		return taken, err
	}
	return taken, errors.Join(ctx.Err(), h.node.Deliver(ctx, ByUser(userID), data))
}

func (h *Hub) sendHere(userID string, data []byte) (int, error) {
	frames, err := encodeMessage(data)
	if err != nil {
		return 0, err
	}
	taken := 0
	for _, c := range h.registry.find(ByUser(userID)) {
		if !c.link.isActive() {
			continue
		}
		h.ledger.owed.Add(1)
		if c.link.deliver(message{payload: frames[c.enc]}, fleeting.of(1)) {
			taken++
		}
	}
	return taken, nil
}

// Broadcast sends a message to every connection, outside of any channel and on
// every node, encoded once for each way to speak, and returns how many of this
// node took it. data is JSON. An error means that other nodes may not have got it.
func (h *Hub) Broadcast(ctx context.Context, data []byte) (int, error) {
	taken, err := h.broadcastHere(data)
	if err != nil {
		return taken, err
	}
	return taken, h.node.Deliver(ctx, All(), data)
}

func (h *Hub) broadcastHere(data []byte) (int, error) {
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

// Connections returns how many connections are active.
func (h *Hub) Connections() int { return int(h.counters.open.Load()) }

// Account returns what became of publications so far.
func (h *Hub) Account() cluster.Account { return h.ledger.account() }

// Stats returns a snapshot of the counters.
func (h *Hub) Stats() cluster.Stats { return h.counters.stats(h.porch.len()) }

// Shutdown refuses new connections, ends the open ones with [CloseShutdown], at most
// DrainRate a second and spread over DrainSpread at least, and waits until all of
// them and their handlers are done. When ctx leaves less time than that, they are
// ended faster.
// When ctx ends first, what is left is cut off and ctx's error is returned.
func (h *Hub) Shutdown(ctx context.Context) error {
	h.gate.Lock()
	h.draining.Store(true)
	h.gate.Unlock()
	defer h.node.Leave()
	everyone := append(h.registry.find(All()), h.porch.all()...)
	links := make([]*link, len(everyone))
	for i, c := range everyone {
		links[i] = &c.link
	}
	return h.transport.drain(ctx, links, pacing{h.config.DrainSpread, h.config.DrainRate})
}
