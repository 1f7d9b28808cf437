package realtime

import (
	"context"
	"math/rand/v2"
	"time"
)

// watch looks after the position of a channel's subscribers when nothing comes:
// the latest publication may be lost as well, and only the engine knows of it.
// Its fields are under the channel's lock.
type watch struct {
	timer *time.Timer // nil: the channel has no stream
	over  bool
	stop  context.CancelFunc
}

// settlePart is the part of an interval in which a publication that the engine
// knows of must have come, or it is lost.
const settlePart = 8

// watch begins to ask, the first time after half to a whole interval, so that
// many channels do not ask at once.
func (h *Hub) watch(ch *channel) {
	if ch.rule.options.History == 0 {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	half := h.config.PositionInterval / 2
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.watch.stop = stop
	ch.watch.timer = h.spawn.AfterFunc(half+time.Duration(rand.Int64N(int64(half)+1)), nil, func() { h.askPosition(ctx, ch) })
}

// unwatch ends that.
func (ch *channel) unwatch() {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.watch.over = true
	if ch.watch.timer != nil {
		ch.watch.timer.Stop()
		ch.watch.stop()
	}
}

// after continues later, unless the channel has ended.
func (h *Hub) after(ch *channel, wait time.Duration, next func()) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	if !ch.watch.over {
		ch.watch.timer = h.spawn.AfterFunc(wait, nil, next)
	}
}

// askPosition asks the engine where the stream is. Who has less may be waiting
// for what is under way, so those are looked at again a little later.
func (h *Hub) askPosition(ctx context.Context, ch *channel) {
	again := func() { h.askPosition(ctx, ch) }
	asked, cancel := context.WithTimeout(ctx, h.config.PositionInterval)
	defer cancel()
	kept, err := h.config.Engine.Broker.History(asked, ch.name, HistoryQuery{TTL: ch.rule.options.HistoryTTL})
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		h.config.Logger.Warn("the engine did not tell the position of a channel", "pattern", ch.rule.pattern.text, "error", err)
	case ch.anyBehind(kept.Top):
		h.after(ch, h.config.PositionInterval/settlePart, func() {
			ch.settle(kept.Top)
			h.after(ch, h.config.PositionInterval, again)
		})
		return
	}
	h.after(ch, h.config.PositionInterval, again)
}

// settle ends the subscriptions that have still not come to a position.
func (ch *channel) settle(top Position) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	for _, s := range ch.subs {
		if s.behind(top) {
			s.lose()
		}
	}
}

// anyBehind reports whether some subscription has not come to a position.
func (ch *channel) anyBehind(top Position) bool {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	for _, s := range ch.subs {
		if s.behind(top) {
			return true
		}
	}
	return false
}

// behind reports whether a subscription has not come to a position, under the
// channel's lock.
func (s *subscription) behind(top Position) bool {
	return s.live && !s.lost && (s.position.Epoch != top.Epoch || s.position.Offset < top.Offset)
}

// lose ends a subscription that has missed something, under the channel's lock:
// nothing more of the channel is sent over it, and its client is told to come
// back and recover. Subscriptions of the server's can't come back alone, so
// there the connection does.
func (s *subscription) lose() {
	s.lost = true
	if s.fromServer {
		s.conn.end(CloseInsufficientState)
		return
	}
	s.conn.hub.spawn.Go(&s.conn.link.Socket, func() {
		s.conn.remove(context.WithoutCancel(s.conn.Context()), s, UnsubscribeInsufficientState, "insufficient state")
	})
}
