package nats

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/yodelrt/yodel/realtime/engine"
)

// place is where a channel's stream is known to be.
type place struct {
	seq    uint64 // of the server's stream
	epoch  string
	offset uint64
}

func placeOf(m stored) place { return place{m.seq, m.epoch, m.publication.Offset} }

// line is what this node knows of a channel: where it writes next, and where
// its subscribers are.
type line struct {
	subject, live, once string
	used                atomic.Int64 // the latest call, Unix nanoseconds

	writing sync.Mutex // held while a publication is stored
	written *place     // the latest known; nil: unknown

	mu      sync.Mutex // held while publications are handed on, so that they come one at a time
	deliver func(engine.Publication)
	sub     *nats.Subscription
	at      *place   // the latest that was handed on; nil: none yet
	past    []string // epochs before that one
	recent  recent
}

// pastEpochs is how many earlier epochs are known as such.
const pastEpochs = 8

// offer hands a message on when it is the next; what came before it and was lost
// on the way is read from the stream, and what was handed on before is not again.
func (b *broker) offer(l *line, m stored) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.deliver == nil {
		return
	}
	switch {
	case l.at == nil:
		l.accept(m)
	case m.epoch != l.at.epoch:
		if !slices.Contains(l.past, m.epoch) {
			l.accept(m)
		}
	case m.seq <= l.at.seq:
	case m.publication.Offset <= l.at.offset:
		b.renew(l, m)
	case m.publication.Offset > l.at.offset+1:
		b.fill(l, m)
	default:
		l.accept(m)
	}
}

// accept moves to a message and hands it on, under the line's lock.
func (l *line) accept(m stored) {
	renewed := m.kind == begun && l.at != nil && l.at.epoch != m.epoch
	l.moveTo(placeOf(m))
	l.recent.add(m)
	switch {
	case m.kind == publication:
		l.deliver(m.publication)
	case renewed:
		l.deliver(engine.Publication{Kind: engine.Renewed, Epoch: m.epoch, At: m.at})
	}
}

func (l *line) moveTo(next place) {
	if l.at != nil && l.at.epoch != next.epoch {
		l.past = append(l.past, l.at.epoch)
		if over := len(l.past) - pastEpochs; over > 0 {
			l.past = slices.Delete(l.past, 0, over)
		}
	}
	l.at = &next
}

// passing hands on what has no place in a stream.
func (l *line) passing(p engine.Publication) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.deliver != nil {
		l.deliver(p)
	}
}

// repairTimeout bounds how long a channel's feed waits for the stream.
const repairTimeout = 2 * time.Second

// fill hands on what is missing before a message, and then that. What the stream
// does not have any more leaves a gap in the offsets, which the hub sees.
func (b *broker) fill(l *line, m stored) {
	ctx, cancel := context.WithTimeout(context.Background(), repairTimeout)
	defer cancel()
	missing, err := b.engine.between(ctx, l.subject, l.at.seq+1, m.seq-1)
	if err != nil {
		b.engine.log.Warn("publications that were lost on the way could not be read again", "error", err)
	}
	for _, one := range missing {
		if one.epoch == l.at.epoch && one.publication.Offset == l.at.offset+1 {
			b.engine.counters.filled.Add(1)
			l.accept(one)
		}
	}
	l.accept(m)
}

// renew begins a new epoch because the stream gave an offset a second time: it
// has lost what it had acknowledged, such as with a disk. Subscribers learn of it
// by the epoch of what they are handed.
func (b *broker) renew(l *line, m stored) {
	ctx, cancel := context.WithTimeout(context.Background(), repairTimeout)
	defer cancel()
	epoch := newEpoch()
	head, found, err := b.engine.head(ctx, l.subject)
	if err == nil && found && head.epoch == l.at.epoch {
		var seq uint64
		if seq, err = b.begin(ctx, l, epoch, head.seq, 0); err == nil {
			head = stored{envelope{kind: begun, epoch: epoch}, seq, time.Now()}
		}
	}
	b.engine.counters.renewed.Add(1)
	b.engine.log.Error("a stream has lost publications that it had acknowledged; the channel begins a new epoch", "error", err)
	if err != nil || !found {
		head = stored{envelope{epoch: epoch}, m.seq, time.Now()} // known here alone, until the next publication
	}
	l.moveTo(placeOf(head))
	m.publication.Epoch = head.epoch
	l.deliver(m.publication)
}
