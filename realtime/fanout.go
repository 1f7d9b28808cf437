package realtime

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// shard is some of the channels.
type shard struct {
	mu       sync.Mutex // held while the engine is asked to begin or end a channel
	channels map[string]*channel
}

// channel is one that has subscribers here.
type channel struct {
	name  string
	rule  *channelRule
	queue channelQueue
	mu    sync.Mutex
	subs  map[*Conn]*subscription
	watch watch
	meter meter
}

// subscription is one connection in one channel.
type subscription struct {
	conn       *Conn
	channel    *channel
	rule       *channelRule
	params     Params
	fromServer bool
	joinLeave  bool
	info       atomic.Pointer[[]byte] // what others may know of it here
	announced  bool                   // its join was; then its leave is due
	returns    int                    // bytes of the subscribe when its client comes back; none for one of the server

	since uint64 // the number, in the channel's queue, of the latest publication that came before it

	// Under the channel's lock.
	live     bool
	waiting  []Publication // that came before it went live
	bytes    int           // of them
	lost     bool          // it has missed something and gets nothing more
	position Position
	gone     bool        // it has left the channel
	end      *time.Timer // of its token
}

// enter adds a subscription; the first of a channel begins it at the engine.
func (h *Hub) enter(ctx context.Context, s *subscription, name string) error {
	shard := h.channels.shard(name)
	shard.mu.Lock()
	defer shard.mu.Unlock()
	ch, known := shard.channels[name]
	if !known {
		ch = &channel{name: name, rule: s.rule, subs: map[*Conn]*subscription{}}
		ch.queue.init()
		if err := h.config.Engine.Broker.Subscribe(ctx, name, func(p Publication) { h.deliver(ch, p) }); err != nil {
			return err
		}
		shard.channels[name] = ch
		h.watch(ch)
	}
	s.channel, s.since = ch, ch.queue.latest()
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.subs[s.conn] = s
	return nil
}

// exit takes a subscription out; the last of a channel ends it at the engine.
// What was published before is handed to it, and nothing afterwards.
func (h *Hub) exit(ctx context.Context, s *subscription) {
	s.channel.queue.settle()
	shard := h.channels.shard(s.channel.name)
	shard.mu.Lock()
	defer shard.mu.Unlock()
	s.channel.mu.Lock()
	if s.channel.subs[s.conn] == s {
		delete(s.channel.subs, s.conn)
	}
	empty := len(s.channel.subs) == 0
	s.channel.mu.Unlock()
	if !empty || shard.channels[s.channel.name] != s.channel {
		return
	}
	delete(shard.channels, s.channel.name)
	s.channel.unwatch()
	if err := h.config.Engine.Broker.Unsubscribe(ctx, s.channel.name); err != nil {
		h.config.Logger.Error("the engine did not end a channel", "error", err)
	}
}

// deliver lines a publication up for every subscriber of a channel. Calls for one
// channel come one at a time.
func (h *Hub) deliver(ch *channel, p Publication) {
	if ch.queue.put(p) {
		h.spawn.Go(nil, func() { h.handOut(ch) })
	}
}

// handOut hands publications to the subscribers of a channel until none waits.
func (h *Hub) handOut(ch *channel) {
	for items := ch.queue.take(); items != nil; items = ch.queue.take() {
		b := newPublicationBatch(ch.name, items)
		h.spawn.Do(nil, func() { ch.handOut(b) })
		h.published(ch, b)
		if err := b.failed(); err != nil {
			h.config.Logger.Error("what the engine carries can't be told to clients that speak JSON; they are told of a loss", "pattern", ch.rule.pattern.text, "error", err)
		}
		ch.queue.done(items)
	}
}

// handOut hands publications to each subscriber.
func (ch *channel) handOut(b *publicationBatch) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	for i := range b.items {
		if b.items[i].publication.Kind == engine.Published {
			ch.meter.mark(b.items[i].publication.At)
		}
	}
	for _, s := range ch.subs {
		b.handTo(s)
	}
}

// take gives one publication to one subscriber, under the channel's lock.
func (s *subscription) take(b *publicationBatch, i int) {
	p := b.items[i].publication
	if (p.Kind == engine.Joined || p.Kind == engine.Left) && !s.joinLeave {
		return
	}
	if !s.live {
		s.wait(p)
		return
	}
	s.hand(b, i, sendLive)
}

// wait keeps a publication that comes while the subscription is being made. What is
// more than could be sent at once is lost.
func (s *subscription) wait(p Publication) {
	s.bytes += p.Size() + publicationBytes
	if s.lost = s.lost || s.bytes > s.conn.hub.config.Limits.QueueBytes/2; s.lost {
		s.waiting = nil
		return
	}
	s.waiting = append(s.waiting, p)
}

// isNext reports whether a publication is the next one for this subscriber; in a
// channel without history every one is. That a stream was renewed is never next:
// who has its epoch has it already, anybody else has lost its position.
func (s *subscription) isNext(p *Publication) bool {
	return p.Kind != engine.Renewed && p.Offset == 0 || (p.Epoch == "" || p.Epoch == s.position.Epoch) && p.Offset == s.position.Offset+1
}

// sender hands a message to a connection, and reports whether the subscription may
// go on.
type sender = func(*transport.Conn, transport.Message, transport.Counts) bool

// sendLive sends; a connection that has no room ends as slow.
func sendLive(socket *transport.Conn, m transport.Message, counts transport.Counts) bool {
	socket.Send(m, counts)
	return true
}

// hand sends a publication that is the next one for this subscriber.
func (s *subscription) hand(b *publicationBatch, i int, send sender) {
	p := &b.items[i].publication
	switch {
	case s.lost:
		return
	case s.isNext(p):
	case p.Offset <= s.position.Offset && (p.Epoch == "" || p.Epoch == s.position.Epoch):
		return // it has that one
	default:
		s.lose() // one was lost on the way here, or the stream is another now
		return
	}
	if p.Offset > 0 {
		s.position.Offset = p.Offset
	}
	if s.conn.leftOut(p) {
		return
	}
	m, err := b.one(s.conn.enc, i)
	if err != nil {
		s.lose() // another writer has put it there
		return
	}
	if !send(&s.conn.link.Socket, m, s.counts(p.Offset, 1)) {
		s.lose() // too much for now
		return
	}
	b.received[i]++
}

// send hands a message with so many publications to the connection.
func (s *subscription) send(m transport.Message, offset uint64, n int) {
	s.conn.link.Socket.Send(m, s.counts(offset, n))
}

// counts is what a message with so many publications stands for.
func (s *subscription) counts(offset uint64, n int) transport.Counts {
	if offset > 0 && s.rule.options.Recover {
		return transport.Counts{Recoverable: uint32(n)}
	}
	return transport.Counts{AtMostOnce: uint32(n)}
}

// goLive sends the reply to a subscribe, if it has one of its own, and then what
// came meanwhile, as far as it fits into half of the queue: the reply precedes every
// push of the channel.
func (s *subscription) goLive(reply func()) {
	s.channel.mu.Lock()
	defer s.channel.mu.Unlock()
	if reply != nil {
		reply()
	}
	s.live = true
	waiting := s.waiting
	s.waiting = nil
	if s.lost {
		s.lose()
		return
	}
	for _, p := range waiting {
		s.hand(newPublicationBatch(s.channel.name, []queuedPublication{{publication: p}}), 0, (*transport.Conn).SendIfRoom)
	}
}

// encodePush encodes a publication, a join or a leave.
func encodePush(enc encoding, channel string, p Publication) ([]byte, error) {
	push := &protocol.Push{Channel: channel}
	switch p.Kind {
	case engine.Joined:
		push.Join = &protocol.Join{Info: wireInfo(p.Info)}
	case engine.Left:
		push.Leave = &protocol.Leave{Info: wireInfo(p.Info)}
	default:
		push.Pub = wirePublication(p)
	}
	return enc.encode(&protocol.Reply{Push: push})
}

func wirePublication(p Publication) *protocol.Publication {
	return &protocol.Publication{Data: p.Data, Info: wireInfo(p.Info), Offset: p.Offset, Tags: p.Tags}
}

func wireInfo(info *ClientInfo) *protocol.ClientInfo {
	if info == nil {
		return nil
	}
	return &protocol.ClientInfo{User: info.User, Client: info.Client, ConnInfo: info.Conn, ChanInfo: info.Channel}
}
