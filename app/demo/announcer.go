package demo

import (
	"sync"
	"time"
)

// announcer tells a change to all, at most once a second, and never misses the
// last one.
type announcer struct {
	tell func()

	mu      sync.Mutex
	last    time.Time
	pending *time.Timer
	stopped bool
}

const betweenAnnouncements = time.Second

func newAnnouncer(tell func()) *announcer { return &announcer{tell: tell} }

func (a *announcer) changed() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.pending != nil || a.stopped {
		return
	}
	a.pending = time.AfterFunc(time.Until(a.last.Add(betweenAnnouncements)), a.announce)
}

func (a *announcer) announce() {
	a.mu.Lock()
	a.pending, a.last = nil, time.Now()
	stopped := a.stopped
	a.mu.Unlock()
	if !stopped {
		a.tell()
	}
}

func (a *announcer) stop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stopped = true
	if a.pending != nil {
		a.pending.Stop()
	}
}
