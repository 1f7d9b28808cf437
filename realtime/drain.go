package realtime

import (
	"context"
	"math/rand/v2"
	"time"
)

// Shutdown refuses new connections with 503, ends the open ones with [CloseShutdown],
// at most DrainRate a second and spread over DrainSpread at least, and waits until
// all of them and their hooks are done. When ctx ends first, what is left is cut off, handlers get another
// second to see that their context has ended, and ctx's error is returned. Only
// the first call has an effect; later ones wait as well.
func (p *Plain) Shutdown(ctx context.Context) error {
	p.refuseNew()
	everyone := append(p.registry.find(All()), p.porch.all()...)
	links := make([]*link, len(everyone))
	for i, c := range everyone {
		links[i] = &c.link
	}
	return p.transport.drain(ctx, links, pacing{p.config.DrainSpread, p.config.DrainRate})
}

// pacing says how fast connections are ended, so that their clients come back at
// a rate at which others can let them in.
type pacing struct {
	spread time.Duration // at least
	rate   int           // a second, at most; 0 for any
}

// over is the time over which n closes are spread. It leaves a tenth of ctx's time
// for what comes after the last of them.
func (p pacing) over(ctx context.Context, n int) time.Duration {
	spread := p.spread
	if p.rate > 0 {
		spread = max(spread, time.Duration(n)*time.Second/time.Duration(p.rate))
	}
	if deadline, bounded := ctx.Deadline(); bounded {
		spread = min(spread, time.Until(deadline)*9/10)
	}
	return max(spread, 1)
}

// drain ends links, each at a moment of its own, and waits until everything that
// the transport runs has ended. When ctx ends first, what is left is cut off, and
// a handler that does not look at its context is left behind.
func (t *transport) drain(ctx context.Context, links []*link, how pacing) error {
	defer t.workers.dismiss()
	defer t.pace(links, how.over(ctx, len(links)), CloseShutdown)()
	gone := make(chan struct{})
	go func() {
		t.running.Wait()
		close(gone)
	}()
	select {
	case <-gone:
		return nil
	case <-ctx.Done():
		for _, l := range links {
			l.close(CloseShutdown)
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

// pace closes the links at even steps over spread, each at a random moment of its
// step, unless it ends before, and returns how to call off what is left. Whoever waits for the transport waits for these
// closes too, since a close begins something to wait for.
func (t *transport) pace(links []*link, spread time.Duration, reason Close) (stop func()) {
	var calledOff []func()
	step := float64(spread) / float64(max(len(links), 1))
	for i, turn := range rand.Perm(len(links)) {
		l := links[i]
		t.running.Add(1)
		timer := time.AfterFunc(time.Duration((float64(turn)+rand.Float64())*step), func() {
			defer t.running.Done()
			l.close(reason)
		})
		off := func() {
			if timer.Stop() {
				t.running.Done()
			}
		}
		context.AfterFunc(l.context(), off)
		calledOff = append(calledOff, off)
	}
	return func() {
		for _, off := range calledOff {
			off()
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
