package nats

import (
	"context"
	"errors"
	"time"

	"github.com/synadia-io/orbit.go/jetstreamext"
)

// catchUpSoon reads what may have been lost on the way here, for every channel
// with subscribers.
func (b *broker) catchUpSoon(wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed:
	case b.catching == nil:
		b.catching = b.engine.spawn.AfterFunc(wait, nil, b.catchUp)
	default:
		b.catching.Reset(wait)
	}
}

// subjectsAsked is how many channels one question is about.
const subjectsAsked = 500

func (b *broker) catchUp() {
	followed := b.followed()
	asked := make([]string, 0, len(followed))
	for subject := range followed {
		asked = append(asked, subject)
	}
	for len(asked) > 0 {
		some := asked[:min(subjectsAsked, len(asked))]
		if err := b.catchUpOn(some, followed); err != nil {
			b.engine.log.Warn("channels could not be looked at; they are again soon", "error", err)
			b.catchUpSoon(time.Second)
			return
		}
		asked = asked[len(some):]
	}
}

// followed are the lines that have subscribers with a position, by subject.
func (b *broker) followed() map[string]*line {
	b.mu.Lock()
	all := make([]*line, 0, len(b.lines))
	for _, l := range b.lines {
		all = append(all, l)
	}
	b.mu.Unlock()
	followed := map[string]*line{}
	for _, l := range all {
		l.mu.Lock()
		if l.deliver != nil && l.at != nil {
			followed[l.subject] = l
		}
		l.mu.Unlock()
	}
	return followed
}

func (b *broker) catchUpOn(subjects []string, followed map[string]*line) error {
	ctx, cancel := context.WithTimeout(context.Background(), b.engine.options.Timeout)
	defer cancel()
	heads, err := jetstreamext.GetLastMsgsFor(ctx, b.engine.stream, b.engine.subjects.channels(), subjects)
	if err != nil {
		return err
	}
	for head, err := range heads {
		switch {
		case errors.Is(err, jetstreamext.ErrNoMessages):
			return nil
		case err != nil:
			return err
		}
		if m, err := b.engine.decodeStored(head.Data, head.Sequence, head.Time); err == nil {
			b.offer(followed[head.Subject], m)
		}
	}
	return nil
}
