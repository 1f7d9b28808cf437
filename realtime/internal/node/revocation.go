package node

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// clockMargin is how far the clocks of two nodes may be apart: who signs in
// within it after a revocation of their user may have to do so again.
const clockMargin = 5 * time.Second

// maxUnstored bounds the revocations that wait for an engine.
const maxUnstored = 10_000

// revoked are those that a node knows of. Safe for concurrent use.
type revoked struct {
	mu       sync.Mutex
	until    map[cluster.Selector]cluster.Revocation // by session and token
	unstored []cluster.Revocation                    // that the engine does not have yet
}

// store keeps a revocation, in the engine or until the engine is back.
func (n *Node) store(ctx context.Context, e End) error {
	if n.Revocations == nil || n.Control == nil || e.By.Empty() || e.By.Kind() == cluster.KindClient {
		return nil // a client's id does not come back
	}
	r := cluster.Revocation{By: e.By, Code: e.Code, Reason: e.Reason, Flush: e.Flush, At: time.Now()}
	if err := n.Revocations.Revoke(ctx, r); err != nil {
		n.known.mu.Lock()
		defer n.known.mu.Unlock()
		if len(n.known.unstored) < maxUnstored {
			n.known.unstored = append(n.known.unstored, r)
		}
		return fmt.Errorf("store a revocation: %w", err)
	}
	return nil
}

// storeLate tries again what could not be stored.
func (n *Node) storeLate(ctx context.Context) {
	for {
		n.known.mu.Lock()
		if len(n.known.unstored) == 0 {
			n.known.mu.Unlock()
			return
		}
		next := n.known.unstored[0]
		n.known.mu.Unlock()
		if err := n.Revocations.Revoke(ctx, next); err != nil {
			return
		}
		n.known.mu.Lock()
		n.known.unstored = n.known.unstored[1:]
		n.known.mu.Unlock()
	}
}

func endOf(r cluster.Revocation) End {
	return End{By: r.By, Close: transport.Close{Code: r.Code, Reason: r.Reason, Flush: r.Flush}}
}

// take remembers a revocation before it ends what is registered, so that a
// connection which arrives at the same time sees one or the other.
func (n *Node) take(r cluster.Revocation) {
	e := endOf(r)
	if e.Problem() != "" || r.By.Kind() == cluster.KindNone {
		n.ignored.Add(1)
		n.Log.Warn("a revocation was ignored that no node would make")
		return
	}
	switch r.By.Kind() {
	case cluster.KindSession, cluster.KindToken:
		n.known.mu.Lock()
		n.known.until[r.By] = r
		n.known.mu.Unlock()
	case cluster.KindUserBefore: // the epoch tells who has come since
	default:
		e.OpenedBefore = r.At.Add(clockMargin)
	}
	n.guarded(func() { n.Hub.End(e) })
}

// Revoked reports whether a session or token was signed out, and how. Users sign
// in again; the application's Recheck knows which of their tokens are too old.
func (n *Node) Revoked(session, token string) (End, bool) {
	if n.Revocations == nil || n.Control == nil {
		return End{}, false
	}
	n.known.mu.Lock()
	defer n.known.mu.Unlock()
	for _, by := range []cluster.Selector{cluster.BySession(session), cluster.ByToken(token)} {
		if r, found := n.known.until[by]; found && !by.Empty() && time.Now().Before(r.Until) {
			return endOf(r), true
		}
	}
	return End{}, false
}

// forget lets revocations go that no token outlives.
func (n *Node) forget(now time.Time) {
	n.known.mu.Lock()
	defer n.known.mu.Unlock()
	for by, r := range n.known.until {
		if !now.Before(r.Until) {
			delete(n.known.until, by)
		}
	}
}
