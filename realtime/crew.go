package realtime

import (
	"sync"
	"sync/atomic"
)

// crew runs the workers of connections. A goroutine whose work is done waits for
// more, on the stack that it has grown: commands come in bursts, and to grow a
// stack anew costs more than most of them. Few wait, and none after dismiss.
type crew struct {
	running *sync.WaitGroup // counts work, not those who wait for some
	next    chan func()
	over    chan struct{}
	dismiss func()
	idle    atomic.Int32
}

// maxIdle bounds the goroutines that wait for work.
const maxIdle = 16

func newCrew(running *sync.WaitGroup) *crew {
	over := make(chan struct{})
	return &crew{running: running, next: make(chan func()), over: over, dismiss: sync.OnceFunc(func() { close(over) })}
}

// run lets somebody do the work, at once.
func (c *crew) run(work func()) {
	c.running.Add(1)
	select {
	case c.next <- work:
	default:
		go c.serve(work)
	}
}

func (c *crew) serve(work func()) {
	for work != nil {
		work()
		c.running.Done()
		work = c.wait()
	}
}

// wait returns the next work, or nil for somebody who is not needed any more.
func (c *crew) wait() func() {
	defer c.idle.Add(-1)
	if c.idle.Add(1) > maxIdle {
		return nil
	}
	select {
	case work := <-c.next:
		return work
	case <-c.over:
		return nil
	}
}
