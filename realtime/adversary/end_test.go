package adversary_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/centrifugal/protocol"
)

// shutdown is how a round ends.
type shutdown struct {
	early bool          // in the middle of everything
	short bool          // with less time than that may need
	limit time.Duration // of its context
	err   error
	took  time.Duration
	done  chan struct{}
}

// plan draws how a round ends.
func (b *base) plan(d dice) *shutdown {
	s := &shutdown{limit: time.Minute, done: make(chan struct{})}
	s.early = b.kinds.has("shutdown-early") && d.oneIn(2)
	if !b.net.fake() {
		s.limit = 5 * time.Second
	}
	if s.short = s.early && b.kinds.has("shutdown-short") && d.oneIn(3); s.short {
		s.limit /= 20
	}
	return s
}

// begin calls Shutdown in a goroutine of its own.
func (s *shutdown) begin(b *base, call func(context.Context) error) {
	b.mu.Lock()
	b.ending = true
	b.mu.Unlock()
	b.trace("shutdown within %s", s.limit)
	begun := now()
	b.apart("Shutdown", func() {
		defer close(s.done)
		ctx, cancel := context.WithTimeout(context.Background(), s.limit)
		defer cancel()
		s.err = call(ctx)
		s.took = now().Sub(begun)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.ended, b.endedAt, b.clean = true, b.stamp(), s.err == nil
		b.trace("shutdown took %s: %v", s.took, s.err)
	})
}

// calm ends everything that was asked to go wrong.
func (b *base) calm() {
	b.gates.releaseAll(true)
	b.mu.Lock()
	b.opinions, b.armed = map[string]string{}, map[string]bool{}
	links := append([]*link{}, b.links...)
	b.mu.Unlock()
	for _, l := range links {
		l.resume()
	}
	b.pass(5 * time.Second) // callbacks that sleep
	b.settle()
}

// wait waits for Shutdown to return, in time.
func (s *shutdown) wait(b *base) {
	bound := s.limit + 5*time.Second
	if !b.until(bound, func() bool {
		select {
		case <-s.done:
			return true
		default:
			return false
		}
	}) {
		b.broken("shutdown", "Shutdown did not return within %s, its context ended after %s", bound, s.limit)
	}
}

// end ends a round: Shutdown, and what must be true afterwards.
func (w *world) end(d dice) {
	s := w.plan(d)
	table := w.kindsOf(hubKinds)
	if !s.early {
		w.engine.heal()
		w.calm()
		if w.net.fake() {
			w.told()
			w.checkQuiet()
		}
	}
	for range d.IntN(4) {
		if s.early && w.kinds.has("come") { // and has not arrived yet
			w.stepCome(d)
		}
	}
	for range d.IntN(60) {
		runtime.Gosched()
	}
	s.begin(w.base, w.hub.Shutdown)
	for range d.between(5, 30) {
		if !s.early || w.stops() {
			break
		}
		if one := table[d.IntN(len(table))]; w.kinds.has(one.name) {
			one.do(w, d)
		}
		if w.nudge(); d.oneIn(5) && w.held == nil {
			w.settle()
		}
	}
	w.unhold()
	if !s.short {
		w.engine.heal()
		w.calm()
	}
	s.wait(w.base)
	w.engine.heal()
	if s.err != nil && !s.short {
		w.broken("shutdown", "nobody is blocked, and Shutdown ran into the end of its context after %s: %v", s.took, s.err)
	}
	if s.err == nil {
		w.checkGone("Shutdown has returned")
	}
	w.probe()
	w.leaveNobody()
	w.checkGone("everybody has hung up")
	w.checkHooks()
	w.checkGoroutines()
}

// probe asks over every connection that still stands: nobody is served any more.
func (w *world) probe() {
	w.mu.Lock()
	links := append([]*link{}, w.links...)
	w.mu.Unlock()
	for _, l := range links {
		w.mu.Lock()
		stands := !l.done && !l.told && l.stall == nil && l.status == 101
		command := &protocol.Command{Rpc: &protocol.RPCRequest{Method: "do", Data: []byte(`{"do":"ok"}`)}}
		if !l.connected {
			command = &protocol.Command{Connect: &protocol.ConnectRequest{Name: l.tag, Token: tokenOf(l, l.who).text()}}
		}
		w.mu.Unlock()
		if stands {
			w.ask(l, command)
		}
	}
	w.settle()
}

// told sees that whoever has missed a publication is told within two position
// intervals, where nothing follows it.
func (w *world) told() {
	w.pass(5 * w.bounds.position / 2)
	w.settle()
	w.truth.mu.Lock()
	for _, s := range w.truth.streams {
		s.lossy = false
	}
	w.truth.mu.Unlock()
}

// checkGone sees that nothing of anybody is left.
func (w *world) checkGone(when string) {
	if n := len(w.hub.everyone()); n > 0 {
		w.broken("left-behind", "%s, and %d connections are registered", when, n)
	}
	if stats := w.hub.Stats(); stats.Open != 0 || stats.Pending != 0 {
		w.broken("left-behind", "%s, and Stats has %d open and %d pending", when, stats.Open, stats.Pending)
	}
	if channels := w.hub.Channels(); len(channels) > 0 {
		w.broken("left-behind", "%s, and channels have subscribers: %v", when, channels)
	}
	if names := w.engine.subscribed(); len(names) > 0 {
		w.broken("engine", "%s, and the hub is subscribed at the engine to %v", when, names)
	}
	for channel, clients := range w.engine.whoIsThere() {
		if len(clients) > 0 {
			w.broken("presence", "%s, and there are in %s: %v", when, channel, clients)
		}
	}
	if !w.hub.settled() {
		w.broken("ledger", "%s, and the account is not settled: %+v", when, w.hub.Account())
	}
	w.engine.checkJoins(when)
}

// checkJoins sees that each join has had its leave.
func (e *engine) checkJoins(when string) {
	e.lock.Lock()
	defer e.lock.Unlock()
	for channel, clients := range e.joins {
		for client, n := range clients {
			if n != 0 && !e.vague[channel+" "+client] {
				e.broken("join-leave", "%s, and %s has %d joins more than leaves in %s", when, client, n, channel)
			}
		}
	}
}

// leaveNobody sees that nobody is served any more, and hangs up for all.
func (b *base) leaveNobody() {
	b.mu.Lock()
	links := append([]*link{}, b.links...)
	b.mu.Unlock()
	b.settle()
	for _, l := range links {
		b.mu.Lock()
		standing := !l.done && l.stall == nil && l.status == 101
		b.mu.Unlock()
		if standing && b.net.fake() {
			b.broken("after-shutdown", "Shutdown has returned, and %s of %s still stands, connected: %v", l.tag, l.who.user, l.connected)
		}
		l.hangUp()
	}
	b.gates.releaseAll(true)
	b.pass(time.Minute)
	b.settle()
	_ = b.server.Close()
	_ = b.net.Close()
	b.calls.Wait()
	b.settle()
	b.until(5*time.Second, func() bool { return len(handlerStacks()) == 0 })
}

// handlerStacks are the stacks of goroutines that run the library.
func handlerStacks() []string {
	all := make([]byte, 1<<20)
	all = all[:runtime.Stack(all, true)]
	var found []string
	for _, one := range strings.Split(string(all), "\n\n") {
		if strings.Contains(one, "yodel/realtime.") && !strings.Contains(one, "adversary_test.hubRound") && !strings.Contains(one, "adversary_test.plainRound") {
			found = append(found, one)
		}
	}
	return found
}

// checkGoroutines sees that no goroutine is left.
func (b *base) checkGoroutines() {
	if left := handlerStacks(); len(left) > 0 {
		b.broken("goroutines", "%d are left:\n%s", len(left), fmt.Sprintf("%.1500s", left[0]))
	}
}
