package throttle_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/app/throttle"
)

func TestThrottle_RefillsWithTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		budget := throttle.New(time.Second, 3)
		take := func() (n int) {
			for budget.Take("alice") {
				n++
			}
			return n
		}
		if got := take(); got != 3 {
			t.Errorf("at once: got %d, want 3", got)
		}
		time.Sleep(2 * time.Second) // of the bubble's clock
		if got := take(); got != 2 {
			t.Errorf("after two seconds: got %d, want 2", got)
		}
		budget.Return("alice")
		if got := take(); got != 1 {
			t.Errorf("one given back: got %d, want 1", got)
		}
		time.Sleep(time.Hour)
		budget.Return("alice") // of a budget that is whole already
		if got := take(); got != 3 {
			t.Errorf("after an hour: got %d, want 3", got)
		}
		budget.Renew("alice")
		if got := take(); got != 3 {
			t.Errorf("renewed: got %d, want 3", got)
		}
		if !budget.Take("bob") {
			t.Error("bob: got nothing, want a budget of his own")
		}
	})
}

func TestThrottle_ParallelTakesAreCounted(t *testing.T) {
	budget := throttle.New(time.Hour, 10)
	var taken atomic.Int64
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			if budget.Take("alice") {
				taken.Add(1)
			}
		})
	}
	all.Wait()
	if got := taken.Load(); got != 10 {
		t.Errorf("taken: got %d, want 10", got)
	}
}

func TestH335_long_keys_and_many(t *testing.T) {
	budget := throttle.New(time.Hour, 1)
	budget.Take("alice")
	long := strings.Repeat("k", 60<<10)
	before := heap()
	for i := range 20_000 {
		key := fmt.Sprint(i, long)
		budget.Take(key)
		if i%100 == 0 {
			budget.Take("alice")
		}
	}
	if grown := heap() - before; grown > 16<<20 {
		t.Errorf("heap after 20,000 keys of 60 kB: grew by %d MB, want at most 16", grown>>20)
	}
	if budget.Take("alice") {
		t.Error("a flood of other keys made an empty budget whole again, while it was in use")
	}
	runtime.KeepAlive(budget)
}

func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

func TestGate_BoundsWhatIsUnderWay(t *testing.T) {
	gate := throttle.NewGate(2)
	first, _ := gate.Enter("alice")
	if _, ok := gate.Enter("alice"); !ok {
		t.Error("the second: got no place, want one")
	}
	if _, ok := gate.Enter("alice"); ok {
		t.Error("the third: got a place, want none")
	}
	if _, ok := gate.Enter("bob"); !ok {
		t.Error("bob: got no place, want one")
	}
	first()
	if _, ok := gate.Enter("alice"); !ok {
		t.Error("after one has left: got no place, want one")
	}
}
