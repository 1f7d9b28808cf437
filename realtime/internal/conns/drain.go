package conns

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// Pacing says how fast connections are ended, so that their clients come back at
// a rate at which others can let them in.
type Pacing struct {
	Spread time.Duration // at least
	Rate   int           // a second, at most; 0 for any
}

// over is the time over which n ends are spread. It leaves a tenth of ctx's time
// for what comes after the last of them.
func (p Pacing) over(ctx context.Context, n int) time.Duration {
	spread := p.Spread
	if p.Rate > 0 {
		spread = max(spread, time.Duration(n)*time.Second/time.Duration(p.Rate))
	}
	if deadline, bounded := ctx.Deadline(); bounded {
		spread = min(spread, time.Until(deadline)*9/10)
	}
	return max(spread, 1)
}

// afterCut is how long handlers have to end when their connections were cut.
const afterCut = time.Second

// Shutdown admits nobody any more, ends everybody with a reason, and waits until
// all of them and their handlers are done. When ctx ends first, what is left is
// cut off, and a handler that does not look at its context is left behind.
func (s *Set) Shutdown(ctx context.Context, reason transport.Close, pacing Pacing) error {
	left := s.Drain()
	stop := s.Pace(left, pacing.over(ctx, len(left)), reason)
	err := s.emptied(ctx)
	if err != nil {
		for _, c := range s.Everyone() {
			c.End(reason)
			c.Socket.Abort()
		}
	}
	stop()
	late := ctx.Done()
	if err != nil {
		bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterCut)
		defer cancel()
		late = bound.Done()
	}
	select {
	case <-s.spawn.Done():
	case <-late:
		err = ctx.Err()
	}
	return err
}

// emptied waits until nobody is left.
func (s *Set) emptied(ctx context.Context) error {
	select {
	case <-s.empty:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Pace ends connections at even steps over a time, each at a random moment of its
// step. stop calls off what is left.
func (s *Set) Pace(list []*Conn, over time.Duration, reason transport.Close) (stop func()) {
	ctx, stop := context.WithCancel(context.Background())
	if len(list) == 0 {
		return stop
	}
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	s.spawn.Go(nil, func() {
		step := float64(over) / float64(len(list))
		begun := time.Now()
		timer := time.NewTimer(0)
		defer timer.Stop()
		for i, c := range list {
			timer.Reset(time.Until(begun.Add(time.Duration((float64(i) + rand.Float64()) * step))))
			select {
			case <-timer.C:
				c.End(reason)
			case <-ctx.Done():
				return
			}
		}
	})
	return stop
}
