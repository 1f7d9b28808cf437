package adversary_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

func (w *world) stepServerSubscribe(d dice) {
	by, channel := w.someone(d), fmt.Sprint(oneOf(d, "server", "server", "hist", "fleet"), ":", d.IntN(3))
	ctx, cancel := w.context(d)
	w.apart("Subscribe", func() {
		defer cancel()
		_, _ = w.hub.subscribe(ctx, by, channel)
	})
}

// stepServerUnsubscribe ends subscriptions. What is published after it has
// returned is for none of them.
func (w *world) stepServerUnsubscribe(d dice) {
	by, channel := w.someone(d), fmt.Sprint(oneOf(d, "server", "hist", "hist", "fleet"), ":", d.IntN(3))
	code := oneOf[uint32](d, 2000, 2000, 2100, 2500, 2999)
	var seats []*seat
	w.mu.Lock()
	for _, l := range w.links {
		if s := l.seats[channel]; s != nil && l.connected && by.has(l) {
			seats = append(seats, s)
		}
	}
	w.mu.Unlock()
	ctx, cancel := w.context(d)
	w.apart("Unsubscribe", func() {
		defer cancel()
		if _, err := w.hub.unsubscribe(ctx, by, channel, code, "by the test"); err != nil {
			w.broken("api", "unsubscribe with %d: %v", code, err)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, s := range seats {
			if s.endedAt == 0 {
				s.endedAt = w.clock.Load()
			}
		}
	})
}

// stepPush publishes from the server.
func (w *world) stepPush(d dice) {
	channel := fmt.Sprint(oneOf(d, "hist", "hist", "deep", "kept", "fleet", "ticket", "server"), ":", d.IntN(3))
	var with pushOptions
	who := w.someone(d)
	switch d.IntN(6) {
	case 0:
		switch who.kind {
		case "client":
			with.client = who.id
		case "session":
			with.session = who.id
		case "user":
			with.user = who.id
		}
	case 1:
		with.key = fmt.Sprint("k", d.IntN(4))
	}
	ctx, cancel := w.context(d)
	w.apart("Publish", func() {
		defer cancel()
		w.push(ctx, channel, with)
	})
}

// mayOverflow notes that more is sent at a time than may wait for one peer.
func (b *base) mayOverflow() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.links {
		l.allowed[3008] = "more was sent at a time than may wait"
	}
}

// stepBurst publishes more than a slow reader can take.
func (w *world) stepBurst(d dice) {
	channel := fmt.Sprint(oneOf(d, "hist", "deep", "fleet"), ":", d.IntN(3))
	w.mayOverflow()
	w.apart("Publish", func() {
		defer w.mayOverflow() // whoever came meanwhile
		for range 30 {
			body := payload{N: w.stamp(), Pad: strings.Repeat("x", 800)}.bytes()
			if err := w.hub.publish(context.Background(), channel, body, pushOptions{}); err != nil && !errors.Is(err, errEngine) {
				w.broken("api", "publish to %s: %v", channel, err)
			}
		}
	})
}

func (w *world) stepMessage(d dice) {
	by := w.someone(d)
	if d.oneIn(3) {
		by = choice{kind: "all"}
	}
	ctx, cancel := w.context(d)
	w.apart("Send", func() {
		defer cancel()
		w.tell(ctx, by)
	})
}

// stepUnsendable asks for what no peer may be told: an error, and nothing is done.
func (w *world) stepUnsendable(d dice) {
	by, why, channel := w.someone(d), oneOf(d, "zero", "3000", "70000", "long"), fmt.Sprint("hist:", d.IntN(3))
	code := oneOf[uint32](d, 1, 1999, 3000, 70000)
	w.apart("Disconnect", func() {
		_, everywhere := w.hub.disconnect(context.Background(), by, why)
		_, here := w.hub.disconnectHere(by, why)
		_, unsubscribe := w.hub.unsubscribe(context.Background(), by, channel, code, "no")
		for _, err := range []error{everywhere, here, unsubscribe} {
			if !isUnsendable(err) {
				w.broken("api", "an end with %s or %d: got %v, want an error", why, code, err)
			}
		}
	})
}

// stepServerRead reads a channel from the server.
func (w *world) stepServerRead(d dice) {
	channel, limit := fmt.Sprint(oneOf(d, "hist", "hist", "server", "ticket"), ":", d.IntN(3)), oneOf(d, -1, 0, 3, 100)
	ctx, cancel := w.context(d)
	w.apart("History", func() {
		defer cancel()
		kept, _, err := w.hub.read(ctx, channel, historyQuery{Limit: limit})
		if err != nil && !errors.Is(err, errEngine) && ctx.Err() == nil {
			w.broken("api", "read %s: %v", channel, err)
		}
		for i, p := range kept.Publications {
			if i > 0 && p.Offset != kept.Publications[i-1].Offset+1 {
				w.broken("order", "the history of %s goes from %d to %d", channel, kept.Publications[i-1].Offset, p.Offset)
			}
		}
	})
}

func (w *world) stepLook(dice) {
	w.apart("Survey", func() {
		if err := w.hub.look(context.Background()); err != nil {
			w.broken("api", "look: %v", err)
		}
		w.hub.everyone()
		w.hub.Channels()
	})
}
