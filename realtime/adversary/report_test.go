package adversary_test

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// report collects the violations of one round.
type report struct {
	t    *testing.T
	seed uint64
	step atomic.Int64

	lock  sync.Mutex
	found map[string]int // by invariant
}

func newReport(t *testing.T, seed uint64) *report {
	return &report{t: t, seed: seed, found: map[string]int{}}
}

// broken tells of a violation. Of each invariant the first in a round is told.
func (r *report) broken(invariant, format string, args ...any) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.found[invariant]++
	if r.found[invariant] > 1 || (len(r.found) > 1 && !*flagReport) {
		return
	}
	text := fmt.Sprintf("seed %d step %d: invariant %s: %s", r.seed, r.step.Load(), invariant, fmt.Sprintf(format, args...))
	if *flagTrace {
		fmt.Fprintln(os.Stderr, text)
	}
	r.t.Error(text)
}

// stops reports whether a violation ends the round.
func (r *report) stops() bool {
	r.lock.Lock()
	defer r.lock.Unlock()
	return len(r.found) > 0 && !*flagReport
}

func (r *report) trace(format string, args ...any) {
	if *flagTrace {
		fmt.Fprintf(os.Stderr, "seed %d step %d %s: %s\n", r.seed, r.step.Load(), now().Format("05.000"), fmt.Sprintf(format, args...))
	}
}

// planned is the text of a panic that the test makes, so that one which ends the
// process says where it comes from.
func (r *report) planned(where string) string {
	return fmt.Sprintf("seed %d step %d: invariant process: a panic of %s, made by the test, reached nobody who recovers", r.seed, r.step.Load(), where)
}

func now() time.Time { return time.Now() }

// progress is the step that runs, for the watchdog.
var progress atomic.Int64

// watchdog ends the process when no step ends for a minute of real time: a lock
// is held while a callback waits, or two wait for each other.
type watchdog struct {
	seed atomic.Uint64
	done chan struct{}
}

const patience = time.Minute

func watch(t *testing.T) *watchdog {
	w := &watchdog{done: make(chan struct{})}
	name := t.Name()
	go func() {
		last, since := progress.Load(), time.Now()
		ticks := time.NewTicker(time.Second)
		defer ticks.Stop()
		for {
			select {
			case <-w.done:
				return
			case <-ticks.C:
			}
			if at := progress.Load(); at != last {
				last, since = at, time.Now()
			} else if time.Since(since) > patience {
				stacks := make([]byte, 1<<20)
				stacks = stacks[:runtime.Stack(stacks, true)]
				fmt.Fprintf(os.Stderr, "%s: seed %d step %d: invariant progress: nothing went on for %s\n%s\n", name, w.seed.Load(), last, patience, stacks)
				os.Exit(2)
			}
		}
	}()
	return w
}

func (w *watchdog) pat(seed uint64) { w.seed.Store(seed); progress.Store(0) }

func (w *watchdog) stop() { close(w.done) }
