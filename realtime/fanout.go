package realtime

import (
	"context"
	"sync"
	"time"

	"github.com/centrifugal/protocol"
)

// shard is some of the channels.
type shard struct {
	mu       sync.Mutex // held while the engine is asked to begin or end a channel
	channels map[string]*channel
}

// channel is one that has subscribers here.
type channel struct {
	name string
	mu   sync.Mutex
	subs map[*Conn]*subscription
}

// subscription is one connection in one channel.
type subscription struct {
	conn       *Conn
	channel    *channel
	rule       *channelRule
	params     Params
	fromServer bool
	joinLeave  bool
	info       []byte // what others may know of it here
	announced  bool   // its join was; then its leave is due

	// Under the channel's lock.
	live     bool
	waiting  []Publication // that came before it went live
	lost     bool          // more came than may wait
	position Position
	gone     bool        // it has left the channel
	end      *time.Timer // of its token
}

// maxWaiting bounds what comes while a subscription is being made.
const maxWaiting = 4096

// enter adds a subscription; the first of a channel begins it at the engine.
func (h *Hub) enter(ctx context.Context, s *subscription, name string) error {
	shard := h.channels.shard(name)
	shard.mu.Lock()
	defer shard.mu.Unlock()
	ch, known := shard.channels[name]
	if !known {
		ch = &channel{name: name, subs: map[*Conn]*subscription{}}
		if err := h.config.Engine.Broker.Subscribe(ctx, name, func(p Publication) { h.deliver(ch, p) }); err != nil {
			return err
		}
		shard.channels[name] = ch
	}
	s.channel = ch
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.subs[s.conn] = s
	return nil
}

// exit takes a subscription out; the last of a channel ends it at the engine.
// Nothing of the channel reaches the connection afterwards.
func (h *Hub) exit(ctx context.Context, s *subscription) {
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
	if err := h.config.Engine.Broker.Unsubscribe(ctx, s.channel.name); err != nil {
		h.config.Logger.Error("the engine did not end a channel", "error", err)
	}
}

// deliver hands a publication to every subscriber of a channel, encoded once for
// each way to speak. Calls for one channel come one at a time.
func (h *Hub) deliver(ch *channel, p Publication) {
	frames := &frames{channel: ch.name, publication: p}
	ch.mu.Lock()
	defer ch.mu.Unlock()
	for _, s := range ch.subs {
		s.take(frames)
	}
	h.ledger.owed.Add(frames.owed)
}

// frames encodes a publication when it is first needed.
type frames struct {
	channel     string
	publication Publication
	made        [encodings][]byte
	failed      [encodings]error
	owed        uint64 // subscribers that it was handed to
}

func (f *frames) in(enc encoding) ([]byte, error) {
	if f.made[enc] == nil && f.failed[enc] == nil {
		f.made[enc], f.failed[enc] = encodePush(enc, f.channel, f.publication)
	}
	return f.made[enc], f.failed[enc]
}

// take gives a publication to one subscriber, under the channel's lock.
func (s *subscription) take(f *frames) {
	p := f.publication
	if p.Kind != Published && !s.joinLeave {
		return
	}
	if !s.live {
		if len(s.waiting) >= maxWaiting {
			s.lost = true
			return
		}
		s.waiting = append(s.waiting, p)
		return
	}
	s.hand(f)
}

// hand sends a publication that is the next one for this subscriber.
func (s *subscription) hand(f *frames) {
	p := f.publication
	if p.Offset > 0 {
		switch {
		case p.Offset <= s.position.Offset:
			return // it has that one
		case p.Offset > s.position.Offset+1:
			s.conn.link.close(InsufficientState) // one was lost on the way here
			return
		}
		s.position.Offset = p.Offset
	}
	if p.Except != "" && p.Except == s.conn.id {
		return
	}
	frame, err := f.in(s.conn.enc)
	if err != nil {
		s.conn.link.close(Inappropriate)
		return
	}
	f.owed++
	kind := fleeting
	if p.Offset > 0 && s.rule.options.Recover {
		kind = recoverable
	}
	s.conn.link.sendCounted(frame, kind)
}

// goLive sends the reply to a subscribe, if it has one of its own, and then what
// came meanwhile: the reply precedes every push of the channel.
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
		s.conn.link.close(InsufficientState)
		return
	}
	for _, p := range waiting {
		one := &frames{channel: s.channel.name, publication: p}
		s.hand(one)
		s.conn.hub.ledger.owed.Add(one.owed)
	}
}

// encodePush encodes a publication, a join or a leave.
func encodePush(enc encoding, channel string, p Publication) ([]byte, error) {
	push := &protocol.Push{Channel: channel}
	switch p.Kind {
	case Joined:
		push.Join = &protocol.Join{Info: wireInfo(p.Info)}
	case Left:
		push.Leave = &protocol.Leave{Info: wireInfo(p.Info)}
	default:
		pub, err := wirePublication(enc, p)
		if err != nil {
			return nil, err
		}
		push.Pub = pub
	}
	return enc.encode(&protocol.Reply{Push: push})
}

func wirePublication(enc encoding, p Publication) (*protocol.Publication, error) {
	data, err := enc.payload(p.Data)
	if err != nil {
		return nil, err
	}
	return &protocol.Publication{Data: data, Info: wireInfo(p.Info), Offset: p.Offset, Tags: p.Tags}, nil
}

func wireInfo(info *ClientInfo) *protocol.ClientInfo {
	if info == nil {
		return nil
	}
	return &protocol.ClientInfo{User: info.User, Client: info.Client, ConnInfo: info.Conn, ChanInfo: info.Channel}
}
