package realtime

import (
	"sync"

	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// channelQueue is where the publications of a channel wait to be handed to its
// subscribers. One goroutine hands them out, all that wait at a time, and ends
// when none do; so publishers do not wait for each other's fan-out, and what is
// published in a burst is joined into one frame for everybody.
type channelQueue struct {
	mu      sync.Mutex
	room    sync.Cond // some were handed out
	waiting []queuedPublication
	bytes   int
	running bool
	last    uint64 // number of the latest to arrive
	handed  uint64 // number of the latest that was handed out
	behind  []waiter
}

// waiter is what is done when a publication was handed out.
type waiter struct {
	number uint64
	do     func()
}

// queuedPublication is a publication and its place among those that arrived here.
type queuedPublication struct {
	number      uint64
	publication Publication
}

const (
	maxLineBytes = 1 << 20 // that may wait; then publishers wait for the processor
	lineCost     = 256     // of one publication beyond its data
	maxBatch     = 256     // publications that are handed out together
)

func (q *channelQueue) init() { q.room.L = &q.mu }

// put adds a publication. It reports whether the caller must see that somebody
// hands it out. No subscriber can hold it up, however slowly it reads.
func (q *channelQueue) put(p Publication) (start bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.bytes > maxLineBytes {
		q.room.Wait()
	}
	q.last++
	q.waiting = append(q.waiting, queuedPublication{q.last, p})
	q.bytes += len(p.Data) + lineCost
	start = !q.running
	q.running = true
	return start
}

// take returns those that are next, joinable into one frame by their size, after
// those that it returned before were handed out. Without any the caller is done.
func (q *channelQueue) take() []queuedPublication {
	q.mu.Lock()
	defer q.mu.Unlock()
	n, size := 0, 0
	for n < len(q.waiting) && n < maxBatch {
		size += len(q.waiting[n].publication.Data) + lineCost
		if n > 0 && size > transport.MaxJoined {
			break
		}
		n++
	}
	if n == 0 {
		q.running, q.waiting = false, nil
		return nil
	}
	next := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	return next
}

// done tells that publications were handed out.
func (q *channelQueue) done(handed []queuedPublication) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range handed {
		q.bytes -= len(handed[i].publication.Data) + lineCost
	}
	q.handed = handed[len(handed)-1].number
	q.room.Broadcast()
	for len(q.behind) > 0 && q.behind[0].number <= q.handed {
		q.behind[0].do()
		q.behind = q.behind[1:]
	}
}

// after does something, which must not block, when everything that has arrived was
// handed out, at once if it was. What is asked for first is done first.
func (q *channelQueue) after(do func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.handed >= q.last {
		do()
		return
	}
	q.behind = append(q.behind, waiter{q.last, do})
}

// latest is the number of the publication that arrived last.
func (q *channelQueue) latest() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.last
}

// settle waits until everything that has arrived was handed out.
func (q *channelQueue) settle() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for until := q.last; q.handed < until; {
		q.room.Wait()
	}
}
