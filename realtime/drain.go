package realtime

import (
	"context"
	"math/rand/v2"
	"time"
)

// Shutdown refuses new connections with 503, ends the open ones with [Draining],
// spread at random over DrainSpread, and waits until all of them and their hooks
// are done. When ctx ends first, what is left is cut off and ctx's error is
// returned. Only the first call has an effect; later ones wait as well.
func (p *Plain) Shutdown(ctx context.Context) error {
	p.refuseNew()
	gone := make(chan struct{})
	go func() {
		p.transport.running.Wait()
		close(gone)
	}()
	stop := p.pace()
	defer stop()
	select {
	case <-gone:
		return nil
	case <-ctx.Done():
		for _, c := range p.everyone() {
			c.link.close(Draining)
			c.link.sever()
		}
		<-gone
		return ctx.Err()
	}
}

// pace closes each connection at a moment of its own and returns how to call
// the remaining timers off.
func (p *Plain) pace() (stop func()) {
	var timers []*time.Timer
	for _, c := range p.everyone() {
		delay := time.Duration(rand.Int64N(int64(p.config.DrainSpread)))
		timers = append(timers, time.AfterFunc(delay, func() { c.link.close(Draining) }))
	}
	return func() {
		for _, timer := range timers {
			timer.Stop()
		}
	}
}

// everyone is who is connected, known or pending.
func (p *Plain) everyone() []*PlainConn { return append(p.registry.find(All()), p.porch.all()...) }

// refuseNew waits for upgrades that have passed the gate, so that each of them
// is counted before anybody waits for the end.
func (p *Plain) refuseNew() {
	p.gate.Lock()
	defer p.gate.Unlock()
	p.draining.Store(true)
}
