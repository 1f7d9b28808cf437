package adversary_test

import (
	"context"
	"io"
	"log"
	"strings"
	"testing"
	"time"
)

var quiet = log.New(io.Discard, "", 0)

// world is a round of the hub.
type world struct {
	*base
	hub    *hub
	engine *engine
	truth  *truth
	byID   map[string]*link

	lasting bool // the engine keeps revocations: a session or token that is ended for good stays out
}

// choice selects connections, as the library's selectors do.
type choice struct {
	kind, id string
	epoch    int64
}

// has reports whether a connection is certainly among the selected. Callers hold
// base.mu.
func (c choice) has(l *link) bool {
	switch c.kind {
	case "all":
		return true
	case "user":
		return l.who.user == c.id
	case "session":
		return c.id != "" && l.who.session == c.id
	case "token":
		return c.id != "" && l.who.token == c.id && l.refreshes == 0
	case "before":
		return l.who.user == c.id && l.who.epoch < c.epoch && l.refreshes == 0
	case "client":
		return l.connected && l.id == c.id
	}
	return false
}

// pushOptions are what a publication of the server asks for.
type pushOptions struct{ key, client, session, user string }

const peers = 16

// hubRound runs one round.
func hubRound(t *testing.T, seed uint64, net network, open func(*testing.T) engineParts) {
	setup := newDice(seed, 0)
	w := &world{base: newBase(t, seed, net, peers), truth: &truth{streams: map[string]*stream{}}, byID: map[string]*link{}}
	w.bounds = boundsOf(setup, net.fake())
	if w.kinds.has("yield") {
		w.yields = oneOf(setup, 0, 30, 500)
	}
	var parts engineParts
	inner := open(t)
	w.lasting = inner.Revocations != nil
	w.engine, parts = newEngine(w, inner)
	built, err := newHub(w, parts)
	if err != nil {
		t.Fatal(err)
	}
	w.hub = built
	w.serve(built)
	length := setup.between(100, 500)
	table := w.kindsOf(hubKinds)
	at := 1
	for ; at <= length && !w.stops(); at++ {
		w.step.Store(int64(at))
		progress.Add(1)
		d := newDice(seed, uint64(at))
		one := table[d.IntN(len(table))]
		w.trace("%s", one.name)
		if w.kinds.has(one.name) {
			one.do(w, d)
		}
		w.afterStep(d)
	}
	w.unhold()
	w.end(newDice(seed, uint64(at)))
}

// afterStep waits until all is quiet, most of the time, and looks.
func (w *world) afterStep(d dice) {
	switch {
	case w.held != nil:
		w.nudge()
		if d.oneIn(3) {
			w.unhold()
		}
	case d.oneIn(4):
		if d.oneIn(2) {
			w.nudge()
		}
	default:
		w.settle()
		if d.oneIn(3) && w.net.fake() {
			w.pass(2 * time.Millisecond) // replies that are held back to be joined
			w.settle()
			w.checkQuiet()
		}
	}
}

func (w *world) unhold() {
	if w.held != nil {
		w.held()
		w.held = nil
	}
}

// pick returns a connection that stands, nil for none.
func (w *base) pick(d dice, connected bool) *link {
	slot := d.IntN(len(w.slots))
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.slots {
		l := w.slots[(slot+i)%len(w.slots)]
		if l != nil && !l.done && !l.told && l.conn != nil && l.status == 101 && (!connected || l.connected) {
			return l
		}
	}
	return nil
}

// push publishes from the server.
func (w *world) push(ctx context.Context, channel string, with pushOptions) {
	err := w.hub.publish(ctx, channel, payload{N: w.stamp(), Pad: "push"}.bytes(), with)
	if err != nil && !strings.Contains(err.Error(), errEngine.Error()) && ctx.Err() == nil {
		w.broken("api", "publish to %s: %v", channel, err)
	}
}

// tell sends a message to whom a choice selects.
func (w *world) tell(ctx context.Context, by choice) {
	p := payload{N: w.stamp()}
	switch by.kind {
	case "user", "before":
		p.To = by.id
	case "client":
		p.Client = by.id
	}
	if err := w.hub.send(ctx, by, p.bytes()); err != nil && ctx.Err() == nil && !isClosedError(err) {
		w.broken("api", "send to %+v: %v", by, err)
	}
}
