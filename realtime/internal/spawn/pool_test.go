package spawn_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/yodelrt/yodel/realtime/internal/spawn"
)

const maxIdle = 16

func TestWorkerPool_TasksNeverWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := spawn.New(nil)
		pool := g.NewWorkerPool()
		defer pool.Close()
		var begun atomic.Int32
		held := make(chan struct{})
		const many = 3 * maxIdle
		for range many {
			pool.Run(task{&owner{}, func() {
				begun.Add(1)
				<-held
			}})
		}
		synctest.Wait()
		if begun.Load() != many {
			t.Fatalf("begun: got %d, want %d", begun.Load(), many)
		}
		close(held)
		g.Wait()
		synctest.Wait()
		if pool.Idle() != maxIdle {
			t.Errorf("idle workers: got %d, want %d", pool.Idle(), maxIdle)
		}
	})
}

func TestWorkerPool_IdleWorkersTakeTheNextTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool := spawn.New(nil).NewWorkerPool()
		defer pool.Close()
		for i := range 10 {
			pool.Run(task{&owner{}, func() {
				if i%2 == 0 {
					panic("boom") // the worker lives on
				}
			}})
			synctest.Wait()
			if pool.Idle() != 1 {
				t.Fatalf("idle workers: got %d, want one that did all of it", pool.Idle())
			}
		}
	})
}

// Under synctest, a goroutine that still waits when the test ends fails it.
func TestWorkerPool_NobodyWaitsAfterClose(t *testing.T) {
	synctest.Test(t, func(*testing.T) {
		g := spawn.New(nil)
		pool := g.NewWorkerPool()
		pool.Run(task{&owner{}, func() {}})
		synctest.Wait()
		pool.Close()
		pool.Close() // again does nothing
		pool.Run(task{&owner{}, func() {}})
		g.Wait()
	})
}
