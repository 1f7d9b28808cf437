package realtime

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/counters"
	"github.com/yodelrt/yodel/realtime/internal/declare"
	"github.com/yodelrt/yodel/realtime/internal/node"
	"github.com/yodelrt/yodel/realtime/internal/refuse"
	"github.com/yodelrt/yodel/realtime/internal/spawn"
	"github.com/yodelrt/yodel/realtime/internal/transport"
	"github.com/yodelrt/yodel/realtime/internal/verify"
	"github.com/yodelrt/yodel/realtime/observe"
)

// Hub serves channels to clients of the Centrifugo protocol, on melody. Build it
// with [New], declare channels and calls, mount it behind a guard, and end it
// with [Hub.Shutdown]. Safe for concurrent use.
type Hub struct {
	config    Config
	spawn     *spawn.Group // of connections
	nodeWork  *spawn.Group
	transport *transport.Transport
	conns     *conns.Set
	channels  channels
	counters  counters.Counters
	ledger    transport.Ledger
	refusals  counters.Refusals
	observer  observe.Observer
	node      *node.Node
	checks    verify.Checks[Principal]

	channelsSet bool // Limits.Channels is the application's own

	declared declare.Declarations
	rules    []*channelRule // declared before serving
	calls    sync.Map       // method -> call
	messages events         // what Send carries
}

const (
	subprotocolJSON     = "centrifuge-json"
	subprotocolProtobuf = "centrifuge-protobuf"
)

// New checks the configuration and builds the hub. Errors wrap [ErrConfig].
func New(config Config) (*Hub, error) {
	channelsSet := config.Limits.Channels != 0
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	h := &Hub{config: config, channelsSet: channelsSet, channels: newChannels(), observer: together(config.Observers)}
	h.spawn, h.nodeWork = spawn.New(h.panicked), spawn.New(h.panicked)
	h.conns = conns.New(conns.Limits{
		Connections: config.Limits.Connections, PerUser: config.Limits.ConnectionsPerUser, PerAddress: config.Limits.ConnectionsPerAddress,
		Pending: config.Limits.Pending, PendingPerAddress: config.Limits.PendingPerAddress, Connecting: config.Limits.Connecting,
	}, h.spawn, h.rung)
	h.checks = verify.Checks[Principal]{
		Conns: h.conns, Spawn: h.spawn, Errors: checkErrors,
		Verify: config.Verify, Principal: config.Principal, Epoch: config.Epoch, Recheck: config.Recheck,
	}
	h.transport = transport.New(transport.Config{
		MaxMessageBytes: int64(config.Limits.MessageBytes), InboxBytes: transport.DefaultInboxBytes, QueueBytes: config.Limits.QueueBytes,
		// Melody's own pings are the network's; the protocol's are sent beside them.
		Ping: config.PingInterval, Pong: config.PongTimeout,
		Subprotocols: []string{subprotocolJSON, subprotocolProtobuf},
		Binary:       speaksProtobuf, JoinFrames: true, Ledger: &h.ledger, Spawn: h.spawn,
	}, sockets{h})
	h.node = h.newNode()
	if err := h.node.Join(); err != nil {
		return nil, err
	}
	return h, nil
}

// panicked logs a panic that has ended one connection, or none.
func (h *Hub) panicked(cause any, stack []byte) {
	h.config.Logger.Error("a handler panicked", "cause", fmt.Sprint(cause), "stack", string(stack))
}

// ServeHTTP upgrades a request that a guard has let through and returns as soon as
// the socket stands. It answers 401 without a principal, 403 for an Origin that the
// guard has not accepted, 429 with Retry-After when too many connections come from
// one address, and 503 with Retry-After when it is full or shutting down.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h.declared.Serve(); err != nil {
		refuse.Misdeclared(w, h.config.Logger, err)
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
	refuse.Unauthorized(w, r, h.config.Logger)
}

func (h *Hub) serve(w http.ResponseWriter, r *http.Request, principal Principal, pending *PendingInfo) {
	if h.node.CutOff() {
		refuse.Unavailable(w)
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
func (h *Hub) HasRoom() bool { return !h.node.CutOff() && h.conns.Room() == conns.None }

// AdmitPending reports whether one more pending connection from that address
// would be admitted now, with [ErrPendingPerAddress], [ErrPending] or [ErrClosed]. A
// guard asks it before it spends a ticket.
func (h *Hub) AdmitPending(address string) error {
	if h.node.CutOff() {
		return ErrClosed
	}
	return pendingErrors.Of(h.conns.RoomPending(address))
}

// Connections returns how many connections are active.
func (h *Hub) Connections() int { return h.conns.Counts().Active }

// Account returns what became of publications so far.
func (h *Hub) Account() cluster.Account { return accountOf(&h.ledger) }

// Stats returns a snapshot of the counters.
func (h *Hub) Stats() cluster.Stats { return h.counters.Stats(h.conns.Counts()) }

// Shutdown refuses new connections, ends the open ones with [CloseShutdown], at most
// DrainRate a second and spread over DrainSpread at least, and waits until all of
// them and their handlers are done. When ctx leaves less time than that, they are
// ended faster.
// When ctx ends first, what is left is cut off and ctx's error is returned.
func (h *Hub) Shutdown(ctx context.Context) error {
	defer h.node.Leave()
	defer h.transport.Close()
	return h.conns.Shutdown(ctx, wireClose(CloseShutdown), conns.Pacing{Spread: h.config.DrainSpread, Rate: h.config.DrainRate})
}
