package transport

import (
	"slices"
	"sync"
)

// writeQueue keeps at most one frame of a conn in flight. While that is written,
// further messages wait here, in order; when the writer is idle again they go out
// joined into one frame, where the protocol has a way to join. What pushes may take
// is bounded in bytes. What does not fit is never dropped in silence: the caller ends
// the conn.
type writeQueue struct {
	config *Config
	binary bool // frames are binary, and messages in them need no separator; fixed before open

	mu         sync.Mutex
	open       bool
	busy       bool // a frame is in flight
	held       bool // a batch of replies is being made; they go out together
	activating bool // a reply waits for its activation; nothing goes out
	queue      []queuedMessage
	bytes      int    // that wait
	pushBytes  int    // of them, those of pushes
	flying     Counts // deliveries in the frame in flight
	room       chan struct{}
}

// queuedMessage is a message that waits, and the deliveries in it.
type queuedMessage struct {
	message Message
	counts  Counts
	kind    kind
}

// kind of a message.
type kind uint8

const (
	push       kind = iota // bounded by QueueBytes
	backlog                // a push that is bounded by half of them, and ends nothing
	reply                  // bounded by the worker, which waits for room
	activation             // a reply that goes out if its activation comes about
)

func (k kind) isPush() bool { return k == push || k == backlog }

// offered is what became of a message that was offered to a queue.
type offered uint8

const (
	writeNow offered = iota // the writer was idle and is now marked busy: hand it the message
	queued                  // behind the frame in flight
	refused                 // the conn is not open; the message goes nowhere
	flushNow                // queued, and enough is held back: release it
	overflow                // no room: end the conn
)

// MaxJoined bounds the bytes that are joined into one frame.
const MaxJoined = 64 << 10

// begin lets messages in, once.
func (q *writeQueue) begin() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.open = true
}

func (q *writeQueue) offer(m Message, counts Counts, kind kind) offered {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case !q.open:
		q.config.Ledger.lost(counts)
		return refused
	case q.idle():
		q.busy, q.flying = true, counts
		return writeNow
	case kind == push && q.pushBytes+m.Len() > q.config.QueueBytes:
		q.config.Ledger.lost(counts)
		return overflow
	case kind == backlog && q.pushBytes+m.Len() > q.config.QueueBytes/2:
		q.config.Ledger.lost(counts)
		return refused
	}
	q.enqueue(queuedMessage{m, counts, kind})
	if q.held && !q.busy && !q.activating && q.bytes > MaxJoined {
		return flushNow
	}
	return queued
}

// idle reports whether a message may be written past the queue.
func (q *writeQueue) idle() bool { return !q.busy && !q.held && !q.activating }

func (q *writeQueue) enqueue(one queuedMessage) {
	q.queue = append(q.queue, one)
	q.bytes += one.message.Len()
	if one.kind.isPush() {
		q.pushBytes += one.message.Len()
	}
}

// sent tells that the frame in flight is out and returns the next one, if any.
func (q *writeQueue) sent() (next Message, more bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.config.Ledger.delivered(q.flying)
	q.busy, q.flying = false, Counts{}
	return q.take()
}

// hold lets messages wait until release, so that they go out together, and reports
// whether they did not before. Nothing that is in flight is held up.
func (q *writeQueue) hold() (begun bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	begun = q.open && !q.held
	q.held = q.open
	return begun
}

// release ends hold and returns what has to go out now, if anything.
func (q *writeQueue) release() (next Message, more bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.held = false
	return q.take()
}

// beginActivation queues a reply that goes out if the activation comes about, and
// lets nothing out before endActivation. It reports whether the queue is open.
func (q *writeQueue) beginActivation(m Message) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.open || q.activating {
		return false
	}
	q.activating = true
	q.enqueue(queuedMessage{message: m, kind: activation})
	return true
}

// endActivation keeps the reply or takes it back, and returns what has to go out.
func (q *writeQueue) endActivation(keep bool) (next Message, more bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.activating = false
	i := slices.IndexFunc(q.queue, func(one queuedMessage) bool { return one.kind == activation })
	switch {
	case i < 0: // the queue was dropped meanwhile
	case keep:
		q.queue[i].kind = reply
	default:
		q.bytes -= q.queue[i].message.Len()
		q.queue = slices.Delete(q.queue, i, i+1)
	}
	return q.take()
}

// close stops taking messages. It also forgets those that wait, unless they may still
// go out. It reports whether anything is in flight or waiting.
func (q *writeQueue) close(keep bool) (pending bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.open = false
	if !keep {
		q.forget()
	}
	q.wake()
	return q.busy || len(q.queue) > 0
}

// drained reports whether nothing is left of a queue that takes no more.
func (q *writeQueue) drained() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return !q.open && !q.busy && len(q.queue) == 0
}

// end counts what was in flight when the conn ended, and forgets the rest.
func (q *writeQueue) end() {
	q.close(false)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.config.Ledger.lost(q.flying)
	q.flying = Counts{}
}

// forget drops what waits. The caller holds mu.
func (q *writeQueue) forget() {
	for _, one := range q.queue {
		q.config.Ledger.lost(one.counts)
	}
	q.queue, q.bytes, q.pushBytes = nil, 0, 0
}

// size is how many bytes wait.
func (q *writeQueue) size() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bytes
}

// wait returns what is closed when there may be room for replies again, nil if there
// is room now or the queue is closed.
func (q *writeQueue) wait() (room <-chan struct{}, open bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.open || q.roomy() {
		return nil, q.open
	}
	if q.room == nil {
		q.room = make(chan struct{})
	}
	return q.room, true
}

func (q *writeQueue) roomy() bool { return q.bytes <= q.config.QueueBytes/2 }

// wake lets those look again who wait for room. The caller holds mu.
func (q *writeQueue) wake() {
	if q.room != nil {
		close(q.room)
		q.room = nil
	}
}
