package chaos_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/yodelrt/yodel/e2e/chaos"
)

const (
	crowdSize  = 300
	pause      = 400 * time.Millisecond // between two messages of one publisher
	settleTime = 3 * time.Minute        // for everybody to catch up on a busy machine
)

// TestChaos: whatever breaks, each subscriber gets each acknowledged message once
// and in order or is told, and tickets and sign-outs have one order that explains
// them.
func TestChaos(t *testing.T) {
	for_, c := lasts(t), cluster(t)
	seed := seed(t)
	t.Logf("YODEL_CLUSTER_SEED=%d", seed)
	work, cancel := context.WithTimeout(t.Context(), for_+settleTime)
	defer cancel()
	crowd, err := chaos.Gather(work, c, "chaos", crowdSize)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("everybody is there")
	breaking, stop := context.WithTimeout(work, for_)
	defer stop()
	history := chaos.NewHistory(c)
	var group sync.WaitGroup
	group.Go(func() { crowd.Talk(work, breaking, pause) })
	for worker := range 3 {
		group.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(worker)+2))
			for n := 0; breaking.Err() == nil; n++ {
				history.Session(breaking, fmt.Sprintf("chaos%d", worker), worker+3*n, random)
			}
		})
	}
	began := time.Now()
	faults, err := chaos.Schedule{
		Cluster: c, Seed: seed, Hold: min(10*time.Second, for_/6),
		Log: func(format string, values ...any) {
			t.Logf("%4.0f s: "+format, append([]any{time.Since(began).Seconds()}, values...)...)
		},
	}.Run(work, breaking)
	if err != nil {
		t.Errorf("after %d faults: %v", faults, err)
	}
	group.Wait()
	if err := crowd.CatchUp(work); err != nil {
		t.Error(err)
	}
	if err := crowd.Leave(); err != nil {
		t.Error(err)
	}
	sums := settle(t, crowd)
	if sums.Acknowledged == 0 || faults == 0 {
		t.Errorf("%d messages and %d faults show nothing", sums.Acknowledged, faults)
	}
	t.Logf("%d faults; tickets and sign-outs: %v", faults, history.Sums())
	linearizable(t, history)
}

// linearizable checks a history, and that a forged one is noticed.
func linearizable(t *testing.T, history *chaos.History) {
	t.Helper()
	if !history.Linearizable() {
		t.Error("no order of what was asked explains what came of it")
	}
	if !history.Forge() {
		t.Error("no ticket opened a socket: the history shows nothing")
	} else if history.Linearizable() {
		t.Error("a ticket that opened two sockets passes")
	}
}

// TestARollingRestartLosesNothing: all nodes are replaced under load, and people
// come back as slowly as they are sent away.
func TestARollingRestartLosesNothing(t *testing.T) {
	c := cluster(t)
	work, cancel := context.WithTimeout(t.Context(), settleTime)
	defer cancel()
	crowd, err := chaos.Gather(work, c, "roll", crowdSize)
	if err != nil {
		t.Fatal(err)
	}
	talking, stop := context.WithCancel(work)
	var group sync.WaitGroup
	group.Go(func() { crowd.Talk(work, talking, pause) })
	began := make([]time.Time, len(c.Nodes))
	for i := range c.Nodes {
		began[i] = time.Now()
		if err := c.Restart(work, fmt.Sprintf("app-%d", i+1)); err != nil {
			t.Error(err)
		}
	}
	stop()
	group.Wait()
	if err := crowd.CatchUp(work); err != nil {
		t.Error(err)
	}
	if err := crowd.Leave(); err != nil {
		t.Error(err)
	}
	if sums := settle(t, crowd); sums.Told > 0 || sums.Gaps > 0 {
		t.Errorf("%d messages in %d gaps could not be had again; want none", sums.Told, sums.Gaps)
	}
	sentAway, returns := crowd.Moved()
	if len(sentAway) < crowdSize || returns < crowdSize {
		t.Errorf("%d were sent away and %d came back; want at least %d", len(sentAway), returns, crowdSize)
	}
	for i, from := range began {
		until := time.Now()
		if i+1 < len(began) {
			until = began[i+1]
		}
		paced(t, i+1, from, until, sentAway)
	}
}

// paced checks that a node that began to end at that time sent nobody away before
// their turn: the first at once, and one more for each step of the set rate. What
// delays a close or its news can't make it come too early.
func paced(t *testing.T, node int, from, until time.Time, sentAway []time.Time) {
	t.Helper()
	n := 0
	for _, at := range sentAway {
		if at.Before(from) || !at.Before(until) {
			continue
		}
		if turn := from.Add(time.Duration(n) * time.Second / drainRate); at.Before(turn) {
			t.Errorf("node %d sent number %d away after %s; want %s or later, at %d a second", node, n+1, at.Sub(from), turn.Sub(from), drainRate)
			return
		}
		n++
	}
	t.Logf("node %d sent %d away", node, n)
	if n == 0 {
		t.Errorf("node %d sent nobody away; want those who were there", node)
	}
}
