package realtime

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/spawn"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// Hub serves channels to clients of the Centrifugo protocol, on melody. Build it
// with [New], declare channels and calls, mount it behind a guard, and end it
// with [Hub.Shutdown]. Safe for concurrent use.
type Hub struct {
	config    Config
	spawn     *spawn.Group
	transport *transport.Transport
	conns     *conns.Set
	channels  channels
	counters  counters
	ledger    transport.Ledger
	limits    limits
	observer  Observer
	node      *node // nil: the engine joins no others

	rules    []*channelRule // declared before serving
	calls    sync.Map       // method -> call
	messages events         // what SendToUser and Broadcast carry
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
	h := &Hub{config: config, channels: newChannels(), observer: together(config.Observers)}
	h.counters.closed = map[int]uint64{}
	h.spawn = spawn.New(h.panicked)
	h.conns = conns.New(conns.Limits{
		Connections: config.MaxConnections, PerUser: config.MaxConnectionsPerUser, PerAddress: config.MaxConnectionsPerAddress,
		Pending: config.MaxPending, PendingPerAddress: config.MaxPendingPerAddress, Connecting: config.MaxConnecting,
	}, h.spawn, h.rung)
	h.transport = transport.New(transport.Config{
		MaxMessageBytes: config.MaxMessageBytes, InboxBytes: inboxBytes, QueueBytes: config.OutboxBytes,
		// Melody's own pings are the network's; the protocol's are sent beside them.
		Ping: config.PingInterval, Pong: config.PongTimeout,
		Subprotocols: []string{subprotocolJSON, subprotocolProtobuf},
		Binary:       speaksProtobuf, JoinFrames: true, Ledger: &h.ledger, Spawn: h.spawn,
	}, sockets{h})
	if err := h.join(); err != nil {
		return nil, err
	}
	return h, nil
}

// inboxBytes is what may wait for the handlers of one connection. Beyond it
// nothing more is read of the peer.
const inboxBytes = 256 << 10

// panicked logs a panic that has ended one connection, or none.
func (h *Hub) panicked(cause any, stack []byte) {
	h.config.Logger.Error("a handler panicked", "cause", fmt.Sprint(cause), "stack", string(stack))
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

func (h *Hub) serve(w http.ResponseWriter, r *http.Request, principal Principal, pending *Waiting) {
	if h.node.cutOff() {
		refuseForNow(w, http.StatusServiceUnavailable, "unavailable")
		return
	}
	c, arrival := h.newConn(r, principal, pending)
	if by := h.conns.Admit(&c.link, arrival); by != conns.None {
		h.turnAway(w, by)
		return
	}
	if !h.transport.Serve(w, r, &c.link.Socket, principal.Origin) {
		h.conns.Gone(&c.link)
	}
}

// HasRoom reports whether a connection would be admitted now. A guard may ask it
// before it spends a credential.
func (h *Hub) HasRoom() bool { return !h.node.cutOff() && h.conns.Room() == conns.None }

// AdmitPending reports whether one more pending connection from that address
// would be admitted now, as [Plain.AdmitPending] does.
func (h *Hub) AdmitPending(address string) error {
	if h.node.cutOff() {
		return ErrClosed
	}
	return pendingError(h.conns.RoomPending(address))
}

// SendToUser sends a message to every connection of a user, outside of any
// channel and on every node, and returns how many of this node took it. data is
// JSON. An error means that other nodes may not have got it.
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
	for _, c := range h.find(ByUser(userID)) {
		if c.link.Active() && c.link.Socket.Send(transport.Plain(frames[c.enc]), transport.Counts{AtMostOnce: 1}) {
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
	return taken, h.node.tell(ctx, controlMessage{Op: opBroadcast, By: All(), data: data})
}

func (h *Hub) broadcastHere(data []byte) (int, error) {
	frames, err := encodeMessage(data)
	if err != nil {
		return 0, err
	}
	taken := 0
	for enc, frame := range frames {
		n, err := h.transport.Broadcast(frame, encoding(enc) == inProtobuf, func(s *transport.Conn) bool { return connOf(s).link.Active() })
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
	ended := 0
	for _, link := range h.conns.Revoke(keyOf(by), wireClose(reason)) {
		if link.End(wireClose(reason)) {
			ended++
		}
	}
	return ended
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
	for _, c := range h.find(by) {
		if !c.stays() {
			ended++
			continue
		}
		c.rejudgeSubscriptions(ctx)
	}
	return ended
}

// Connections returns how many connections are active.
func (h *Hub) Connections() int { return h.conns.Counts().Active }

// Account returns what became of publications so far.
func (h *Hub) Account() Account { return accountOf(&h.ledger) }

// Stats returns a snapshot of the counters.
func (h *Hub) Stats() Stats { return h.counters.stats(h.conns.Counts()) }

// Shutdown refuses new connections, ends the open ones with [CloseShutdown], at most
// DrainRate a second and spread over DrainSpread at least, and waits until all of
// them and their handlers are done. When ctx leaves less time than that, they are
// ended faster.
// When ctx ends first, what is left is cut off and ctx's error is returned.
func (h *Hub) Shutdown(ctx context.Context) error {
	defer h.node.leave()
	defer h.transport.Close()
	return h.conns.Shutdown(ctx, wireClose(CloseShutdown), conns.Pacing{Spread: h.config.DrainSpread, Rate: h.config.DrainRate})
}
