package adversary_test

import (
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/centrifugal/protocol"
)

// hubSide is what a peer of the hub knows. Its fields are under base.mu.
type hubSide struct {
	seats     map[string]*seat
	before    map[string]position // where its earlier connection was
	asked     map[uint32]string   // commands that wait for an answer
	recovers  map[uint32]*protocol.SubscribeRequest
	ids, last uint32
	errors    int // commands in a row that were answered with an error
}

func (h *hubSide) init() {
	h.seats, h.asked, h.recovers = map[string]*seat{}, map[uint32]string{}, map[uint32]*protocol.SubscribeRequest{}
	if h.before == nil {
		h.before = map[string]position{}
	}
}

// rest keeps the positions for the next connection.
func (h *hubSide) rest(*link) {
	for name, s := range h.seats {
		if s.kept {
			h.before[name] = position{Epoch: s.epoch, Offset: s.heard}
		}
	}
}

// hearHub takes a data frame apart.
func (w *world) hearHub(l *link, body []byte) {
	var decoder protocol.ReplyDecoder = protocol.NewJSONReplyDecoder(body)
	if l.protobuf {
		decoder = protocol.NewProtobufReplyDecoder(body)
	}
	for {
		reply, err := decoder.Decode()
		if errors.Is(err, io.EOF) && reply == nil {
			return
		}
		if err != nil && !errors.Is(err, io.EOF) {
			w.broken("frame", "%s can't read %.100q: %v", l.tag, body, err)
			return
		}
		w.hearReply(l, reply)
		if err != nil {
			return
		}
	}
}

func (w *world) hearReply(l *link, r *protocol.Reply) {
	if r.Id == 0 && r.Push == nil && r.Error == nil {
		if !l.isMute() {
			l.put(encode(l.protobuf, &protocol.Command{}))
		}
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !l.connected && r.Connect == nil && r.Error == nil {
		w.broken("inactive", "%s is not connected and got %v", l.tag, r)
	}
	if r.Push == nil && l.servedLate(r.Id) {
		w.broken("after-shutdown", "%s asked after Shutdown had returned and got %v", l.tag, r)
	}
	if r.Error == nil && l.expired() {
		w.broken("expired", "%s got %v, and its token ended at %s", l.tag, r, l.expires)
	}
	if r.Push != nil {
		w.hearPush(l, r.Push)
		return
	}
	what, known := l.asked[r.Id]
	if !known || r.Id <= l.last {
		w.broken("answers", "%s got an answer to %d (%q), after that to %d: %v", l.tag, r.Id, what, l.last, r)
	}
	delete(l.asked, r.Id)
	l.last = max(l.last, r.Id)
	if r.Error != nil {
		l.errors++
		return
	}
	l.errors = 0
	w.hearAnswer(l, r, what)
}

// hearAnswer takes up what an answer changes.
func (w *world) hearAnswer(l *link, r *protocol.Reply, what string) {
	switch {
	case r.Connect != nil:
		l.connected, l.id = true, r.Connect.Client
		w.byID[l.id] = l
		for name, sub := range r.Connect.Subs {
			w.sit(l, name, sub, nil)
		}
	case r.Subscribe != nil:
		w.sit(l, what, r.Subscribe, l.recovers[r.Id])
	case r.Unsubscribe != nil:
		l.leaveSeat(what)
	case r.History != nil:
		w.checkHistory(l, what, r.History)
	case r.Presence != nil:
	}
}

// leaveSeat forgets a seat and keeps its position.
func (l *link) leaveSeat(channel string) {
	if s := l.seats[channel]; s != nil && s.kept {
		l.before[channel] = position{Epoch: s.epoch, Offset: s.heard}
	}
	delete(l.seats, channel)
}

// sit takes a seat as the server describes it, and holds what was recovered against
// the truth.
func (w *world) sit(l *link, channel string, sub *protocol.SubscribeResult, asked *protocol.SubscribeRequest) {
	if l.seats[channel] != nil {
		w.broken("answers", "%s is subscribed to %s twice", l.tag, channel)
	}
	s := &seat{channel: channel, kept: keptOf(channel) > 0, epoch: sub.Epoch, heard: sub.Offset, place: -1, madeAt: w.clock.Load()}
	l.seats[channel] = s
	if sub.Recovered {
		for _, p := range sub.Publications {
			s.take(l, w, p)
		}
	} else if asked != nil && sub.WasRecovering && asked.Epoch == sub.Epoch && asked.Offset <= sub.Offset {
		top, kept, _ := w.truth.topOf(channel, sub.Epoch)
		if missed := top - asked.Offset; int(missed) <= kept && !startsWith(channel, "kept") {
			w.broken("recovery", "%s came back to %s at %d of %d, the history keeps %d, and nothing was recovered", l.tag, channel, asked.Offset, top, kept)
		}
	}
	if len(l.seats) > w.bounds.channels {
		w.broken("limits", "%s has %d subscriptions, %d may be", l.tag, len(l.seats), w.bounds.channels)
	}
}

func (w *world) hearPush(l *link, p *protocol.Push) {
	s := l.seats[p.Channel]
	switch {
	case p.Message != nil:
		w.hearMessage(l, p.Message.Data)
	case p.Subscribe != nil:
		w.sit(l, p.Channel, &protocol.SubscribeResult{Epoch: p.Subscribe.Epoch, Offset: p.Subscribe.Offset}, nil)
	case p.Unsubscribe != nil:
		if code := p.Unsubscribe.Code; code < 2000 || code > 2999 {
			w.broken("codes", "%s was unsubscribed from %s with %d", l.tag, p.Channel, code)
		}
		l.leaveSeat(p.Channel)
	case s == nil:
		w.broken("unsubscribed", "%s is not in %s and got %v", l.tag, p.Channel, p)
	case p.Pub != nil:
		s.take(l, w, p.Pub)
	case p.Join != nil:
		s.comeAndGo(l, p.Join.Info.Client, true)
	case p.Leave != nil:
		s.comeAndGo(l, p.Leave.Info.Client, false)
	}
}

// hearMessage takes what belongs to no channel.
func (b *base) hearMessage(l *link, body []byte) {
	var data payload
	if json.Unmarshal(body, &data) != nil || data.N == 0 {
		return
	}
	if b.ended && data.N > b.endedAt {
		b.broken("after-shutdown", "%s got message %d, which was sent after Shutdown had returned", l.tag, data.N)
	}
	if l.late(data.N) {
		b.broken("revoked", "%s got message %d, which was sent after %s had ended it", l.tag, data.N, l.cutBy)
	}
	if data.To != "" && data.To != l.who.user {
		b.broken("addressee", "%s of %s got message %d for %s", l.tag, l.who.user, data.N, data.To)
	}
	if data.Client != "" && data.Client != l.id {
		b.broken("addressee", "%s, client %s, got message %d for client %s", l.tag, l.id, data.N, data.Client)
	}
	if l.lastStamps[data.N] {
		b.broken("order", "%s got message %d twice", l.tag, data.N)
	}
	l.lastStamps[data.N] = true
}

// checkHistory holds an answer with publications against the truth.
func (w *world) checkHistory(l *link, channel string, h *protocol.HistoryResult) {
	offsets := make([]uint64, len(h.Publications))
	for i, p := range h.Publications {
		offsets[i] = p.Offset
		var data payload
		_ = json.Unmarshal(p.Data, &data)
		f, known := w.truth.fact(channel, h.Epoch, p.Offset, data.N)
		if known && data.N > 0 && (f.n != data.N || f.leavesOut(l)) {
			w.broken("history", "%s read %d at offset %d of %s, the engine has %+v there", l.tag, data.N, p.Offset, channel, f)
		}
	}
	if !slices.IsSorted(offsets) {
		slices.Reverse(offsets)
		if !slices.IsSorted(offsets) {
			w.broken("history", "%s read offsets %v of %s, in no order", l.tag, offsets, channel)
		}
	}
}
