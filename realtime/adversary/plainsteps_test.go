package adversary_test

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// plainKinds are the kinds of steps of the plain handler's rounds. Behaviours are
// named as those of the hub's are.
var plainKinds = []kind[*plainWorld]{
	{"come", 14, (*plainWorld).stepCome},
	{"connect", 10, (*plainWorld).stepConnect},
	{"call", 14, (*plainWorld).stepCall},
	{"refresh", 5, (*plainWorld).stepRefresh},
	{"flood", 1, (*plainWorld).stepFlood},
	{"raw", 2, func(w *plainWorld, d dice) { rawStep(w.base, d) }},
	{"hangup", 7, func(w *plainWorld, d dice) { hangUpStep(w.base, d) }},
	{"goodbye", 1, func(w *plainWorld, d dice) { goodbyeStep(w.base, d) }},
	{"stall", 2, func(w *plainWorld, d dice) { stallStep(w.base, d) }},
	{"resume", 4, func(w *plainWorld, d dice) { resumeStep(w.base, d) }},
	{"mute", 1, func(w *plainWorld, d dice) { muteStep(w.base, d) }},
	{"clock", 5, (*plainWorld).stepClock},
	{"message", 12, (*plainWorld).stepMessage},
	{"burst", 1, (*plainWorld).stepBurst},
	{"disconnect", 5, (*plainWorld).stepDisconnect},
	{"rejudge", 3, (*plainWorld).stepRejudge},
	{"opinion", 3, (*plainWorld).stepOpinion},
	{"look", 1, func(w *plainWorld, _ dice) { w.plain.look() }},
	{"release", 6, func(w *plainWorld, d dice) { w.gates.release(d.IntN(mostBlocked)) }},
}

// stepCome opens a connection. What its Connect hook does, and which connection it
// is, travels in the token's id.
func (w *plainWorld) stepCome(d dice) {
	slot := d.IntN(len(w.slots))
	l := &link{slot: slot, who: identityOf(slot, d, w.kinds), address: fmt.Sprint("10.0.0.", slot%3), hear: w.hearPlain}
	l.pending = w.kinds.has("pending") && d.oneIn(2)
	w.mu.Lock()
	old := w.slots[slot]
	tag := fmt.Sprintf("p%d.%d", slot, len(w.byTag))
	w.mu.Unlock()
	if old != nil {
		if !old.gone() && !d.oneIn(5) {
			return
		}
		old.hangUp()
	}
	l.allowed = map[int]string{}
	how := w.how(&link{base: w.base, allowed: l.allowed}, d, true)
	if how != "ok" {
		l.allowed[3004] = "the Connect hook fails"
	}
	l.who.token = how + "/" + tag
	w.open(l, "")
	w.trace("%s comes as %+v, pending %v", l.tag, l.who, l.pending)
	if !l.pending { // it need not ask to be let in
		w.mu.Lock()
		l.honest = l.begun
		w.mu.Unlock()
	}
	if d.oneIn(2) {
		w.settle()
		w.authenticate(l, d)
	}
}

func (w *plainWorld) stepConnect(d dice) {
	slot := d.IntN(len(w.slots))
	w.mu.Lock()
	var l *link
	for i := range w.slots {
		if one := w.slots[(slot+i)%len(w.slots)]; one != nil && !one.done && one.status == 101 && one.pending && one.connects == 0 {
			l = one
			break
		}
	}
	w.mu.Unlock()
	if l != nil {
		w.authenticate(l, d)
	}
}

// say sends a message.
func (w *plainWorld) say(l *link, m map[string]any) {
	body := jsonOf(m)
	w.trace("%s says %.300s", l.tag, body)
	l.put(frame(final|textFrame, body))
}

// authenticate sends the first message of a pending connection.
func (w *plainWorld) authenticate(l *link, d dice) {
	if !l.pending {
		return
	}
	c := tokenOf(l, l.who)
	w.spoil(l, &c, d)
	w.credential(l, c)
	w.mu.Lock()
	if l.honest.IsZero() {
		l.honest = now()
	}
	if l.connects++; l.connects > 1 {
		l.allowed[3501] = "it authenticates twice"
	}
	w.mu.Unlock()
	w.say(l, map[string]any{"type": "authenticate", "token": c.text()})
}

func (w *plainWorld) stepCall(d dice) {
	l := w.pick(d, false)
	if l == nil {
		return
	}
	w.mu.Lock()
	if l.pending && l.connects == 0 {
		l.allowed[3501] = "a message before it has authenticated"
	}
	l.ids++
	id := l.ids
	l.sentAt[id] = w.stamp()
	w.mu.Unlock()
	kind := oneOf(d, "do", "do", "do", "do", "nothing", "authenticate")
	if kind == "authenticate" {
		l.allow("it authenticates twice", 3501, 3500)
	}
	how := w.how(l, d, false)
	l.allow("the handler fails", 3004)
	w.say(l, map[string]any{"type": kind, "do": how, "id": id})
}

func (w *plainWorld) stepRefresh(d dice) {
	l := w.pick(d, true)
	if l == nil {
		return
	}
	who := l.who
	who.epoch += int64(d.between(-1, 1))
	l.allow("a refresh with an older epoch", 3005)
	c := tokenOf(l, who)
	w.spoil(l, &c, d)
	w.credential(l, c)
	w.mu.Lock()
	l.refreshes++
	w.mu.Unlock()
	w.say(l, map[string]any{"type": "refresh", "token": c.text()})
}

func (w *plainWorld) stepFlood(d dice) {
	l := w.pick(d, false)
	if l == nil {
		return
	}
	if d.oneIn(2) {
		l.allow("a message over the limit", 1009, 3501)
		l.put(frame(final|textFrame, []byte(strings.Repeat(" ", d.between(1025, 9000)))))
		return
	}
	l.allow("many pings", 3013)
	for range 40 {
		l.put(frame(final|pingFrame, []byte("x")))
	}
}

func (w *plainWorld) stepClock(d dice) {
	w.pass(time.Duration(oneOf(d, 1, 5, 100, 1000, d.IntN(4000), d.IntN(12_000))) * time.Millisecond)
}

func (w *plainWorld) stepMessage(d dice) {
	user, all := fmt.Sprint("u", d.IntN(6)), d.oneIn(2)
	w.apart("SendToUser", func() {
		if all {
			w.shout(context.Background())
		} else {
			w.tell(context.Background(), user)
		}
	})
}

func (w *plainWorld) stepBurst(dice) {
	w.mayOverflow()
	w.apart("Broadcast", func() {
		defer w.mayOverflow() // whoever came meanwhile
		for range 30 {
			_, _ = w.plain.Broadcast(context.Background(), payload{N: w.stamp(), Pad: strings.Repeat("x", 800)})
		}
	})
}

func (w *plainWorld) stepDisconnect(d dice) {
	by, why := w.someone(d), oneOf(d, "revoked", "revoked", "invalidated", "soft", "final", "flush", "normal")
	w.mu.Lock()
	targets := w.selected(by)
	for _, l := range w.links {
		if !l.done && (by.has(l) || by.kind != "user" && by.kind != "session") {
			l.allowed[reasons[why].Code] = "the server ends " + by.kind + " " + by.id
		}
	}
	w.mu.Unlock()
	w.trace("disconnect %+v: %s", by, why)
	w.apart("Disconnect", func() {
		w.plain.disconnect(context.Background(), by, why)
		w.cut(targets, fmt.Sprintf("Disconnect %+v", by))
	})
}

func (w *plainWorld) stepRejudge(d dice) {
	by := w.someone(d)
	w.judge(func() { w.plain.rejudge(context.Background(), by) })
}

func (w *plainWorld) stepOpinion(d dice) { opinionStep(w.base, d) }
