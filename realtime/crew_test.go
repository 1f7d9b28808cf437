package realtime

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

func TestWorkNeverWaitsForOtherWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running sync.WaitGroup
		crew := newCrew(&running)
		defer crew.dismiss()
		var begun atomic.Int32
		held := make(chan struct{})
		const many = 3 * maxIdle
		for range many {
			crew.run(func() {
				begun.Add(1)
				<-held
			})
		}
		synctest.Wait()
		if begun.Load() != many {
			t.Fatalf("%d of %d pieces of work have begun, want all", begun.Load(), many)
		}
		close(held)
		running.Wait()
		synctest.Wait()
		if waiting := crew.idle.Load(); waiting != maxIdle {
			t.Errorf("%d wait for more work, want %d", waiting, maxIdle)
		}
	})
}

func TestWorkGoesToThoseWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running sync.WaitGroup
		crew := newCrew(&running)
		defer crew.dismiss()
		for range 10 {
			crew.run(func() {})
			synctest.Wait()
			if waiting := crew.idle.Load(); waiting != 1 {
				t.Fatalf("%d wait for more work, want one that did all of it", waiting)
			}
		}
	})
}

// Under synctest, a goroutine that still waits when the test ends fails it.
func TestNobodyWaitsForWorkAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(*testing.T) {
		var running sync.WaitGroup
		crew := newCrew(&running)
		crew.run(func() {})
		synctest.Wait()
		crew.dismiss()
		crew.dismiss() // again does nothing
		crew.run(func() {})
		running.Wait()
	})
}
