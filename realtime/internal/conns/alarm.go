package conns

import (
	"math"
	"sync"
	"time"
)

// Alarm is a moment of a connection's life.
type Alarm int

// The alarms.
const (
	AlarmConnect Alarm = iota // it should have connected
	alarmProbe                // half of that time is over; nobody else hears it
	AlarmExpiry               // its token ends
	AlarmAge                  // it has lasted for as long as it may
	AlarmIdle                 // it may have been idle for too long
	AlarmPing                 // it is to be pinged, or should have answered
	alarmCount
)

// off is the moment of an alarm that is not set.
const off = math.MaxInt64

// alarms are the moments of one connection that lie ahead, on one timer.
type alarms struct {
	mu    sync.Mutex
	timer *time.Timer       // nil before the first
	at    [alarmCount]int64 // since the set's start, in nanoseconds
	next  int64             // that the timer is set for
	begun bool
	over  bool
}

// SetAlarm rings an alarm after a while, in place of an earlier moment. It has no
// effect on a connection that is gone.
func (c *Conn) SetAlarm(a Alarm, after time.Duration) {
	now := int64(time.Since(c.set.start))
	c.alarms.mu.Lock()
	defer c.alarms.mu.Unlock()
	c.alarms.set(a, now+int64(max(after, 0)))
	c.wind(now)
}

// AwaitConnect rings AlarmConnect after a while, and pings the peer when half of it is
// over. Then the socket's Heard tells why nothing has come.
func (c *Conn) AwaitConnect(within time.Duration) {
	c.SetAlarm(alarmProbe, within/2)
	c.SetAlarm(AlarmConnect, within)
}

// Connected stops what AwaitConnect has begun.
func (c *Conn) Connected() {
	c.StopAlarm(alarmProbe)
	c.StopAlarm(AlarmConnect)
}

// StopAlarm lets an alarm not ring.
func (c *Conn) StopAlarm(a Alarm) {
	c.alarms.mu.Lock()
	defer c.alarms.mu.Unlock()
	c.alarms.set(a, off)
}

func (a *alarms) set(which Alarm, at int64) {
	if !a.begun {
		a.begun, a.next = true, off
		for i := range a.at {
			a.at[i] = off
		}
	}
	a.at[which] = at
}

// wind sets the timer for the next moment, under the lock. One that is set for an
// earlier moment finds nothing to ring and winds itself.
func (c *Conn) wind(now int64) {
	a := &c.alarms
	next := int64(off)
	for _, at := range a.at {
		next = min(next, at)
	}
	if a.over || next >= a.next {
		return
	}
	a.next = next
	if a.timer == nil {
		a.timer = c.set.spawn.AfterFunc(time.Duration(next-now), &c.Socket, c.fire)
		return
	}
	a.timer.Reset(time.Duration(next - now))
}

// fire rings what is due.
func (c *Conn) fire() {
	now := int64(time.Since(c.set.start))
	var due [alarmCount]bool
	c.alarms.mu.Lock()
	c.alarms.next = off
	for i, at := range c.alarms.at {
		if due[i] = at <= now && !c.alarms.over; due[i] {
			c.alarms.at[i] = off
		}
	}
	c.wind(now)
	c.alarms.mu.Unlock()
	for i, rings := range due {
		switch {
		case !rings:
		case Alarm(i) == alarmProbe:
			c.Socket.Probe()
		default:
			c.set.ring(c, Alarm(i))
		}
	}
}

func (a *alarms) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.over = true
	if a.timer != nil {
		a.timer.Stop()
	}
}
