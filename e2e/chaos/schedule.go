package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/yodelrt/yodel/e2e/stack"
)

// Schedule is a random order of faults in which every kind has its turn before
// any comes again. The same seed gives the same order.
type Schedule struct {
	Cluster *stack.Cluster
	Seed    uint64
	Hold    time.Duration // the longest that a fault lasts
	Log     func(format string, values ...any)
}

// fault is one thing that can go wrong.
type fault struct {
	name string
	with func(ctx context.Context, c *stack.Cluster) error
}

// turns are all kinds of faults, each of a member that chance picks, in an order
// that chance picks.
func turns(random *rand.Rand, c *stack.Cluster) []fault {
	app := fmt.Sprintf("app-%d", 1+random.IntN(len(c.Nodes)))
	server := fmt.Sprintf("nats-%d", 1+random.IntN(3))
	slow := time.Duration(20+random.IntN(280)) * time.Millisecond
	faults := []fault{
		{"kill -9 " + app, func(ctx context.Context, c *stack.Cluster) error { return c.Kill(ctx, app) }},
		{"kill -9 " + server, func(ctx context.Context, c *stack.Cluster) error { return c.Kill(ctx, server) }},
		{"pause " + app, func(ctx context.Context, c *stack.Cluster) error { return c.Pause(ctx, app) }},
		{"pause " + server, func(ctx context.Context, c *stack.Cluster) error { return c.Pause(ctx, server) }},
		{"pause the database", func(ctx context.Context, c *stack.Cluster) error { return c.Pause(ctx, "postgres") }},
		{"cut " + app + " from NATS", func(ctx context.Context, c *stack.Cluster) error { return c.Cut(ctx, app, "nats") }},
		{"silence between " + app + " and NATS", func(ctx context.Context, c *stack.Cluster) error { return c.Silence(ctx, app, "nats") }},
		{"cut " + server + " from the others", func(ctx context.Context, c *stack.Cluster) error { return c.Cut(ctx, server, "nats") }},
		{"silence between " + server + " and the others", func(ctx context.Context, c *stack.Cluster) error { return c.Silence(ctx, server, "nats") }},
		{"cut " + app + " from the database", func(ctx context.Context, c *stack.Cluster) error { return c.Cut(ctx, app, "postgres") }},
		{"NATS slower by " + slow.String(), func(ctx context.Context, c *stack.Cluster) error { return c.Slow(ctx, "app", "nats", slow) }},
		{"the database slower by " + slow.String(), func(ctx context.Context, c *stack.Cluster) error { return c.Slow(ctx, "app", "postgres", slow) }},
		{"the disk of " + server + " full", func(ctx context.Context, c *stack.Cluster) error { return c.Fill(ctx, server) }},
		{"restart " + server, func(ctx context.Context, c *stack.Cluster) error { return c.Restart(ctx, server) }},
		{"rolling restart", func(ctx context.Context, c *stack.Cluster) error { return c.Roll(ctx) }},
	}
	random.Shuffle(len(faults), func(i, j int) { faults[i], faults[j] = faults[j], faults[i] })
	return faults
}

// Run breaks one thing after the other until ctx ends, and leaves everything as
// it was. work bounds the mending.
func (s Schedule) Run(work, ctx context.Context) (faults int, err error) {
	random := rand.New(rand.NewPCG(s.Seed, 1)) // a schedule is to be repeated, not to be secret
	var left []fault
	for ctx.Err() == nil {
		if len(left) == 0 {
			left = turns(random, s.Cluster)
		}
		next, hold := left[0], time.Duration(float64(s.Hold)*(0.25+0.75*random.Float64()))
		left = left[1:]
		s.Log("%s, for %s", next.name, hold.Round(100*time.Millisecond))
		if err := next.with(work, s.Cluster); err != nil {
			return faults, fmt.Errorf("%s: %w", next.name, err)
		}
		faults++
		wait(ctx, hold)
		if err := s.Cluster.Heal(work); err != nil {
			return faults, fmt.Errorf("mend %s: %w", next.name, err)
		}
		wait(ctx, time.Duration(random.Int64N(int64(s.Hold)/2)))
	}
	return faults, nil
}
