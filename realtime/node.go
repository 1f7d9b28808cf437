package realtime

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// CutOff bounds what a node does that no longer reaches its engine: it can't
// know any more who was signed out elsewhere.
type CutOff struct {
	// RefuseAfter is how long the engine may be silent before new connections
	// are answered with 503. Default 5 s.
	RefuseAfter time.Duration
	// EndAfter is how long until the node ends its connections with [CloseReconnect],
	// spread over DrainSpread. Default 30 s.
	EndAfter time.Duration
}

// joinTimeout bounds how long [New] waits for the engine.
const joinTimeout = 15 * time.Second

// node is this hub among those that share its engine. A nil node is alone.
type node struct {
	hub         *Hub
	identity    atomic.Pointer[Node] // who this is to the others, from when it has joined
	surveys     surveys
	control     Control
	revocations Revocations
	ignored     atomic.Uint64
	known       revoked
	channels    [len(channels{}.shards)]int // as last counted, by shard; touched by self alone
	counting    sync.Mutex

	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup
	once    sync.Once
	leaving []func()
}

// join makes the hub one of those that share its engine, if it can be.
func (h *Hub) join() error {
	if h.config.Engine.Control == nil {
		return nil
	}
	n := &node{hub: h, control: h.config.Engine.Control, revocations: h.config.Engine.Revocations}
	n.known.until = map[Selector]Revocation{}
	n.ctx, n.stop = context.WithCancel(context.Background())
	ctx, cancel := context.WithTimeout(n.ctx, joinTimeout)
	defer cancel()
	h.node = n
	id, leave, err := n.control.Join(ctx, Member{Self: n.self, Receive: n.receive, Missed: n.missed})
	if err != nil {
		n.stop()
		return fmt.Errorf("join the engine: %w", err)
	}
	n.identity.Store(&id)
	n.leaving = append(n.leaving, leave)
	if n.revocations != nil {
		stop, err := n.revocations.Follow(ctx, n.takeRevocation)
		if err != nil {
			n.leave()
			return fmt.Errorf("read the engine's revocations: %w", err)
		}
		n.leaving = append(n.leaving, stop)
	}
	n.running.Go(n.keep)
	return nil
}

// leave takes the hub out. It waits for what runs.
func (n *node) leave() {
	if n == nil {
		return
	}
	n.once.Do(func() {
		for _, leave := range n.leaving {
			leave()
		}
		n.stop()
	})
	n.running.Wait()
}

// later runs work that may take its time, unless the hub has left.
func (n *node) later(work func(ctx context.Context)) {
	if n.ctx.Err() == nil {
		n.running.Go(func() { work(n.ctx) })
	}
}

// self is how this hub stands. It waits for no shard: one that is busy with the
// engine keeps its last number.
func (n *node) self() Node {
	n.counting.Lock()
	defer n.counting.Unlock()
	total := 0
	for i, shard := range n.hub.channels.shards {
		if shard.mu.TryLock() {
			n.channels[i] = len(shard.channels)
			shard.mu.Unlock()
		}
		total += n.channels[i]
	}
	return Node{Connections: n.hub.Connections(), Channels: total}
}

// itself is this hub as the others know it.
func (n *node) itself() Node {
	known := n.self()
	if id := n.identity.Load(); id != nil {
		known.ID, known.Name, known.Started = id.ID, id.Name, id.Started
	}
	known.Seen = time.Now()
	return known
}

// silence is for how long the engine has confirmed nothing.
func (n *node) silence() time.Duration { return time.Since(n.control.Reached()) }

// cutOff reports whether the engine has been silent for too long to let anybody in.
func (n *node) cutOff() bool {
	return n != nil && n.silence() >= n.hub.config.CutOff.RefuseAfter
}

// missed asks for every connection again: one may have been meant.
func (n *node) missed() {
	n.later(func(ctx context.Context) { n.hub.rejudgeHere(ctx, All()) })
}

// keep looks after the bounds until the hub leaves.
func (n *node) keep() {
	ticks := time.NewTicker(min(n.hub.config.CutOff.RefuseAfter, n.hub.config.CutOff.EndAfter) / 5)
	defer ticks.Stop()
	away, ended := false, time.Time{} // when it began to end connections
	for {
		select {
		case <-n.ctx.Done():
			return
		case <-ticks.C:
		}
		silence := n.silence()
		switch {
		case silence >= n.hub.config.CutOff.EndAfter:
			if ended.IsZero() {
				ended = time.Now()
				n.endAll(n.hub.config.DrainSpread)
			} else if time.Since(ended) > n.hub.config.DrainSpread {
				n.endAll(1) // who came in between
			}
		case silence >= n.hub.config.CutOff.RefuseAfter:
			if !away {
				n.hub.config.Logger.Error("the engine is not reached; new connections are refused", "silent_for", silence)
			}
			away = true
		default:
			if away {
				n.hub.config.Logger.Warn("the engine is reached again")
				n.missed()
			}
			away, ended = false, time.Time{}
			if n.revocations != nil {
				n.storeLate(n.ctx)
			}
		}
		n.forget(time.Now())
	}
}

// endAll ends every connection, spread over that time.
func (n *node) endAll(spread time.Duration) {
	everyone := n.hub.conns.Everyone()
	if len(everyone) == 0 {
		return
	}
	n.hub.config.Logger.Error("the engine is not reached; connections are ended", "connections", len(everyone))
	n.hub.conns.Pace(everyone, spread, wireClose(CloseReconnect))
}

// Nodes returns the nodes that share the engine, this one included.
func (h *Hub) Nodes(ctx context.Context) ([]Node, error) {
	if h.node == nil {
		return []Node{{ID: "self", Seen: time.Now(), Connections: h.Connections(), Channels: len(h.Channels())}}, nil
	}
	return h.node.control.Nodes(ctx)
}

// EngineHealth is how a hub stands to its engine.
type EngineHealth struct {
	// CutOff says that the engine has been silent for longer than
	// CutOff.RefuseAfter: new connections are refused.
	CutOff bool
	// Silent is for how long; zero without other nodes.
	Silent time.Duration
	// Ignored counts control messages and revocations that no node would send.
	Ignored uint64
	// Unstored are revocations that the engine does not have yet.
	Unstored int
}

// Standing tells it, for health checks and metrics.
func (h *Hub) EngineHealth() EngineHealth {
	if h.node == nil {
		return EngineHealth{}
	}
	h.node.known.mu.Lock()
	defer h.node.known.mu.Unlock()
	return EngineHealth{CutOff: h.node.cutOff(), Silent: h.node.silence(), Ignored: h.node.ignored.Load(), Unstored: len(h.node.known.unstored)}
}
