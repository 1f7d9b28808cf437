package spawn_test

import (
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/yodelrt/yodel/realtime/internal/spawn"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// owner counts how often it has failed.
type owner struct{ failed atomic.Int32 }

func (o *owner) Fail() { o.failed.Add(1) }

func TestH303_PanicEndsItsOwnerAlone(t *testing.T) {
	for name, start := range map[string]func(g *spawn.Group, o spawn.Owner, work func()){
		"goroutine":         (*spawn.Group).Go,
		"caller":            func(g *spawn.Group, o spawn.Owner, work func()) { g.Do(o, work) },
		"timer":             func(g *spawn.Group, o spawn.Owner, work func()) { g.AfterFunc(time.Second, o, work) },
		"worker":            func(g *spawn.Group, o spawn.Owner, work func()) { runOnce(g, o, work) },
		"caller, no report": func(g *spawn.Group, o spawn.Owner, work func()) { g.Do(o, work) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var causes []any
				var stacks string
				report := func(cause any, stack []byte) {
					causes = append(causes, cause)
					stacks += string(stack)
				}
				if strings.Contains(name, "no report") {
					report = nil
				}
				g, o := spawn.New(report), &owner{}
				start(g, o, func() { culprit() })
				time.Sleep(time.Second)
				synctest.Wait()
				g.Wait()
				if g.Panics() != 1 || o.failed.Load() != 1 {
					t.Errorf("got %d panics, %d failures of the owner, want 1 and 1", g.Panics(), o.failed.Load())
				}
				if report != nil && (len(causes) != 1 || causes[0] != "boom" || !strings.Contains(stacks, "culprit")) {
					t.Errorf("report: got %v and a stack with culprit: %t, want boom once and its stack", causes, strings.Contains(stacks, "culprit"))
				}
			})
		})
	}
}

func culprit() { panic("boom") }

// task is work for a pool.
type task struct {
	spawn.Owner
	run func()
}

func (t task) Run() { t.run() }

func runOnce(g *spawn.Group, o spawn.Owner, work func()) {
	pool := g.NewWorkerPool()
	pool.Run(task{o, work})
	pool.Close()
}

// failing panics when it fails.
type failing struct{}

func (failing) Fail() { panic("and again") }

func TestH303_PanicInReportAndOwnerStaysInside(t *testing.T) {
	g := spawn.New(func(any, []byte) { panic("in the report") })
	g.Go(failing{}, culprit)
	g.Wait()
	if ok := g.Do(failing{}, culprit); ok {
		t.Error("work that panicked: got ok")
	}
	if g.Panics() != 6 {
		t.Errorf("panics: got %d, want 2 and 4 of those that were told", g.Panics())
	}
}

func TestDo_NilOwnerAndOrderlyWork(t *testing.T) {
	g := spawn.New(nil)
	if g.Do(nil, culprit) || !g.Do(nil, func() {}) {
		t.Error("got ok for the panic or none for the other, want none and ok")
	}
	if g.Panics() != 1 {
		t.Errorf("panics: got %d, want 1", g.Panics())
	}
}

// TestGoexit_FailsAndIsNotWaitedFor: a handler under test may call t.FailNow.
func TestGoexit_FailsAndIsNotWaitedFor(t *testing.T) {
	g, o := spawn.New(nil), &owner{}
	g.Go(o, runtime.Goexit)
	g.Wait()
	pool := g.NewWorkerPool()
	defer pool.Close()
	pool.Run(task{o, runtime.Goexit})
	g.Wait()
	if o.failed.Load() != 2 || g.Panics() != 0 {
		t.Errorf("got %d failures, %d panics, want 2 and none", o.failed.Load(), g.Panics())
	}
}

func TestWait_CountsWorkAndNotPendingTimers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := spawn.New(nil)
		hold := make(chan struct{})
		pending := g.AfterFunc(time.Hour, nil, func() { t.Error("it was stopped") })
		g.Wait() // nothing runs
		g.AfterFunc(time.Second, nil, func() { <-hold })
		time.Sleep(2 * time.Second)
		done := g.Done()
		synctest.Wait()
		select {
		case <-done:
			t.Error("done while a timer's work runs")
		default:
		}
		close(hold)
		<-done
		pending.Stop()
	})
}

// TestWait_RacesWithStarts: sync.WaitGroup forbids an Add at zero beside a Wait.
func TestWait_RacesWithStarts(t *testing.T) {
	g := spawn.New(nil)
	var done atomic.Int64
	stop, starter := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(starter)
		for range 20_000 {
			g.Go(nil, func() { done.Add(1) })
		}
	}()
	go func() {
		defer close(stop)
		for range 2_000 {
			g.Wait()
		}
	}()
	<-stop
	<-starter
	g.Wait()
	if done.Load() != 20_000 {
		t.Errorf("done when Wait returned: got %d, want 20000", done.Load())
	}
}
