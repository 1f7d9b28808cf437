package adversary_test

import (
	"context"
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
			if cause := recover(); cause != nil && !strings.Contains(fmt.Sprint(cause), "Epoch") {
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
	if w.lasting && isTerminal(reasons[why].Code) && by.kind != "client" {
		w.signed[map[string]string{"user": by.id, "before": by.id}[by.kind]] = reasons[why].Code
	}
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
		if which == 0 {
			_, _ = w.hub.disconnectHere(by, why)
		} else {
			_, _ = w.hub.disconnect(ctx, by, why)
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
