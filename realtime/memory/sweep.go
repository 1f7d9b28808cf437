package memory

import "time"

const (
	sweepEvery    = 1024             // calls, or as many as there are streams
	sweepAfter    = time.Minute      // when calls are few
	forgotten     = 10 * time.Minute // after which an empty stream without subscribers goes
	mostIdle      = 100_000          // of those, whatever their age
	mostIdleBytes = 64 << 20         // of those, without publications
)

// sweep lets streams go that nobody would miss, and publications and keys whose
// time is over.
func (b *broker) sweep(now time.Time) {
	b.calls, b.swept = 0, now
	for _, s := range b.streams {
		b.drop(s, now, b.crowded())
	}
	b.keys.Expire()
}

func (b *broker) crowded() bool { return len(b.streams) > mostIdle || b.names > mostIdleBytes }

// makeRoom looks at a few streams when there are too many: who publishes to one
// name after another must not wait for a sweep to be bounded. Those that must stay
// are looked at again when all others were.
func (b *broker) makeRoom(now time.Time) {
	for range 4 {
		front := b.order.Front()
		if front == nil || !b.crowded() {
			return
		}
		b.order.MoveToBack(front)
		b.drop(front.Value.(*stream), now, true)
	}
}

// drop lets one stream go, unless somebody might miss it. A stream that was never
// published to begins again as it was. Another one can't: its offsets would begin
// anew, so whatever begins from now on has another epoch, and whoever comes back
// with the old one knows.
func (b *broker) drop(s *stream, now time.Time, hurry bool) {
	if !s.mu.TryLock() {
		return // busy
	}
	defer s.mu.Unlock()
	s.forget(now)
	quiet := now.Sub(time.Unix(0, s.used.Load()))
	switch {
	case s.deliver != nil || s.window.n > 0:
		return
	case s.spent() && quiet < forgotten && !hurry:
		return
	case s.spent():
		b.age++
	}
	s.gone = true
	b.order.Remove(s.place)
	b.names -= s.cost()
	delete(b.streams, s.channel)
}

// squeeze empties the histories that were quiet for longest, until a tenth of what
// they may take is free.
func (b *broker) squeeze() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bytes.Load() <= b.bounds.all {
		return
	}
	for range b.order.Len() {
		if b.bytes.Load() <= b.bounds.all*9/10 {
			return
		}
		front := b.order.Front()
		b.order.MoveToBack(front) // what is empty is not looked at again before the others
		if s := front.Value.(*stream); s.mu.TryLock() {
			s.empty()
			s.mu.Unlock()
		}
	}
}
