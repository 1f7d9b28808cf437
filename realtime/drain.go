package realtime

import (
	"context"
	"math/rand/v2"
	"time"
)

// Shutdown refuses new connections with 503, ends the open ones with [Draining],
// spread at random over DrainSpread, and waits until all of them and their hooks
// are done. When ctx ends first, what is left is cut off, handlers get another
// second to see that their context has ended, and ctx's error is returned. Only
// the first call has an effect; later ones wait as well.
func (p *Plain) Shutdown(ctx context.Context) error {
	p.refuseNew()
	everyone := append(p.registry.find(All()), p.porch.all()...)
	links := make([]*link, len(everyone))
	for i, c := range everyone {
		links[i] = &c.link
	}
	return p.transport.drain(ctx, links, p.config.DrainSpread)
}

// drain ends links, each at a moment of its own, and waits until everything that
// the transport runs has ended. When ctx ends first, what is left is cut off, and
// a handler that does not look at its context is left behind.
func (t *transport) drain(ctx context.Context, links []*link, spread time.Duration) error {
	gone := make(chan struct{})
	go func() {
		t.running.Wait()
		close(gone)
	}()
	defer pace(links, spread)()
	select {
	case <-gone:
		return nil
	case <-ctx.Done():
		for _, l := range links {
			l.close(Draining)
			l.sever()
		}
	}
	select {
	case <-gone:
	case <-time.After(afterCut):
	}
	return ctx.Err()
}

// afterCut is how long handlers have to end when their connections were cut.
const afterCut = time.Second

// pace closes each link at a moment of its own and returns how to call the
// remaining timers off.
func pace(links []*link, spread time.Duration) (stop func()) {
	var timers []*time.Timer
	for _, l := range links {
		delay := time.Duration(rand.Int64N(int64(spread)))
		timers = append(timers, time.AfterFunc(delay, func() { l.close(Draining) }))
	}
	return func() {
		for _, timer := range timers {
			timer.Stop()
		}
	}
}

// refuseNew waits for upgrades that have passed the gate, so that each of them
// is counted before anybody waits for the end.
func (p *Plain) refuseNew() {
	p.gate.Lock()
	defer p.gate.Unlock()
	p.draining.Store(true)
}
