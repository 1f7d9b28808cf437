// Package node is one hub among those that share its engine: it joins them, tells
// them what this hub was ordered and carries out what they tell, knows who was
// signed out, and watches whether the engine is still there.
package node

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// Hub is what a node orders its own hub. The methods act on this node alone and
// are safe for concurrent use.
type Hub interface {
	// End ends the selected connections, those included whose token is being
	// verified, and returns how many there were.
	End(End) int
	// Rejudge asks again whether the selected connections may stay, and returns
	// how many it has ended.
	Rejudge(ctx context.Context, by cluster.Selector) int
	// Deliver sends a message to the selected connections.
	Deliver(by cluster.Selector, data []byte) error
	// Info answers a query, without a name for the node.
	Info(q cluster.InfoQuery) cluster.NodeInfo
}

// End says which connections end, and how.
type End struct {
	By cluster.Selector
	transport.Close
	// OpenedBefore spares connections that were opened later; zero spares none.
	OpenedBefore time.Time
}

// Config says whose node it is.
type Config struct {
	Hub Hub
	// Control and Revocations are the engine's. Without Control a node is alone,
	// without Revocations nothing is stored.
	Control     cluster.Control
	Revocations cluster.Revocations
	// CutOff and Spread bound what is done without the engine. EndAll ends every
	// connection, spread over that time, and returns how many there were.
	CutOff cluster.CutOff
	Spread time.Duration
	EndAll func(spread time.Duration) int
	// Count counts the connections and channels of the hub. It must not wait for
	// anything that the engine holds up.
	Count func() (connections, channels int)
	// Go runs work beside its caller, in every case: [Node.Leave] waits for it.
	Go  func(work func())
	Log *slog.Logger
}

// joinTimeout bounds how long [Node.Join] waits for the engine.
const joinTimeout = 15 * time.Second

// Node is this hub among those that share its engine. Safe for concurrent use.
type Node struct {
	Config
	identity atomic.Pointer[cluster.Node] // who this is to the others, from when it has joined
	asked    queries
	ignored  atomic.Uint64
	known    revoked

	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup
	once    sync.Once
	leaving []func()
}

// New builds a node that has not joined yet.
func New(config Config) *Node {
	n := &Node{Config: config}
	n.known.until = map[cluster.Selector]cluster.Revocation{}
	n.ctx, n.stop = context.WithCancel(context.Background())
	return n
}

// Join makes the hub one of those that share its engine, if it can be.
func (n *Node) Join() error {
	if n.Control == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(n.ctx, joinTimeout)
	defer cancel()
	id, leave, err := n.Control.Join(ctx, cluster.Member{Self: n.count, Receive: n.receive, Missed: n.missed})
	if err != nil {
		n.stop()
		return fmt.Errorf("join the engine: %w", err)
	}
	n.identity.Store(&id)
	n.leaving = append(n.leaving, leave)
	if n.Revocations != nil {
		stop, err := n.Revocations.Follow(ctx, n.take)
		if err != nil {
			n.Leave()
			return fmt.Errorf("read the engine's revocations: %w", err)
		}
		n.leaving = append(n.leaving, stop)
	}
	n.run(n.watch)
	return nil
}

// Leave takes the hub out. It waits for what runs.
func (n *Node) Leave() {
	n.once.Do(func() {
		for _, leave := range n.leaving {
			leave()
		}
		n.stop()
	})
	n.running.Wait()
}

// run starts work that [Node.Leave] waits for, unless the hub has left.
func (n *Node) run(work func(ctx context.Context)) {
	if n.ctx.Err() != nil {
		return
	}
	n.running.Add(1)
	n.Go(func() {
		defer n.running.Done()
		n.guarded(func() { work(n.ctx) })
	})
}

// guarded runs work that the engine or another node has asked for. A panic in it
// is logged: it must end neither the process nor the engine's own goroutine.
func (n *Node) guarded(work func()) {
	defer func() {
		if cause := recover(); cause != nil {
			n.Log.Error("what another node or the engine has asked for panicked", "cause", fmt.Sprint(cause))
		}
	}()
	work()
}

// count is how this hub stands, for the others.
func (n *Node) count() (self cluster.Node) {
	n.guarded(func() { self.Connections, self.Channels = n.Count() })
	return self
}

// self is this hub as the others know it; alone, it has no name.
func (n *Node) self() cluster.Node {
	if n.Control == nil {
		return cluster.Node{}
	}
	known := n.count()
	if id := n.identity.Load(); id != nil {
		known.ID, known.Name, known.Started = id.ID, id.Name, id.Started
	}
	known.Seen = time.Now()
	return known
}

// Nodes returns the nodes that share the engine, this one included.
func (n *Node) Nodes(ctx context.Context) ([]cluster.Node, error) {
	if n.Control == nil {
		here := n.Hub.Info(cluster.InfoQuery{})
		return []cluster.Node{{ID: "self", Seen: time.Now(), Connections: here.Stats.Open, Channels: here.Followed}}, nil
	}
	return n.Control.Nodes(ctx)
}
