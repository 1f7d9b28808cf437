// Package adversary_test drives every public operation of the hub and of the plain
// handler in random order and holds what comes of it against named invariants.
//
// A run is a row of rounds. Each round has a seed, a hub with limits of its own,
// a few hundred steps and a shutdown. Round k of a run has seed N+k, and a
// violation names the seed of its round:
//
//	seed 12 step 340: invariant hooks: …
//	go test ./realtime/adversary -run TestHub_FakeClock -adversary.seed 12 -adversary.steps 1
//
// What a step does depends on the seed and its number alone, never on what came of
// earlier steps. The scheduler is not seeded: a violation that needs two goroutines
// at the same moment may take a few runs of its seed.
//
//	-adversary.steps 1000000      a long run
//	-adversary.kinds come,clock   these kinds of steps and behaviours alone
//	-adversary.kinds=-observer    all but these
//	-adversary.report             report every violation and go on
//	-adversary.trace              print each step
package adversary_test

import (
	"flag"
	"fmt"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"
)

var (
	flagSeed   = flag.Uint64("adversary.seed", 1, "seed of the first round")
	flagSteps  = flag.Int("adversary.steps", 3000, "steps of each test; a long run is -adversary.steps 1000000")
	flagKinds  = flag.String("adversary.kinds", "", "kinds of steps and behaviours, separated by commas; -kind leaves one out; empty for all")
	flagReport = flag.Bool("adversary.report", false, "report every violation and go on, in place of stopping at the first")
	flagTrace  = flag.Bool("adversary.trace", false, "print each step")
)

func TestMain(m *testing.M) {
	flag.Parse()
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*Server).startGoRoutine.func1"))
}

// TestHub_FakeClock runs the hub over pipes, on a clock that stands still while
// anybody works.
func TestHub_FakeClock(t *testing.T) {
	rounds(t, *flagSteps, func(t *testing.T, seed uint64) {
		synctest.Test(t, func(t *testing.T) { hubRound(t, seed, newPipes(), memoryEngine) })
	})
}

// TestHub_Sockets runs the hub over TCP, where frames are written past melody.
func TestHub_Sockets(t *testing.T) {
	rounds(t, *flagSteps/3, func(t *testing.T, seed uint64) { hubRound(t, seed, newSockets(t), memoryEngine) })
}

// TestPlain_FakeClock runs the plain handler over pipes.
func TestPlain_FakeClock(t *testing.T) {
	rounds(t, *flagSteps, func(t *testing.T, seed uint64) {
		synctest.Test(t, func(t *testing.T) { plainRound(t, seed, newPipes()) })
	})
}

// TestPlain_Sockets runs the plain handler over TCP.
func TestPlain_Sockets(t *testing.T) {
	rounds(t, *flagSteps/3, func(t *testing.T, seed uint64) { plainRound(t, seed, newSockets(t)) })
}

// TestHub_Found repeats rounds that have found something: 231, a deadline that made a
// decided end final.
func TestHub_Found(t *testing.T) {
	for _, seed := range []uint64{231} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { hubRound(t, seed, newPipes(), memoryEngine) })
		})
	}
}

// rounds runs rounds until so many steps are done, or one has failed.
func rounds(t *testing.T, steps int, round func(t *testing.T, seed uint64)) {
	dog := watch(t)
	defer dog.stop()
	begun, done := now(), 0
	for seed := *flagSeed; done < steps && (*flagReport || !t.Failed()); seed++ {
		dog.pat(seed)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { round(t, seed) })
		done += int(progress.Load())
	}
	t.Logf("%d steps, %.0f a second", done, float64(done)/now().Sub(begun).Seconds())
}
