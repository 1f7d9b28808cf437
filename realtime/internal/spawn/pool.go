package spawn

import (
	"sync"
	"sync/atomic"
)

// Task is work for a [WorkerPool]. When Run panics, Fail is called.
type Task interface {
	Owner
	Run()
}

// WorkerPool runs tasks, each at once. A goroutine whose task is done waits for
// another on the stack that it has grown: tasks come in bursts, and to grow a stack
// anew costs more than most of them. At most 16 wait, none after Close.
type WorkerPool struct {
	group  *Group
	tasks  chan Task
	closed chan struct{}
	close  func()
	idle   atomic.Int32
}

const maxIdleWorkers = 16

// NewWorkerPool makes a pool whose tasks count as running in the group. Workers
// that wait for a task do not.
func (g *Group) NewWorkerPool() *WorkerPool {
	closed := make(chan struct{})
	return &WorkerPool{group: g, tasks: make(chan Task), closed: closed, close: sync.OnceFunc(func() { close(closed) })}
}

// Run lets a worker do the task, at once; after Close too.
func (p *WorkerPool) Run(task Task) {
	p.group.begin()
	select {
	case p.tasks <- task:
	default:
		go p.work(task)
	}
}

// Close ends the workers that wait. It may be called again.
func (p *WorkerPool) Close() { p.close() }

// Idle is how many workers wait for a task.
func (p *WorkerPool) Idle() int { return int(p.idle.Load()) }

func (p *WorkerPool) work(task Task) {
	for task != nil {
		p.do(task)
		task = p.wait()
	}
}

// do ends the counting even of a task that calls [runtime.Goexit].
func (p *WorkerPool) do(task Task) {
	defer p.group.end()
	p.group.Do(task, task.Run)
}

// wait returns the next task, or nil for a worker that is not needed any more.
func (p *WorkerPool) wait() Task {
	if p.idle.Add(1) > maxIdleWorkers {
		p.idle.Add(-1)
		return nil
	}
	defer p.idle.Add(-1)
	select {
	case task := <-p.tasks:
		return task
	case <-p.closed:
		return nil
	}
}
