package adversary_test

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/centrifugal/protocol"
)

// sorted goes through a map in the order of its keys.
func sorted[V any](m map[string]V) iter.Seq[string] {
	return slices.Values(slices.Sorted(maps.Keys(m)))
}

func (w *world) publishCommand(l *link, d dice) *protocol.Command {
	channel := w.channelFor(l, d)
	body := payload{N: w.stamp(), Pad: strings.Repeat("x", d.IntN(200))}.bytes()
	if l.protobuf && d.oneIn(6) && w.kinds.has("binary-payload") {
		body = []byte("\xff\x00 not JSON")
	}
	return &protocol.Command{Publish: &protocol.PublishRequest{Channel: channel, Data: body}}
}

func (w *world) stepPublish(d dice) {
	if l := w.pick(d, true); l != nil {
		w.ask(l, w.publishCommand(l, d))
	}
}

func (w *world) readCommand(l *link, d dice) *protocol.Command {
	channel := w.channelFor(l, d)
	switch d.IntN(3) {
	case 0:
		return &protocol.Command{Presence: &protocol.PresenceRequest{Channel: channel}}
	case 1:
		return &protocol.Command{PresenceStats: &protocol.PresenceStatsRequest{Channel: channel}}
	}
	in := &protocol.HistoryRequest{Channel: channel, Limit: int32(oneOf(d, 0, -1, 3, 1<<30)), Reverse: d.oneIn(3)}
	w.mu.Lock()
	at, known := l.before[channel]
	w.mu.Unlock()
	if known && d.oneIn(2) {
		in.Since = &protocol.StreamPosition{Epoch: at.Epoch, Offset: at.Offset}
	}
	return &protocol.Command{History: in}
}

func (w *world) stepRead(d dice) {
	if l := w.pick(d, true); l != nil {
		w.ask(l, w.readCommand(l, d))
	}
}

func (w *world) callCommand(l *link, d dice) *protocol.Command {
	how := w.how(l, d, false)
	if d.oneIn(4) {
		return &protocol.Command{Send: &protocol.SendRequest{Data: jsonOf(how)}}
	}
	in := &protocol.RPCRequest{Method: oneOf(d, "do", "do", "do", "do", "nothing"), Data: jsonOf(map[string]string{"do": how})}
	if d.oneIn(20) {
		in.Data = []byte(oneOf(d, `[]`, `"text"`, `null`, `{"do":7}`))
	}
	return &protocol.Command{Rpc: in}
}

func (w *world) stepCall(d dice) {
	if l := w.pick(d, true); l != nil {
		w.ask(l, w.callCommand(l, d))
	}
}

// refreshCommand brings a new token, of the connection or of a subscription.
func (w *world) refreshCommand(l *link, d dice) *protocol.Command {
	if d.oneIn(3) {
		channel := fmt.Sprint("ticket:", d.IntN(3))
		c := tokenOf(l, l.who)
		c.Session, c.Life = channel, oneOf(d, 0, 5000)
		switch {
		case d.oneIn(8) && w.kinds.has("token-expired"):
			c.Verdict = "expired"
			l.allow("a subscription token whose time is over", 3006)
		case d.oneIn(8) && w.kinds.has("token-bad"):
			c.Verdict = "bad"
			l.allow("a bad subscription token", 3500)
		}
		return &protocol.Command{SubRefresh: &protocol.SubRefreshRequest{Channel: channel, Token: c.text()}}
	}
	who := l.who
	who.token = fmt.Sprint("t", d.IntN(20))
	who.epoch += int64(d.between(-1, 1))
	c := tokenOf(l, who)
	w.spoil(l, &c, d)
	l.allow("a refresh with an older epoch", 3005)
	w.credential(l, c)
	w.mu.Lock()
	l.refreshes++
	w.mu.Unlock()
	return &protocol.Command{Refresh: &protocol.RefreshRequest{Token: c.text()}}
}

func (w *world) stepRefresh(d dice) {
	if l := w.pick(d, true); l != nil {
		w.ask(l, w.refreshCommand(l, d))
	}
}

// anyCommand draws one of any kind.
func (w *world) anyCommand(l *link, d dice) *protocol.Command {
	switch d.IntN(7) {
	case 0, 1:
		return w.subscribeCommand(l, d)
	case 2:
		return w.unsubscribeCommand(l, d)
	case 3:
		return w.publishCommand(l, d)
	case 4:
		return w.refreshCommand(l, d)
	}
	return w.callCommand(l, d)
}

// stepBatch sends several commands in one frame, and frames behind each other.
func (w *world) stepBatch(d dice) {
	l := w.pick(d, true)
	if l == nil {
		return
	}
	for range d.between(1, 3) {
		commands := make([]*protocol.Command, d.between(2, w.bounds.perFrame))
		for i := range commands {
			commands[i] = w.anyCommand(l, d)
		}
		w.ask(l, commands...)
	}
}

// stepFlood sends more than may be: commands in a frame, bytes, frames.
func (w *world) stepFlood(d dice) {
	l := w.pick(d, false)
	if l == nil {
		return
	}
	switch d.IntN(3) {
	case 0:
		l.allow("too many commands in a frame", 3501)
		commands := make([]*protocol.Command, w.bounds.perFrame+3)
		for i := range commands {
			commands[i] = &protocol.Command{Rpc: &protocol.RPCRequest{Method: "do", Data: []byte(`{"do":"ok"}`)}}
		}
		w.ask(l, commands...)
	case 1:
		l.allow("a message over the limit, of blanks, which are no command", 1009, 3501)
		l.put(frame(final|opcodeOf(l.protobuf), []byte(strings.Repeat(" ", d.between(1025, 9000)))))
	case 2:
		l.allow("many pings", 3013)
		for range 40 {
			l.put(frame(final|pingFrame, []byte("x")))
		}
	}
}

// stepEarly sends a command before the connection has connected, or a second
// connect.
func (w *world) stepEarly(d dice) {
	l := w.pick(d, false)
	if l == nil {
		return
	}
	if d.oneIn(2) {
		w.ask(l, w.anyCommand(l, d))
		return
	}
	w.connect(l, d)
}
