package nats

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
)

var (
	errIncomplete = errors.New("the servers do not agree on a history yet; try again")
	errMoved      = errors.New("the latest publication is no longer kept")
)

// History implements engine.Broker. The position is the leader's; the
// publications may come from any replica, and are read again until they reach it.
func (b *broker) History(ctx context.Context, channel string, query engine.HistoryQuery) (engine.History, error) {
	if err := ctx.Err(); err != nil {
		return engine.History{}, err
	}
	l, err := b.line(channel)
	if err != nil {
		return engine.History{}, err
	}
	ctx, cancel := b.engine.bounded(ctx)
	defer cancel()
	for {
		found, err := b.historyNow(ctx, l, query)
		if !errors.Is(err, errMoved) {
			return found, err
		}
	}
}

func (b *broker) historyNow(ctx context.Context, l *line, query engine.HistoryQuery) (engine.History, error) {
	head, err := b.position(ctx, l, query.TTL)
	if err != nil {
		return engine.History{}, err
	}
	found := engine.History{Top: engine.Position{Epoch: head.epoch, Offset: head.publication.Offset}}
	if query.Limit == 0 {
		return found, nil
	}
	if query.Since != nil && query.Since.Epoch != "" && query.Since.Epoch != head.epoch {
		return found, realtime.ErrUnrecoverable
	}
	found.Publications, found.More, err = b.read(ctx, l, head, query)
	return found, err
}

// position is where a channel is. One that nothing was published to begins its
// epoch now. Subscribers here that are behind are brought there.
func (b *broker) position(ctx context.Context, l *line, ttl time.Duration) (stored, error) {
	l.mu.Lock()
	if l.deliver == nil || l.at != nil {
		l.mu.Unlock()
		head, err := b.positionThere(ctx, l, ttl)
		if err == nil {
			b.offer(l, head)
		}
		return head, err
	}
	defer l.mu.Unlock() // the first position, before anything is handed on
	head, err := b.positionThere(ctx, l, ttl)
	if err == nil {
		l.moveTo(placeOf(head))
	}
	return head, err
}

func (b *broker) positionThere(ctx context.Context, l *line, ttl time.Duration) (stored, error) {
	for {
		head, found, err := b.engine.head(ctx, l.subject)
		if err != nil || found {
			return head, err
		}
		epoch := newEpoch()
		seq, err := b.begin(ctx, l, epoch, 0, ttl)
		if err == nil {
			return stored{envelope{kind: begun, epoch: epoch}, seq, time.Now()}, nil
		}
		if !isConflict(err) {
			return stored{}, err
		}
	}
}

// read returns what a query asks for of the window below a head, and whether there
// is more.
func (b *broker) read(ctx context.Context, l *line, head stored, query engine.HistoryQuery) ([]engine.Publication, bool, error) {
	pick := newPicker(head, query)
	if pick.from > pick.to {
		return nil, false, nil
	}
	if all, known := l.since(head, pick.from); known {
		for i := 0; i < len(all) && pick.take(all[i]); i++ {
		}
		found, more := pick.found()
		return found, more, nil
	}
	for {
		pick = newPicker(head, query)
		whole, err := b.scanTo(ctx, l, head, pick)
		if err != nil {
			return nil, false, err
		}
		if whole {
			found, more := pick.found()
			return found, more, nil
		}
		if _, kept, err := b.engine.numbered(ctx, head.seq); err == nil && !kept {
			return nil, false, errMoved
		}
		select {
		case <-ctx.Done():
			return nil, false, fmt.Errorf("%w: %w", errIncomplete, ctx.Err())
		case <-time.After(retryWait / 10):
		}
	}
}

// scanTo reads a channel until pick has enough or the head is reached, and reports
// whether one of them came.
func (b *broker) scanTo(ctx context.Context, l *line, head stored, pick *picker) (bool, error) {
	var tail recent
	enough, last := false, uint64(0)
	err := b.engine.scan(ctx, l.subject, 1, head.seq, func(m stored) bool {
		tail.add(m)
		last, enough = m.seq, !pick.take(m)
		return !enough
	})
	if err == nil && last == head.seq {
		l.remember(tail, head)
	}
	return enough || last == head.seq, err
}

// since returns what this node has of a stream's end, if that is all of it.
func (l *line) since(head stored, from uint64) ([]stored, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.recent.since(head, from)
}

// remember keeps the end of what was read up to a head, where subscribers are that
// far.
func (l *line) remember(tail recent, head stored) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.deliver != nil && l.at != nil && l.at.seq == head.seq {
		l.recent = tail
	}
}
