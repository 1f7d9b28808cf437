package adversary_test

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"

	"github.com/yodelrt/yodel/realtime/memory"
)

// engine stands between the hub and a real engine. It honours contexts, fails,
// waits and loses publications when it is told to, and keeps account of what the
// hub has begun and not ended.
type engine struct {
	*world
	broker   brokerAPI
	presence presenceAPI

	lock    sync.Mutex
	subs    map[string]bool
	excused map[string]bool // what the engine itself has failed to end
	present map[string]map[string]bool
	joins   map[string]map[string]int // by channel and client: joins without a leave
	vague   map[string]bool           // channel and client of which a join or leave has failed
	fails   map[string]int            // calls that fail, by method
	holds   map[string]chan struct{}  // calls that wait, by method
	loses   int                       // publications that get lost
	flip    bool
}

var errEngine = errors.New("the engine does not answer")

func memoryEngine(*testing.T) engineParts { return memory.New() }

// newEngine wraps an engine.
func newEngine(w *world, inner engineParts) (*engine, engineParts) {
	e := &engine{
		world: w, broker: inner.Broker, presence: inner.Presence,
		subs: map[string]bool{}, excused: map[string]bool{}, present: map[string]map[string]bool{}, joins: map[string]map[string]int{},
		vague: map[string]bool{}, fails: map[string]int{}, holds: map[string]chan struct{}{},
	}
	outer := inner
	outer.Broker, outer.Presence = brokerOf{e}, presenceOf{e}
	return e, outer
}

// call is what every method does first.
func (e *engine) call(ctx context.Context, method string) error {
	e.lock.Lock()
	hold := e.holds[method]
	delete(e.holds, method)
	failed := e.fails[method] > 0
	if failed {
		e.fails[method]--
	}
	e.lock.Unlock()
	if hold != nil {
		<-hold
	}
	if failed {
		e.world.mu.Lock()
		e.world.failures++
		e.world.mu.Unlock()
		return errEngine
	}
	return ctx.Err()
}

// whoIsThere is who is present in a channel, without those whom the engine itself
// has kept.
func (e *engine) whoIsThere() map[string]map[string]bool {
	e.lock.Lock()
	defer e.lock.Unlock()
	there := map[string]map[string]bool{}
	for channel, clients := range e.present {
		there[channel] = maps.Clone(clients)
		maps.DeleteFunc(there[channel], func(client string, _ bool) bool { return e.excused[channel+" "+client] })
	}
	return there
}

// fail has the next calls of a method fail.
func (e *engine) fail(method string, times int) {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.fails[method] += times
}

// hold has the next call of a method wait until release.
func (e *engine) hold(method string) (release func()) {
	gate := make(chan struct{})
	e.lock.Lock()
	e.holds[method] = gate
	e.lock.Unlock()
	return func() {
		e.lock.Lock()
		defer e.lock.Unlock()
		if e.holds[method] == gate {
			delete(e.holds, method)
		}
		close(gate)
	}
}

// lose has the next publications with an offset get lost on the way to the hub.
func (e *engine) lose(times int) {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.loses += times
}

// heal ends every planned failure.
func (e *engine) heal() {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.fails, e.loses = map[string]int{}, 0
}

// subscribed are the channels that the hub is subscribed to and should be able to
// end.
func (e *engine) subscribed() []string {
	e.lock.Lock()
	defer e.lock.Unlock()
	var names []string
	for name, is := range e.subs {
		if is && !e.excused[name] {
			names = append(names, name)
		}
	}
	return names
}
