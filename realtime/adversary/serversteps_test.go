package adversary_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// apart runs a call of the application in a goroutine of its own: it may wait for
// callbacks that are blocked. A panic that reaches the caller is a violation.
func (b *base) apart(what string, call func()) {
	b.calls.Add(1)
	go func() {
		defer b.calls.Done()
		defer func() {
			if cause := recover(); cause != nil {
				b.broken("process", "a panic has reached the caller of %s: %v", what, cause)
			}
		}()
		call()
	}()
}

// context is that of a call: sometimes one that has ended, or ends soon.
func (w *world) context(d dice) (context.Context, func()) {
	cancelled := w.kinds.has("cancelled") && d.oneIn(8)
	if cancelled && d.oneIn(2) {
		return context.WithTimeout(context.Background(), time.Millisecond)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if cancelled {
		cancel()
	}
	return ctx, cancel
}

// someone draws a selector.
func (b *base) someone(d dice) choice {
	slot := d.IntN(len(b.slots))
	who := identityOf(slot, d, choices{})
	switch d.IntN(16) {
	case 0:
		return choice{kind: "all"}
	case 1, 2, 3:
		return choice{kind: "session", id: oneOf(d, who.session, who.session, who.session, "")}
	case 4, 5:
		return choice{kind: "token", id: oneOf(d, who.token, who.token, who.token, "")}
	case 6, 7:
		return choice{kind: "before", id: who.user, epoch: int64(d.IntN(4))}
	case 8, 9, 10:
		b.mu.Lock()
		defer b.mu.Unlock()
		if l := b.slots[slot]; l != nil && l.id != "" {
			return choice{kind: "client", id: l.id}
		}
	}
	return choice{kind: "user", id: who.user}
}

// stepDisconnect ends connections. What is sent after it has returned is for none
// of them.
func (w *world) stepDisconnect(d dice) {
	by, why := w.someone(d), oneOf(d, "revoked", "revoked", "invalidated", "elsewhere", "soft", "final", "flush", "normal")
	which := d.IntN(4)
	if w.lasting && (by.kind == "session" || by.kind == "token") {
		why = "soft"
	}
	ctx, cancel := w.context(d)
	w.mu.Lock()
	targets := w.selected(by)
	for _, l := range w.links { // whoever may be among them
		if !l.done && (by.has(l) || by.kind == "client" || by.kind == "token" || by.kind == "before") {
			l.allowed[reasons[why].Code] = "the server ends " + by.kind + " " + by.id
		}
	}
	begun := w.begin(reasons[why].Code, "the server ends "+by.kind+" "+by.id)
	w.mu.Unlock()
	w.trace("disconnect %+v: %s", by, why)
	w.apart("Disconnect", func() {
		defer begun()
		defer cancel()
		switch which {
		case 0:
			w.hub.disconnectHere(by, why)
		case 1:
			_, _ = w.hub.revoke(ctx, by, why)
		default:
			w.hub.disconnect(ctx, by, why)
		}
		w.cut(targets, fmt.Sprintf("Disconnect %+v", by))
	})
}

// selected are the connections that a selector certainly finds: those that have
// connected, and those whose good token is being verified. Callers hold mu.
func (b *base) selected(by choice) []*link {
	var found []*link
	for _, l := range b.links {
		if !l.done && by.has(l) && (l.connected || l.verifying && l.refreshes == 0) {
			found = append(found, l)
		}
	}
	return found
}

// cut notes that nothing more is for these connections.
func (b *base) cut(links []*link, by string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range links {
		if l.cutAt == 0 {
			l.cutAt, l.cutBy = b.clock.Load(), by
		}
	}
}

func (w *world) stepRejudge(d dice) {
	by := w.someone(d)
	ctx, cancel := w.context(d)
	w.judge(func() {
		defer cancel()
		w.hub.rejudge(ctx, by)
	})
}

// judge calls Rejudge.
func (b *base) judge(call func()) {
	b.mu.Lock()
	b.judging++
	b.mu.Unlock()
	b.apart("Rejudge", func() {
		defer func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.judging--
		}()
		call()
	})
}

// stepOpinion changes what the application thinks of a user: of all that it does,
// or of its place in one channel.
func (w *world) stepOpinion(d dice) { opinionStep(w.base, d) }

func opinionStep(w *base, d dice) {
	user := fmt.Sprint("u", d.IntN(5))
	how, code := "", 0
	switch d.IntN(8) {
	case 0:
		how, code = "error", 3503
	case 1:
		how, code = "invalid", 3014
	case 2:
		how, code = "away", 3004
	case 3:
		if w.kinds.has("recheck-block") {
			how = oneOf(d, "hold", "block", "slow-500")
		}
	case 4:
		if w.kinds.has("callback-panic") {
			how, code = "panic", 3004
		}
	case 5:
		w.mu.Lock()
		w.opinions[fmt.Sprintf("%s:%d %s", oneOf(d, "hist", "server"), d.IntN(3), user)] = oneOf(d, "no", "")
		w.mu.Unlock()
		return
	case 6:
		w.mu.Lock()
		w.opinions["disconnect"] = oneOf(d, "panic", "call-3", "call-6", "slow-200", "block")
		w.mu.Unlock()
		return
	}
	w.mu.Lock()
	w.opinions[user] = how
	for _, l := range w.links {
		if l.who.user == user && !l.done && code > 0 {
			l.allowed[code] = "the application thinks " + how
		}
	}
	w.thinks[user] = code
	w.mu.Unlock()
}

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
		w.hub.unsubscribe(ctx, by, channel)
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
	b.begin(3008, "more was sent at a time than may wait") // also for whoever comes until it is handed out
	for _, l := range b.links {
		l.allowed[3008] = "more was sent at a time than may wait"
	}
}

// stepBurst publishes more than a slow reader can take.
func (w *world) stepBurst(d dice) {
	channel := fmt.Sprint(oneOf(d, "hist", "deep", "fleet"), ":", d.IntN(3))
	w.mayOverflow()
	w.apart("Publish", func() {
		for range 30 {
			body := payload{N: w.stamp(), Pad: strings.Repeat("x", 800)}.bytes()
			if err := w.hub.publish(context.Background(), channel, body, pushOptions{}); err != nil && !errors.Is(err, errEngine) {
				w.broken("api", "publish to %s: %v", channel, err)
			}
		}
	})
}

func (w *world) stepMessage(d dice) {
	user, all := fmt.Sprint("u", d.IntN(6)), d.oneIn(2)
	ctx, cancel := w.context(d)
	w.apart("SendToUser", func() {
		defer cancel()
		if all {
			w.shout(ctx)
		} else {
			w.tell(ctx, user)
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
