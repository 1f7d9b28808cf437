package adversary_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

// plainWorld is a round of the plain handler.
type plainWorld struct {
	*base
	plain *plainHandler
	conns map[string]*link // by the server's id; connections are matched by token
}

// plainRound runs one round.
func plainRound(t *testing.T, seed uint64, net network) {
	setup := newDice(seed, 0)
	w := &plainWorld{base: newBase(t, seed, net, peers), conns: map[string]*link{}}
	w.bounds = boundsOf(setup, net.fake())
	if w.kinds.has("yield") {
		w.yields = oneOf(setup, 0, 30, 500)
	}
	w.bounds.connecting = 0 // its peers can't tell who has been let in
	built, err := newPlain(w)
	if err != nil {
		t.Fatal(err)
	}
	w.plain = built
	w.serve(built)
	length, table := setup.between(100, 500), weighed(w.base, plainKinds)
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
		if d.oneIn(4) {
			w.nudge()
			continue
		}
		if w.settle(); net.fake() && d.oneIn(3) {
			w.checkQuiet()
		}
	}
	w.end(newDice(seed, uint64(at)), table)
}

// connecting is the Connect hook. The token's id names the connection.
func (w *plainWorld) connecting(ctx context.Context, c *plainConn, id string, p principal) error {
	w.called("Connect")
	how, tag, _ := strings.Cut(p.TokenID, "/")
	l := w.linkOf(tag)
	w.mu.Lock()
	if l != nil {
		l.connected, l.id = true, id
	}
	w.conns[id] = l
	w.mu.Unlock()
	err := w.act(ctx, l, "Connect", how, func(n int) { w.back(ctx, c, n) })
	if err == nil {
		w.welcoming(id, true)
	}
	return err
}

func (w *plainWorld) connOf(id string) *link {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.conns[id]
}

// disconnected is the Disconnect hook.
func (w *plainWorld) disconnected(c *plainConn, id string, _ int) {
	w.called("Disconnect")
	w.leaving(id)
	w.mu.Lock()
	how := w.opinions["disconnect"]
	delete(w.opinions, "disconnect")
	w.mu.Unlock()
	_ = w.act(c.Context(), w.connOf(id), "Disconnect", how, func(n int) { w.back(context.Background(), c, n) })
}

// handle is what the handler of messages does.
func (w *plainWorld) handle(ctx context.Context, c *plainConn, id, how string) error {
	w.called("a handler")
	if how == "error" {
		return plainError()
	}
	return w.act(ctx, w.connOf(id), "a handler", how, func(n int) { w.back(ctx, c, n) })
}

// back calls the handler from within a callback.
func (w *plainWorld) back(ctx context.Context, c *plainConn, n int) {
	me := choice{kind: "user", id: c.Principal().UserID}
	switch n % 6 {
	case 0:
		w.plain.disconnect(ctx, me, "flush")
	case 1:
		w.tell(ctx, c.Principal().UserID)
	case 2:
		w.shout(ctx)
	case 3:
		c.Close(reasons["soft"])
	case 4:
		w.plain.look()
	case 5:
		_ = c.Send(ctx, payload{N: w.stamp()})
	}
}

func (w *plainWorld) tell(ctx context.Context, user string) {
	if _, err := w.plain.SendToUser(ctx, user, payload{N: w.stamp(), To: user}); err != nil && ctx.Err() == nil && !isClosedError(err) {
		w.broken("api", "send to %s: %v", user, err)
	}
}

func (w *plainWorld) shout(ctx context.Context) {
	if _, err := w.plain.Broadcast(ctx, payload{N: w.stamp()}); err != nil && ctx.Err() == nil && !isClosedError(err) {
		w.broken("api", "broadcast: %v", err)
	}
}

// hearPlain takes a message of the server.
func (w *plainWorld) hearPlain(l *link, body []byte) {
	var m struct {
		Type string `json:"type"`
		N    uint64 `json:"n"`
		Code string `json:"code"`
		ID   uint32 `json:"id"`
	}
	if err := json.Unmarshal(body, &m); err != nil {
		w.broken("frame", "%s can't read %.100q: %v", l.tag, body, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if l.pending && !l.verifying && m.Code != "token_expired" {
		w.broken("inactive", "%s has not authenticated and got %s", l.tag, body)
	}
	if m.Type == "done" && l.servedLate(m.ID) {
		w.broken("after-shutdown", "%s asked after Shutdown had returned and got %s", l.tag, body)
	}
	if m.Type != "error" && l.expired() {
		w.broken("expired", "%s got %s, and its token ended at %s", l.tag, body, l.expires)
	}
	switch {
	case m.N > 0:
		w.hearMessage(l, body)
	case m.Type == "done":
		if m.ID <= l.last {
			w.broken("answers", "%s got the answer to %d behind that to %d", l.tag, m.ID, l.last)
		}
		l.last = m.ID
	}
}

// checkQuiet holds what the handler tells of itself against the peers.
func (w *plainWorld) checkQuiet() {
	stats := w.plain.Stats()
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.count()
	w.checkLimits(c, stats.Open, stats.Pending)
	w.checkCounters(c, stats)
	for _, l := range c.sure {
		if l.cutAt > 0 {
			w.broken("revoked", "%s of %s is still connected after %s", l.tag, l.who.user, l.cutBy)
		}
	}
}

// end ends a round.
func (w *plainWorld) end(d dice, table []kind[*plainWorld]) {
	s := w.plan(d)
	if !s.early {
		w.calm()
		if w.net.fake() {
			w.checkQuiet()
		}
	}
	s.begin(w.base, w.plain.Shutdown)
	for range d.between(5, 30) {
		if !s.early || w.stops() {
			break
		}
		if one := table[d.IntN(len(table))]; w.kinds.has(one.name) {
			one.do(w, d)
		}
		if w.nudge(); d.oneIn(5) {
			w.settle()
		}
	}
	if !s.short {
		w.calm()
	}
	s.wait(w.base)
	if s.err != nil && !s.short {
		w.broken("shutdown", "nobody is blocked, and Shutdown ran into the end of its context after %s: %v", s.took, s.err)
	}
	if s.err == nil {
		w.checkGone("Shutdown has returned")
	}
	w.leaveNobody()
	w.checkGone("everybody has hung up")
	w.checkHooks()
	w.checkGoroutines()
}

func (w *plainWorld) checkGone(when string) {
	if stats := w.plain.Stats(); stats.Open != 0 || stats.Pending != 0 {
		w.broken("left-behind", "%s, and Stats has %d open and %d pending", when, stats.Open, stats.Pending)
	}
	if n, err := w.plain.disconnect(context.Background(), choice{kind: "all"}, "soft"); n != 0 || err != nil {
		w.broken("left-behind", "%s, and %d connections are registered", when, n)
	}
}
