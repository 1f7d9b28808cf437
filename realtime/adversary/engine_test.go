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

type brokerOf struct{ *engine }

func (e brokerOf) Publish(ctx context.Context, channel string, p publication, o publishOptions) (position, error) {
	failed := e.call(ctx, "publish")
	e.announced(channel, p, failed)
	if failed != nil && (p.Kind != published || !e.doneAllTheSame(failed)) {
		return position{}, failed
	}
	at, err := e.broker.Publish(ctx, channel, p, o)
	if err == nil {
		e.truth.learn(channel, p, at, false)
	} else {
		e.truth.unsure(channel)
	}
	return at, errors.Join(failed, err)
}

// doneAllTheSame is true for every other failure: an error of Publish means that
// it may or may not have been stored.
func (e *engine) doneAllTheSame(err error) bool {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.flip = !e.flip
	return e.flip && errors.Is(err, errEngine)
}

// announced holds joins and leaves against each other: one leave for each join.
func (e *engine) announced(channel string, p publication, err error) {
	if p.Kind == published {
		return
	}
	client := p.Info.Client
	e.lock.Lock()
	defer e.lock.Unlock()
	if errors.Is(err, errEngine) {
		e.vague[channel+" "+client] = true
	}
	if err != nil || e.vague[channel+" "+client] {
		return
	}
	if e.joins[channel] == nil {
		e.joins[channel] = map[string]int{}
	}
	if p.Kind == joined {
		e.joins[channel][client]++
	} else {
		e.joins[channel][client]--
	}
	if n := e.joins[channel][client]; n < 0 || n > 1 {
		e.broken("join-leave", "the hub has announced %d joins more than leaves of %s in %s", n, client, channel)
	}
}

func (e brokerOf) Subscribe(ctx context.Context, channel string, deliver func(publication)) error {
	if err := e.call(ctx, "subscribe"); err != nil {
		return err
	}
	e.lock.Lock()
	again := e.subs[channel] && !e.excused[channel]
	e.subs[channel], e.excused[channel] = true, false
	e.lock.Unlock()
	if again {
		e.broken("engine", "the hub has subscribed to %s twice", channel)
	}
	err := e.broker.Subscribe(ctx, channel, func(p publication) { e.handed(channel, p, deliver) })
	if err != nil {
		e.lock.Lock()
		delete(e.subs, channel)
		e.lock.Unlock()
	}
	return err
}

// handed hands a publication to the hub, unless it is to be lost.
func (e *engine) handed(channel string, p publication, deliver func(publication)) {
	e.lock.Lock()
	lost := e.loses > 0 && p.Kind == published && p.Offset > 0
	if lost {
		e.loses--
	}
	e.lock.Unlock()
	if lost {
		e.truth.loses(channel)
		e.world.mu.Lock()
		e.losses++
		e.world.mu.Unlock()
		return
	}
	e.truth.learn(channel, p, position{Epoch: p.Epoch, Offset: p.Offset}, true)
	deliver(p)
}

func (e brokerOf) Unsubscribe(ctx context.Context, channel string) error {
	if err := e.call(ctx, "unsubscribe"); err != nil {
		e.lock.Lock()
		e.excused[channel] = e.excused[channel] || errors.Is(err, errEngine)
		e.lock.Unlock()
		return err
	}
	err := e.broker.Unsubscribe(ctx, channel)
	e.lock.Lock()
	defer e.lock.Unlock()
	if err == nil {
		delete(e.subs, channel)
	}
	return err
}

func (e brokerOf) History(ctx context.Context, channel string, q historyQuery) (history, error) {
	if err := e.call(ctx, "history"); err != nil {
		return history{}, err
	}
	return e.broker.History(ctx, channel, q)
}

type presenceOf struct{ *engine }

func (e presenceOf) Enter(ctx context.Context, channel, client string, info clientInfo) error {
	if err := e.call(ctx, "enter"); err != nil {
		return err
	}
	err := e.presence.Enter(ctx, channel, client, info)
	e.lock.Lock()
	defer e.lock.Unlock()
	if err == nil {
		if e.present[channel] == nil {
			e.present[channel] = map[string]bool{}
		}
		e.present[channel][client] = true
		delete(e.excused, channel+" "+client)
	}
	return err
}

func (e presenceOf) Leave(ctx context.Context, channel, client string) error {
	if err := e.call(ctx, "leave"); err != nil {
		e.lock.Lock()
		e.excused[channel+" "+client] = errors.Is(err, errEngine)
		e.lock.Unlock()
		return err
	}
	err := e.presence.Leave(ctx, channel, client)
	e.lock.Lock()
	defer e.lock.Unlock()
	if err == nil {
		delete(e.present[channel], client)
		delete(e.excused, channel+" "+client)
	}
	return err
}

func (e presenceOf) Present(ctx context.Context, channel string, limit int) (map[string]clientInfo, error) {
	if err := e.call(ctx, "present"); err != nil {
		return nil, err
	}
	return e.presence.Present(ctx, channel, limit)
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

// Stats counts who is in a channel.
func (e presenceOf) Stats(ctx context.Context, channel string) (presenceStats, error) {
	if err := e.call(ctx, "present"); err != nil {
		return presenceStats{}, err
	}
	return e.presence.Stats(ctx, channel)
}
