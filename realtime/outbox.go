package realtime

import "sync"

// outbox keeps at most one frame of a session in flight. While the transport
// writes, further messages wait here, in order, bounded by bytes; when it is
// idle again they go out joined into one frame, where the protocol has a way to
// join. What does not fit is never dropped in silence: the caller ends the
// session.
type outbox struct {
	limit  int                   // bytes that may wait
	join   func([][]byte) []byte // nil: one message a frame
	ledger *Ledger               // nil: nothing is counted

	mu      sync.Mutex
	busy    bool
	shut    bool
	queue   [][]byte
	queued  int
	waiting tally // deliveries in the queue
	flying  tally // deliveries in the frame in flight
}

// delivery says how the ledger counts a message that is lost.
type delivery int

const (
	notCounted  delivery = iota
	fleeting             // lost for good
	recoverable          // still in the channel's history
)

// tally counts deliveries by how they would be lost.
type tally struct{ fleeting, recoverable uint64 }

func (t *tally) add(kind delivery) {
	switch kind {
	case fleeting:
		t.fleeting++
	case recoverable:
		t.recoverable++
	}
}

// outcome of offering a message to an outbox.
type outcome int

const (
	writeNow outcome = iota // the writer was idle and is now marked busy: hand it the message
	waits                   // queued behind the frame in flight
	refused                 // the session is ending; the message goes nowhere
	overflow                // no room: end the session
)

// maxJoined bounds the bytes that are joined into one frame.
const maxJoined = 64 << 10

func (o *outbox) offer(message []byte, kind delivery) outcome {
	o.mu.Lock()
	defer o.mu.Unlock()
	var one tally
	one.add(kind)
	switch {
	case o.shut:
		o.lose(one)
		return refused
	case !o.busy:
		o.busy, o.flying = true, one
		return writeNow
	case o.queued+len(message) > o.limit:
		o.lose(one)
		return overflow
	}
	o.queue = append(o.queue, message)
	o.queued += len(message)
	o.waiting.add(kind)
	return waits
}

// sent tells that the frame in flight is out and returns the next one, nil when
// nothing waits.
func (o *outbox) sent() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ledger != nil {
		o.ledger.delivered.Add(o.flying.fleeting + o.flying.recoverable)
	}
	o.flying = tally{}
	if len(o.queue) == 0 {
		o.busy, o.queue = false, nil
		return nil
	}
	if o.join == nil || len(o.queue) == 1 || o.queued > maxJoined {
		return o.next()
	}
	frame := o.join(o.queue)
	clear(o.queue)
	o.queue, o.queued = o.queue[:0], 0
	o.flying, o.waiting = o.waiting, tally{}
	return frame
}

// next takes the oldest message alone. Deliveries are counted as sent with the
// last of those that wait: until then, those before it are in flight.
func (o *outbox) next() []byte {
	next := o.queue[0]
	o.queue[0] = nil
	o.queue = o.queue[1:]
	o.queued -= len(next)
	if len(o.queue) == 0 {
		o.flying, o.waiting = o.waiting, tally{}
	}
	return next
}

// lose counts what a peer will not get over this connection.
func (o *outbox) lose(t tally) {
	if o.ledger != nil {
		o.ledger.recoverable.Add(t.recoverable)
		o.ledger.dropped.Add(t.fleeting)
	}
}

// close stops taking messages; it also forgets those that wait unless they may
// still go out. It reports whether anything is in flight or waiting.
func (o *outbox) close(keep bool) (pending bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.shut = true
	if !keep {
		o.lose(o.waiting)
		o.queue, o.queued, o.waiting = nil, 0, tally{}
	}
	return o.busy
}

// end counts what was in flight when the connection ended.
func (o *outbox) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lose(o.flying)
	o.lose(o.waiting)
	o.flying, o.waiting, o.queue = tally{}, tally{}, nil
}

// size is how many bytes wait.
func (o *outbox) size() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.queued
}
