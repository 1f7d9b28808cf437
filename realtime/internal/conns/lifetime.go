package conns

import "time"

// ExpireAt sets when the token of a connection ends, in place of an earlier moment.
// The zero time never ends it.
func (c *Conn) ExpireAt(end time.Time) {
	if end.IsZero() {
		c.StopAlarm(AlarmExpiry)
		return
	}
	c.SetAlarm(AlarmExpiry, time.Until(end))
}

// Lifetime bounds how long a connection lasts and how long it is idle. Zero is no
// bound.
type Lifetime struct{ Age, Idle time.Duration }

// Start begins to count.
func (l Lifetime) Start(c *Conn, since time.Time) {
	l.Touch(c)
	if l.Age > 0 {
		c.SetAlarm(AlarmAge, l.Age-time.Since(since))
	}
	if l.Idle > 0 {
		c.SetAlarm(AlarmIdle, l.Idle)
	}
}

// Touch notes that the peer has asked for something.
func (l Lifetime) Touch(c *Conn) {
	if l.Idle > 0 {
		c.latest.Store(time.Now().UnixNano())
	}
}

// IsIdle reports whether a connection was idle for too long, and else looks again
// when it would be. One whose handler is at work is not idle.
func (l Lifetime) IsIdle(c *Conn) bool {
	left := l.Idle - time.Since(time.Unix(0, c.latest.Load()))
	if left <= 0 && c.Socket.Busy() {
		left = l.Idle
	}
	if left <= 0 {
		return true
	}
	c.SetAlarm(AlarmIdle, left)
	return false
}
