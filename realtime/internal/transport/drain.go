package transport

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// Pacing says how fast conns are ended, so that their clients come back at a rate at
// which others can let them in.
type Pacing struct {
	Spread time.Duration // at least
	Rate   int           // a second, at most; 0 for any
}

// Over is the time over which n closes are spread. It leaves a tenth of ctx's time for
// what comes after the last of them.
func (p Pacing) Over(ctx context.Context, n int) time.Duration {
	spread := p.Spread
	if p.Rate > 0 {
		spread = max(spread, time.Duration(n)*time.Second/time.Duration(p.Rate))
	}
	if deadline, bounded := ctx.Deadline(); bounded {
		spread = min(spread, time.Until(deadline)*9/10)
	}
	return max(spread, 1)
}

// afterCut is how long handlers have to end when their conns were cut.
const afterCut = time.Second

// Drain ends conns, paced, and waits until everything that the group runs has ended.
// When ctx ends first, what is left is cut off, a handler that does not look at its
// context within a second is left behind, and ctx's error is returned. The workers go.
func (t *Transport) Drain(ctx context.Context, conns []*Conn, pacing Pacing, reason Close) error {
	defer t.Close()
	defer t.Pace(conns, pacing.Over(ctx, len(conns)), reason)()
	gone := t.config.Spawn.Done()
	select {
	case <-gone:
		return nil
	case <-ctx.Done():
	}
	for _, c := range conns {
		c.Close(reason)
		c.Abort()
	}
	after := time.NewTimer(afterCut)
	defer after.Stop()
	select {
	case <-gone:
	case <-after.C:
	}
	return ctx.Err()
}

// Pace ends conns at even steps over spread, each at a random moment of a step of its
// own, in random order. It does not wait. cancel leaves those alone that were not ended
// yet.
func (t *Transport) Pace(conns []*Conn, spread time.Duration, reason Close) (cancel func()) {
	p := &pace{
		conns: append([]*Conn(nil), conns...), reason: reason, start: time.Now(),
		step: float64(spread) / float64(max(len(conns), 1)),
	}
	rand.Shuffle(len(p.conns), func(i, j int) { p.conns[i], p.conns[j] = p.conns[j], p.conns[i] })
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.plan() {
		p.timer = t.config.Spawn.AfterFunc(time.Until(p.next), nil, p.endNext)
	}
	return p.cancel
}

// pace is conns that are ended one after the other by one timer.
type pace struct {
	reason Close
	start  time.Time
	step   float64 // nanoseconds

	mu    sync.Mutex
	conns []*Conn // that are left
	ended int
	next  time.Time // when the next one ends
	timer *time.Timer
}

// plan chooses when the next conn ends, and reports whether there is one. The caller
// holds mu.
func (p *pace) plan() bool {
	if len(p.conns) == 0 {
		return false
	}
	p.next = p.start.Add(time.Duration((float64(p.ended) + rand.Float64()) * p.step))
	return true
}

// endNext ends all conns whose time has come.
func (p *pace) endNext() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.conns) > 0 && !time.Now().Before(p.next) {
		p.conns[0].Close(p.reason)
		p.conns[0] = nil
		p.conns = p.conns[1:]
		p.ended++
		p.plan()
	}
	if len(p.conns) > 0 {
		p.timer.Reset(time.Until(p.next))
	}
}

func (p *pace) cancel() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns = nil
	if p.timer != nil {
		p.timer.Stop()
	}
}
