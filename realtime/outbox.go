package realtime

import "sync"

// outbox keeps at most one frame of a session in flight. While the transport
// writes, further messages wait here, in order, bounded by bytes; when it is
// idle again they go out joined into one frame, where the protocol has a way to
// join. What does not fit is never dropped in silence: the caller ends the
// session.
type outbox struct {
	limit  int     // bytes that may wait
	ledger *ledger // nil: nothing is counted
	joins  bool    // several messages may share a frame
	binary bool    // frames are binary, and messages in them need no separator

	mu     sync.Mutex
	busy   bool
	held   bool // a batch of replies is being made; they go out together
	shut   bool
	queue  []parcel
	queued int
	flying tally // deliveries in the frame in flight
}

// parcel is a message that waits, and the deliveries in it.
type parcel struct {
	message message
	tally   tally
}

// delivery says how the ledger counts a message that is lost.
type delivery int

const (
	notCounted  delivery = iota
	fleeting             // lost for good
	recoverable          // still in the channel's history
)

// tally counts deliveries by how they would be lost.
type tally struct{ fleeting, recoverable uint32 }

// of is a number of deliveries of one kind.
func (d delivery) of(n int) tally {
	switch d {
	case fleeting:
		return tally{fleeting: uint32(n)}
	case recoverable:
		return tally{recoverable: uint32(n)}
	}
	return tally{}
}

func (t *tally) add(other tally) {
	t.fleeting += other.fleeting
	t.recoverable += other.recoverable
}

// outcome of offering a message to an outbox.
type outcome int

const (
	writeNow outcome = iota // the writer was idle and is now marked busy: hand it the message
	waits                   // queued behind the frame in flight
	refused                 // the session is ending; the message goes nowhere
	ripe                    // queued, and enough is held back: release it
	overflow                // no room: end the session
)

// maxJoined bounds the bytes that are joined into one frame.
const maxJoined = 64 << 10

func (o *outbox) offer(m message, deliveries tally) outcome {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.shut:
		o.lose(deliveries)
		return refused
	case !o.busy && !o.held:
		o.busy, o.flying = true, deliveries
		return writeNow
	case o.queued+len(m.payload) > o.limit:
		o.lose(deliveries)
		return overflow
	}
	o.queue = append(o.queue, parcel{m, deliveries})
	o.queued += len(m.payload)
	if o.held && !o.busy && o.queued > maxJoined {
		return ripe
	}
	return waits
}

// sent tells that the frame in flight is out and returns the next one, if any.
func (o *outbox) sent() (next message, more bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ledger != nil {
		o.ledger.delivered.Add(uint64(o.flying.fleeting) + uint64(o.flying.recoverable))
	}
	o.busy, o.flying = false, tally{}
	return o.take()
}

// hold lets messages wait until release, so that they go out together, and
// reports whether they did not before. Nothing that is in flight is held up.
func (o *outbox) hold() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	before := o.held
	o.held = !o.shut
	return o.held && !before
}

// release ends hold and returns what has to go out now, if anything.
func (o *outbox) release() (next message, more bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.held = false
	if o.busy {
		return message{}, false
	}
	return o.take()
}

// take puts what waits in flight, joined as far as may be.
func (o *outbox) take() (next message, more bool) {
	if o.held || len(o.queue) == 0 {
		if len(o.queue) == 0 {
			o.queue = nil
		}
		return message{}, false
	}
	n, size := 1, len(o.queue[0].message.payload)
	for o.joins && n < len(o.queue) && size+len(o.queue[n].message.payload) <= maxJoined {
		size += len(o.queue[n].message.payload)
		n++
	}
	next = o.queue[0].message
	if n > 1 {
		next = o.join(o.queue[:n], size)
	}
	for i := range n {
		o.flying.add(o.queue[i].tally)
		o.queue[i] = parcel{}
	}
	o.queue = o.queue[n:]
	o.queued -= size
	o.busy = true
	return next, true
}

func (o *outbox) join(parcels []parcel, size int) message {
	separator := inJSON.separator()
	if o.binary {
		separator = inProtobuf.separator()
	}
	length := size + (len(parcels)-1)*len(separator)
	whole := appendHeader(make([]byte, 0, maxHeader+length), length, o.binary)
	header := len(whole)
	for i, one := range parcels {
		if i > 0 {
			whole = append(whole, separator...)
		}
		whole = append(whole, one.message.payload...)
	}
	return message{payload: whole[header:], whole: whole}
}

// lose counts what a peer will not get over this connection.
func (o *outbox) lose(t tally) {
	if o.ledger != nil {
		o.ledger.recoverable.Add(uint64(t.recoverable))
		o.ledger.dropped.Add(uint64(t.fleeting))
	}
}

// close stops taking messages; it also forgets those that wait unless they may
// still go out. It reports whether anything is in flight or waiting.
func (o *outbox) close(keep bool) (pending bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.shut = true
	if !keep {
		o.forget()
	}
	return o.busy || len(o.queue) > 0
}

// done reports whether nothing is left of an outbox that takes no more.
func (o *outbox) done() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.shut && !o.busy && len(o.queue) == 0
}

// end counts what was in flight when the connection ended.
func (o *outbox) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lose(o.flying)
	o.flying = tally{}
	o.forget()
}

func (o *outbox) forget() {
	for _, one := range o.queue {
		o.lose(one.tally)
	}
	o.queue, o.queued = nil, 0
}

// size is how many bytes wait.
func (o *outbox) size() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.queued
}
