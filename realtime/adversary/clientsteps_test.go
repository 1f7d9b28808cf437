package adversary_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/centrifugal/protocol"
)

// stepCome opens a connection for a peer that has none: known at the upgrade, or
// pending.
func (w *world) stepCome(d dice) {
	slot := d.IntN(len(w.slots))
	l := &link{slot: slot, who: identityOf(slot, d, w.kinds), address: fmt.Sprint("10.0.0.", slot%3), hear: w.hearHub}
	l.protobuf = w.kinds.has("protobuf") && slot%4 == 3
	l.pending = w.kinds.has("pending") && d.oneIn(3)
	w.mu.Lock()
	old := w.slots[slot]
	w.mu.Unlock()
	if old != nil {
		if !old.gone() && !d.oneIn(5) {
			return
		}
		old.hangUp() // it comes back before the server may know
		l.before = old.before
	}
	query := ""
	if l.protobuf {
		query = "?cf_protocol=protobuf"
	}
	w.open(l, query)
	w.trace("%s comes as %+v, pending %v", l.tag, l.who, l.pending)
	if d.oneIn(2) {
		w.settle()
		w.connect(l, d)
	}
}

func (w *world) stepConnect(d dice) {
	slot := d.IntN(len(w.slots))
	w.mu.Lock()
	var l *link
	for i := range w.slots { // rather one that has sent none
		if one := w.slots[(slot+i)%len(w.slots)]; one != nil && !one.done && one.status == 101 && (one.connects == 0 || d.oneIn(40)) {
			l = one
			break
		}
	}
	w.mu.Unlock()
	if l != nil {
		w.connect(l, d)
	}
}

// connect sends a connect, with a token where it is needed, and often enough where
// it is not.
func (w *world) connect(l *link, d dice) {
	w.mu.Lock()
	gone := l.done
	w.mu.Unlock()
	if gone {
		return
	}
	g := greeting{How: w.how(l, d, true), Channels: w.replyChannels(l, d)}
	request := &protocol.ConnectRequest{Name: l.tag, Version: "1", Data: jsonOf(g)}
	if len(g.Channels) > 0 && d.oneIn(2) && w.kinds.has("recover") {
		request.Subs = map[string]*protocol.SubscribeRequest{}
		w.mu.Lock()
		for _, name := range g.Channels {
			if at, known := l.before[name]; known {
				request.Subs[name] = &protocol.SubscribeRequest{Recover: true, Epoch: at.Epoch, Offset: at.Offset}
			}
		}
		w.mu.Unlock()
	}
	if l.pending || d.oneIn(8) {
		c := tokenOf(l, l.who)
		w.spoil(l, &c, d)
		request.Token = c.text()
		w.credential(l, c)
	} else if l.pending {
		l.allow("no token", 3501)
	}
	w.mu.Lock()
	if l.honest.IsZero() {
		l.honest = now()
	}
	w.mu.Unlock()
	w.ask(l, &protocol.Command{Connect: request})
}

// credential notes what a token changes when it is accepted.
func (b *base) credential(l *link, c credential) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c.End == 0 {
		l.forever = true
	} else if end := time.UnixMilli(c.End); end.After(l.expires) {
		l.expires = end
	}
}

// replyChannels are those that the Connect hook will name.
func (w *world) replyChannels(l *link, d dice) []string {
	if !w.kinds.has("reply-channels") || !d.oneIn(3) {
		return nil
	}
	names := []string{fmt.Sprint("server:", d.IntN(3))}
	if d.oneIn(2) {
		names = append(names, fmt.Sprint("hist:", d.IntN(3)))
	}
	switch {
	case d.oneIn(10) && w.kinds.has("reply-unknown"):
		names = append(names, "nowhere")
		l.allow("the application named a channel that there is not", 3004, 3507)
	case d.oneIn(10) && w.kinds.has("reply-twice"):
		names = append(names, names[0])
	case d.oneIn(20) && w.kinds.has("reply-many"):
		for i := range w.bounds.channels {
			names = append(names, fmt.Sprint("fleet:", i))
		}
		l.allow("the application named too many channels", 3004)
	}
	return names
}

func jsonOf(v any) []byte {
	text, _ := json.Marshal(v)
	return text
}

// channelFor draws a channel that a client asks for.
func (w *world) channelFor(l *link, d dice) string {
	kind := oneOf(d, "hist", "hist", "hist", "deep", "kept", "fleet", "fleet", "odd", "ticket", "server", "nowhere")
	switch kind {
	case "odd":
		return "odd:" + w.how(l, d, false)
	case "nowhere":
		return oneOf(d, "nowhere", "hist:", "hist:a b", "hist:\x01", "a:b:c:d", "hist:0123456789012345678901234567890123456789012345678901234567890123456789")
	}
	return fmt.Sprint(kind, ":", d.IntN(3))
}

func (w *world) subscribeCommand(l *link, d dice) *protocol.Command {
	in := &protocol.SubscribeRequest{Channel: w.channelFor(l, d), JoinLeave: d.oneIn(2)}
	if startsWith(in.Channel, "ticket") {
		c := tokenOf(l, l.who)
		c.Session = in.Channel
		c.Life = oneOf(d, 0, 0, d.between(500, 9000))
		c.How = w.how(l, d, false)
		if d.oneIn(8) && w.kinds.has("token-bad") {
			c.Session = "ticket:9"
			l.allow("a subscription token of another channel", 3500)
		}
		in.Token = c.text()
	}
	w.mu.Lock()
	at, known := l.before[in.Channel]
	w.mu.Unlock()
	if known && w.kinds.has("recover") && !d.oneIn(4) {
		in.Recover, in.Epoch, in.Offset = true, at.Epoch, at.Offset
	} else if d.oneIn(20) && w.kinds.has("recover") {
		in.Recover, in.Epoch, in.Offset = true, "wild", d.Uint64()
	}
	return &protocol.Command{Subscribe: in}
}

func (w *world) stepSubscribe(d dice) {
	if l := w.pick(d, true); l != nil {
		w.ask(l, w.subscribeCommand(l, d))
	}
}

// unsubscribeCommand is for a channel that it is in, rather than another.
func (w *world) unsubscribeCommand(l *link, d dice) *protocol.Command {
	channel := fmt.Sprint("hist:", d.IntN(3))
	w.mu.Lock()
	for name := range sorted(l.seats) {
		channel = name
		if d.oneIn(2) {
			break
		}
	}
	w.mu.Unlock()
	return &protocol.Command{Unsubscribe: &protocol.UnsubscribeRequest{Channel: channel}}
}

func (w *world) stepUnsubscribe(d dice) {
	if l := w.pick(d, true); l != nil {
		w.ask(l, w.unsubscribeCommand(l, d))
	}
}
