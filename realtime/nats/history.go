package nats

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

var errIncomplete = errors.New("the servers do not agree on a history yet; try again")

// History implements realtime.Broker. The position is the leader's; the
// publications may come from any replica, and are read again until they reach it.
func (b *broker) History(ctx context.Context, channel string, query realtime.HistoryQuery) (realtime.History, error) {
	l, err := b.line(channel)
	if err != nil {
		return realtime.History{}, err
	}
	ctx, cancel := b.engine.bounded(ctx)
	defer cancel()
	head, err := b.position(ctx, l, query.TTL)
	if err != nil {
		return realtime.History{}, err
	}
	found := realtime.History{Top: realtime.Position{Epoch: head.epoch, Offset: head.publication.Offset}}
	if query.Limit == 0 {
		return found, nil
	}
	if query.Since != nil && query.Since.Epoch != "" && query.Since.Epoch != head.epoch {
		return found, realtime.ErrUnrecoverable
	}
	found.Publications, err = b.read(ctx, l, head, query)
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

// read returns what a query asks for of the window below a head.
func (b *broker) read(ctx context.Context, l *line, head stored, query realtime.HistoryQuery) ([]realtime.Publication, error) {
	from, to := bounds(head, query)
	if from > to {
		return nil, nil
	}
	if all, known := l.since(head, from); known {
		return selected(all, head, query, from, to), nil
	}
	for {
		all, err := b.engine.between(ctx, l.subject, 1, head.seq)
		if err != nil {
			return nil, err
		}
		if len(all) > 0 && all[len(all)-1].seq == head.seq {
			l.remember(all)
			return selected(all, head, query, from, to), nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: %w", errIncomplete, ctx.Err())
		case <-time.After(retryWait / 10):
		}
	}
}

// since returns what this node has of a stream's end, if that is all of it.
func (l *line) since(head stored, from uint64) ([]stored, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.recent.since(head, from)
}

// remember keeps what was read, where subscribers are that far.
func (l *line) remember(all []stored) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.deliver == nil || l.at == nil || l.at.seq != all[len(all)-1].seq {
		return
	}
	l.recent.clear()
	for _, m := range all {
		l.recent.add(m)
	}
}

// bounds are the offsets that a query may return, both inclusive.
func bounds(head stored, query realtime.HistoryQuery) (from, to uint64) {
	top := head.publication.Offset
	from, to = 1, top
	if size := uint64(head.history); top > size {
		from = top - size + 1
	}
	if query.Since != nil && query.Reverse {
		to = min(to, max(query.Since.Offset, 1)-1)
	} else if query.Since != nil {
		if query.Since.Offset >= top {
			return 1, 0
		}
		from = max(from, query.Since.Offset+1)
	}
	return from, to
}

// selected picks the publications of a query, in its order.
func selected(all []stored, head stored, query realtime.HistoryQuery, from, to uint64) []realtime.Publication {
	ttl := query.TTL
	if ttl <= 0 {
		ttl = head.ttl
	}
	oldest := time.Now().Add(-ttl)
	var picked []realtime.Publication
	for _, m := range all {
		offset := m.publication.Offset
		if m.kind == publication && m.epoch == head.epoch && offset >= from && offset <= to && m.at.After(oldest) {
			picked = append(picked, m.publication)
		}
	}
	if query.Reverse {
		slices.Reverse(picked)
	}
	if query.Limit > 0 && len(picked) > query.Limit {
		picked = picked[:query.Limit]
	}
	return picked
}
