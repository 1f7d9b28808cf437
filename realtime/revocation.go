package realtime

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Revocations keeps who was signed out, for as long as a token may live. Its
// methods are safe for concurrent use.
type Revocations interface {
	// Revoke stores a revocation before it returns. Until is the store's to set.
	Revoke(ctx context.Context, r Revocation) error
	// Follow calls take for each revocation that is kept, then for each new one
	// of whichever node, one at a time and at least once. What came while this
	// node was cut off is made up for. It returns when those that were kept have
	// been told; stop ends it.
	Follow(ctx context.Context, take func(Revocation)) (stop func(), err error)
}

// Revocation ends connections, everywhere and for good.
type Revocation struct {
	By     Selector
	Reason Close
	// At is when it was made and Until when it may be forgotten.
	At, Until time.Time
}

// clockMargin is how far the clocks of two nodes may be apart: who signs in
// within it after a revocation of their user may have to do so again.
const clockMargin = 5 * time.Second

// maxUnstored bounds the revocations that wait for an engine.
const maxUnstored = 10_000

// revoked are those that a node knows of. Safe for concurrent use.
type revoked struct {
	mu       sync.Mutex
	until    map[Selector]Revocation // by session and token
	unstored []Revocation            // that the engine does not have yet
}

// Revoke ends the selected connections with a terminal reason on every node, as
// [Hub.Disconnect] does, and returns how many there were on this one. An error
// means that it was carried out here, and that other nodes, or this one after a
// restart, may not know of it yet; it is tried again.
func (h *Hub) Revoke(ctx context.Context, by Selector, reason Close) (int, error) {
	err := h.node.store(ctx, by, reason)
	return h.disconnectHere(by, reason), errors.Join(err, h.node.tellEnd(ctx, by, reason))
}

// disconnect tells the other nodes of an end. One that is for good is stored.
func (n *node) disconnect(ctx context.Context, by Selector, reason Close) {
	if n == nil || by.kind == selectNone || (by.id == "" && by.kind != selectAll) {
		return
	}
	if n.revocations != nil && reason.Terminal() {
		if err := n.store(ctx, by, reason); err != nil {
			n.hub.config.Logger.Error("a revocation is not stored yet; it is tried again", "error", err)
		}
	}
	// What is stored is told as well: whoever is reached now need not wait.
	if err := n.tellEnd(ctx, by, reason); err != nil {
		n.hub.config.Logger.Error("other nodes were not told to end connections", "error", err)
	}
}

func (n *node) tellEnd(ctx context.Context, by Selector, reason Close) error {
	return n.tell(ctx, controlMessage{Op: opDisconnect, By: by, Code: reason.Code, Reason: reason.Reason, Flush: reason.Flush})
}

// store keeps a revocation, in the engine or until the engine is back.
func (n *node) store(ctx context.Context, by Selector, reason Close) error {
	if n == nil || n.revocations == nil || by.kind == selectNone || by.kind == selectClient {
		return nil // a client's id does not come back
	}
	r := Revocation{By: by, Reason: reason, At: time.Now()}
	if err := n.revocations.Revoke(ctx, r); err != nil {
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
func (n *node) storeLate(ctx context.Context) {
	for {
		n.known.mu.Lock()
		if len(n.known.unstored) == 0 {
			n.known.mu.Unlock()
			return
		}
		next := n.known.unstored[0]
		n.known.mu.Unlock()
		if err := n.revocations.Revoke(ctx, next); err != nil {
			return
		}
		n.known.mu.Lock()
		n.known.unstored = n.known.unstored[1:]
		n.known.mu.Unlock()
	}
}

// takeRevocation remembers a revocation before it ends what is registered, so
// that a connection which arrives at the same time sees one or the other.
func (n *node) takeRevocation(r Revocation) {
	if !r.Reason.valid() || r.By.kind == selectNone {
		n.ignored.Add(1)
		n.hub.config.Logger.Warn("a revocation was ignored that no node would make")
		return
	}
	lasting := r.By.kind == selectSession || r.By.kind == selectToken
	if lasting {
		n.known.mu.Lock()
		n.known.until[r.By] = r
		n.known.mu.Unlock()
	}
	for _, c := range hubConns(n.hub.conns.Revoke(keyOf(r.By), wireClose(r.Reason))) {
		if lasting || r.By.kind == selectUserBefore || c.since.Before(r.At.Add(clockMargin)) {
			c.end(r.Reason)
		}
	}
}

// revoked reports whether a principal's session or token was signed out. Users
// sign in again; Recheck knows which of their tokens are too old.
func (n *node) revoked(p *Principal) (Close, bool) {
	if n == nil {
		return Close{}, false
	}
	n.known.mu.Lock()
	defer n.known.mu.Unlock()
	for _, by := range []Selector{BySession(p.SessionID), ByToken(p.TokenID)} {
		if r, found := n.known.until[by]; found && by.id != "" && time.Now().Before(r.Until) {
			return r.Reason, true
		}
	}
	return Close{}, false
}

// forget lets revocations go that no token outlives.
func (n *node) forget(now time.Time) {
	n.known.mu.Lock()
	defer n.known.mu.Unlock()
	for by, r := range n.known.until {
		if !now.Before(r.Until) {
			delete(n.known.until, by)
		}
	}
}
