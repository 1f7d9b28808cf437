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
	limits    limits
	flights   flights
	observer  Observer
	crowd     crowd
	node      *node // nil: the engine joins no others

	connecting atomic.Int64 // upgraded, known, and not connected yet

	declared declarations
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
	if err := h.join(); err != nil {
		return nil, err
	}
	return h, nil
}

// ServeHTTP upgrades a request that a guard has let through. It answers as
// [Plain.ServeHTTP] does.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h.declared.serve(); err != nil {
		refuseMisdeclared(w, h.config.Logger, err)
		return
	}
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
	if h.draining.Load() || h.node.cutOff() {
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
func (h *Hub) admit(c *Conn) (by Limit, ok bool) {
	if !h.crowd.enter(c.from, h.config.MaxConnectionsPerAddress) {
		return LimitConnectionsPerAddress, false
	}
	if c.waiting == nil {
		c.arrives(true)
		return 0, true
	}
	if err := h.porch.enter(c); err != nil {
		h.crowd.leave(c.from)
		if errors.Is(err, ErrPendingPerAddress) {
			return LimitPendingPerAddress, false
		}
		return LimitPending, false
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
	return !h.draining.Load() && !h.node.cutOff() && !full
}

// AdmitPending reports whether one more pending connection from that address
// would be admitted now, as [Plain.AdmitPending] does.
func (h *Hub) AdmitPending(address string) error {
	if h.draining.Load() || h.node.cutOff() {
		return ErrClosed
	}
	return h.porch.room(address)
}

// SendToUser sends a message to every connection of a user, outside of any
// channel and on every node, and returns how many of this node took it. data that
// is not JSON is [ErrNotJSON]. Any other error means that other nodes may not have got it.
func (h *Hub) SendToUser(ctx context.Context, userID string, data []byte) (int, error) {
	taken, err := h.sendHere(userID, data)
	if err != nil {
		return taken, err
	}
	return taken, errors.Join(ctx.Err(), h.node.tell(ctx, controlMessage{Op: opSend, By: ByUser(userID), data: data}))
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
// node took it. data that is not JSON is [ErrNotJSON]. Any other error means that
// other nodes may not have got it.
func (h *Hub) Broadcast(ctx context.Context, data []byte) (int, error) {
	taken, err := h.broadcastHere(data)
	if err != nil {
		return taken, err
	}
	return taken, h.node.tell(ctx, controlMessage{Op: opBroadcast, By: All(), data: data})
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
	if !isJSON(data) {
		return frames, fmt.Errorf("encode message: %w", ErrNotJSON)
	}
	for enc := range encodings {
		if frames[enc], err = enc.encode(&protocol.Reply{Push: &protocol.Push{Message: &protocol.Message{Data: data}}}); err != nil {
			return frames, fmt.Errorf("encode message: %w", err)
		}
	}
	return frames, nil
}

// Disconnect ends the selected connections on every node and returns how many
// there were on this one. It does not wait for them, and no peer can delay it. A
// token that is being verified meanwhile, in a connect or a refresh, is among the
// selected; what comes later is Recheck's to refuse.
//
// Where the engine keeps revocations, a reason that is terminal is stored before
// anything is ended: it reaches nodes that are cut off as soon as they are back,
// and who was selected by session or token is refused from then on. What can't be
// stored now is logged and tried again; use [Hub.Revoke] to learn of it.
func (h *Hub) Disconnect(ctx context.Context, by Selector, reason Close) int {
	h.node.disconnect(ctx, by, reason)
	return h.disconnectHere(by, reason)
}

// DisconnectHere is [Hub.Disconnect] on this node alone: nothing is stored and no
// other node is told. It is for what every node learns for itself, such as from
// a database that they share.
func (h *Hub) DisconnectHere(by Selector, reason Close) int { return h.disconnectHere(by, reason) }

func (h *Hub) disconnectHere(by Selector, reason Close) int {
	h.flights.revoke(by, reason)
	found := h.registry.find(by)
	for _, c := range found {
		c.link.close(reason)
	}
	return len(found)
}

// Rejudge asks Recheck again for the selected connections, and the rules of
// their channels: a connection that may not stay is ended, and a subscription
// that is no longer allowed ends with code 2000. Every node does; a node that
// was cut off asks for all of its connections when it is back. It returns how
// many connections of this node it has ended.
func (h *Hub) Rejudge(ctx context.Context, by Selector) int {
	h.node.rejudge(ctx, by)
	return h.rejudgeHere(ctx, by)
}

// RejudgeHere is [Hub.Rejudge] on this node alone, for what every node learns for
// itself.
func (h *Hub) RejudgeHere(ctx context.Context, by Selector) int { return h.rejudgeHere(ctx, by) }

func (h *Hub) rejudgeHere(ctx context.Context, by Selector) int {
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

// Shutdown refuses new connections, ends the open ones with [Draining], at most
// DrainRate a second and spread over DrainSpread at least, and waits until all of
// them and their handlers are done. When ctx leaves less time than that, they are
// ended faster.
// When ctx ends first, what is left is cut off and ctx's error is returned.
func (h *Hub) Shutdown(ctx context.Context) error {
	h.gate.Lock()
	h.draining.Store(true)
	h.gate.Unlock()
	defer h.node.leave()
	everyone := append(h.registry.find(All()), h.porch.all()...)
	links := make([]*link, len(everyone))
	for i, c := range everyone {
		links[i] = &c.link
	}
	return h.transport.drain(ctx, links, pacing{h.config.DrainSpread, h.config.DrainRate})
}
