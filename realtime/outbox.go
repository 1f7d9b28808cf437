package realtime

import "sync"

// outbox keeps at most one frame of a session in flight. While the transport
// writes, further messages wait here, in order, bounded by bytes. What does not
// fit is never dropped in silence: the caller ends the session.
type outbox struct {
	mu     sync.Mutex
	limit  int // bytes that may wait
	busy   bool
	shut   bool
	queue  [][]byte
	queued int
}

// outcome of offering a message to an outbox.
type outcome int

const (
	writeNow outcome = iota // the writer was idle and is now marked busy: hand it the message
	waits                   // queued behind the frame in flight
	refused                 // the session is ending; the message goes nowhere
	overflow                // no room: end the session
)

func (o *outbox) offer(message []byte) outcome {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.shut:
		return refused
	case !o.busy:
		o.busy = true
		return writeNow
	case o.queued+len(message) > o.limit:
		return overflow
	}
	o.queue = append(o.queue, message)
	o.queued += len(message)
	return waits
}

// sent tells that the frame in flight is out and returns the next one, nil when
// nothing waits.
func (o *outbox) sent() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.queue) == 0 {
		o.busy, o.queue = false, nil
		return nil
	}
	next := o.queue[0]
	o.queue[0] = nil
	o.queue = o.queue[1:]
	o.queued -= len(next)
	return next
}

// close stops taking messages; it also forgets those that wait unless they may
// still go out. It reports whether anything is in flight or waiting.
func (o *outbox) close(keep bool) (pending bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.shut = true
	if !keep {
		o.queue, o.queued = nil, 0
	}
	return o.busy
}
