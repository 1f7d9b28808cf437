// Package spawn is the one place where realtime starts goroutines and timers. A
// panic in one of them is counted, reported, and ends its owner alone.
package spawn

import (
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// Owner is what ends when its work panics.
type Owner interface{ Fail() }

// Group starts work and counts what runs. Safe for concurrent use.
type Group struct {
	panicked func(cause any, stack []byte)
	panics   atomic.Uint64
	running  atomic.Int64

	mu   sync.Mutex
	idle chan struct{} // closed when nothing runs; nil while nobody waits
}

// New makes a group. panicked is told the cause and the stack of every panic; nil
// tells nobody.
func New(panicked func(cause any, stack []byte)) *Group { return &Group{panicked: panicked} }

// Go does the work in a goroutine of its own, which Wait waits for. After a panic
// the owner fails; it may be nil.
func (g *Group) Go(owner Owner, work func()) {
	g.begin()
	go func() { // what stays on its stack counts for every connection: no call of Do
		ok := false
		defer func() {
			if !ok {
				g.failed(owner, recover())
			}
			g.end()
		}()
		work()
		ok = true
	}()
}

// Do does the work in the caller's goroutine and reports whether it returned. After
// a panic the owner fails; it may be nil.
func (g *Group) Do(owner Owner, work func()) (ok bool) {
	defer func() {
		if !ok {
			g.failed(owner, recover())
		}
	}()
	work()
	return true
}

// AfterFunc does the work after d, in a goroutine of its own. Wait waits for the
// work, not for the timer. After a panic the owner fails; it may be nil.
func (g *Group) AfterFunc(d time.Duration, owner Owner, work func()) *time.Timer {
	return time.AfterFunc(d, func() {
		g.begin()
		defer g.end()
		g.Do(owner, work)
	})
}

// Panics is how many panics there have been.
func (g *Group) Panics() uint64 { return g.panics.Load() }

// Wait returns when nothing runs. Work may be started meanwhile and afterwards.
func (g *Group) Wait() { <-g.Done() }

// Done returns a channel that is closed as soon as nothing runs.
func (g *Group) Done() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.idle == nil {
		g.idle = make(chan struct{})
	}
	idle := g.idle
	g.tell()
	return idle
}

func (g *Group) begin() { g.running.Add(1) }

func (g *Group) end() {
	if g.running.Add(-1) > 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tell()
}

// tell lets those go on who wait, if nothing runs. The caller holds mu. What has
// begun since the last work ended is looked at again when it ends.
func (g *Group) tell() {
	if g.idle != nil && g.running.Load() == 0 {
		close(g.idle)
		g.idle = nil
	}
}

// failed counts a panic, reports it and lets the owner fail, as does the owner of work
// that has ended its goroutine.
func (g *Group) failed(owner Owner, cause any) {
	if cause != nil { // it is nil for work that has called runtime.Goexit
		g.report(cause, debug.Stack())
	}
	if owner != nil {
		g.contain(owner.Fail)
	}
}

func (g *Group) report(cause any, stack []byte) {
	g.panics.Add(1)
	if g.panicked != nil {
		g.contain(func() { g.panicked(cause, stack) })
	}
}

// contain counts a panic in the report of one, or in a failing owner, and reports it
// to nobody.
func (g *Group) contain(call func()) {
	defer func() {
		if recover() != nil {
			g.panics.Add(1)
		}
	}()
	call()
}
