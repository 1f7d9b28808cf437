package adversary_test

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// base is what a round of either handler has.
type base struct {
	underway map[*int]string // ends that the server was asked for and that may meet whoever comes, by code
	*report
	kinds  choices
	net    network
	bounds bounds
	server *http.Server
	gates  *gates
	clock  atomic.Uint64 // counts what is sent, so that earlier and later can be told

	mu       sync.Mutex
	links    []*link          // all that may still be of interest
	slots    []*link          // the current one of each peer
	byTag    map[string]*link // all of the round
	opinions map[string]string
	hooks    map[string]*hook // by client id
	counts   map[string]int   // of observers' calls
	armed    map[string]bool  // observers' functions that panic at their next call
	ending   bool             // the shutdown has begun
	ended    bool             // and has returned
	endedAt  uint64           // the stamp of that
	clean    bool             // and no handler was left behind
	troubled bool             // an observer has panicked
	failures int              // calls that the engine has refused
	losses   int              // publications that the engine has lost
	thinks   map[string]int   // by user: the code that the application's opinion leads to
	signed   map[string]int   // by user, "" for all: the code of a sign-out that the engine keeps
	busy     map[*link]int    // callbacks that wait or sleep
	yields   int              // how often an observer's function lets others run
	judging  int              // calls of Rejudge under way
	held     func()           // ends what the engine holds, nil for nothing
	calls    sync.WaitGroup   // of the application to the handler
}

func newBase(t *testing.T, seed uint64, net network, slots int) *base {
	b := &base{
		report: newReport(t, seed), kinds: chosen(*flagKinds), net: net, slots: make([]*link, slots),
		byTag: map[string]*link{}, opinions: map[string]string{}, hooks: map[string]*hook{}, counts: map[string]int{}, armed: map[string]bool{},
		thinks: map[string]int{}, signed: map[string]int{}, busy: map[*link]int{},
	}
	b.gates = newGates(b)
	return b
}

// serve serves a handler behind a stand-in for a guard.
func (b *base) serve(handler http.Handler) {
	b.server = &http.Server{Handler: guard(handler), ErrorLog: quiet}
	go func() { _ = b.server.Serve(b.net) }()
}

type (
	principalKey struct{}
	pendingKey   struct{}
)

// guard trusts the headers of the test.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if r.Header.Get("Test-Pending") != "" {
			ctx = context.WithValue(ctx, pendingKey{}, pendingInfo{Address: r.Header.Get("Test-Address")})
		} else if p := principalFrom(r); p.UserID != "" {
			ctx = context.WithValue(ctx, principalKey{}, p)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func principalOf(ctx context.Context) (principal, bool) {
	p, ok := ctx.Value(principalKey{}).(principal)
	return p, ok
}

func pendingOf(ctx context.Context) (pendingInfo, bool) {
	who, ok := ctx.Value(pendingKey{}).(pendingInfo)
	return who, ok
}

// stamp is the next number of something that is sent.
func (b *base) stamp() uint64 { return b.clock.Add(1) }

// pass lets time pass.
func (b *base) pass(d time.Duration) {
	if !b.net.fake() {
		d = min(d/100, 5*time.Millisecond)
	}
	time.Sleep(d)
}

// settle waits until nobody has anything left to do, where that can be known: not
// while the engine holds a call, since whoever waits for a lock counts as busy.
func (b *base) settle() {
	if b.held != nil {
		b.nudge()
		return
	}
	if b.net.fake() {
		synctest.Wait()
		return
	}
	for range 20 { // of real time: until nobody seems to wait for an answer
		runtime.Gosched()
		time.Sleep(200 * time.Microsecond)
		if !b.waits() {
			return
		}
	}
}

// waits reports whether a peer waits for an answer that can be expected.
func (b *base) waits() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.slots {
		if l != nil && !l.done && !l.told && l.stall == nil && b.busy[l]+b.busy[nil] == 0 && (l.status == 0 || len(l.asked) > 0) {
			return true
		}
	}
	return false
}

// nudge lets others run for a moment, and waits for nothing.
func (b *base) nudge() {
	for range 30 {
		runtime.Gosched()
	}
}

// until waits for what must come within a bound, and reports whether it did.
func (b *base) until(bound time.Duration, done func() bool) bool {
	step := bound / 200
	for range 200 {
		if b.net.fake() {
			synctest.Wait()
		}
		if done() {
			return true
		}
		time.Sleep(step)
	}
	return done()
}

// begin notes an end that is under way: it may meet whoever comes before it is done.
// Callers hold mu.
func (b *base) begin(code int, why string) (done func()) {
	if b.underway == nil {
		b.underway = map[*int]string{}
	}
	b.underway[&code] = why
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.underway, &code)
	}
}

// met allows a newcomer the ends that are under way. Callers hold mu.
func (b *base) met(l *link) {
	for code, why := range b.underway {
		l.allowed[*code] = why
	}
}
