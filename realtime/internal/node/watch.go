package node

import (
	"context"
	"time"

	"github.com/yodelrt/yodel/realtime/cluster"
)

// silence is for how long the engine has confirmed nothing.
func (n *Node) silence() time.Duration { return time.Since(n.Control.Reached()) }

// CutOff reports whether the engine has been silent for too long to let anybody in.
func (n *Node) CutOff() bool {
	return n.Control != nil && n.silence() >= n.Config.CutOff.RefuseAfter
}

// Health tells how the hub stands to its engine.
func (n *Node) Health() cluster.Health {
	if n.Control == nil {
		return cluster.Health{}
	}
	n.known.mu.Lock()
	defer n.known.mu.Unlock()
	return cluster.Health{CutOff: n.CutOff(), Silent: n.silence(), Ignored: n.ignored.Load(), Unstored: len(n.known.unstored)}
}

// missed asks for every connection again: one may have been meant.
func (n *Node) missed() {
	n.run(func(ctx context.Context) { n.Hub.Rejudge(ctx, cluster.All()) })
}

// watch looks after the bounds of a silent engine until the hub leaves.
func (n *Node) watch(ctx context.Context) {
	ticks := time.NewTicker(min(n.Config.CutOff.RefuseAfter, n.Config.CutOff.EndAfter) / 5)
	defer ticks.Stop()
	var state watchState
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			n.guarded(func() { n.look(ctx, &state) })
		}
	}
}

// watchState is what was done about a silent engine.
type watchState struct {
	away  bool      // new connections are refused, and that was logged
	ended time.Time // when it began to end connections
}

func (n *Node) look(ctx context.Context, state *watchState) {
	silence := n.silence()
	switch {
	case silence >= n.Config.CutOff.EndAfter:
		if state.ended.IsZero() {
			state.ended = time.Now()
			n.endAll(n.Spread)
		} else if time.Since(state.ended) > n.Spread {
			n.endAll(1) // who came in between
		}
	case silence >= n.Config.CutOff.RefuseAfter:
		if !state.away {
			n.Log.Error("the engine is not reached; new connections are refused", "silent_for", silence)
		}
		state.away = true
	default:
		if state.away {
			n.Log.Warn("the engine is reached again")
			n.missed()
		}
		*state = watchState{}
		if n.Revocations != nil {
			n.storeLate(ctx)
		}
	}
	n.forget(time.Now())
}

// endAll ends every connection, spread over that time.
func (n *Node) endAll(spread time.Duration) {
	if ended := n.EndAll(spread); ended > 0 {
		n.Log.Error("the engine is not reached; connections are ended", "connections", ended)
	}
}
