package realtime

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/centrifugal/protocol"
)

// Observer hears what a hub does, for metrics and traces; packages prom and otelrt
// have one each. Any of its functions may be nil, and costs nothing then. They are
// called where the work is done: they must return at once, be safe for concurrent
// use, and not call the hub. Nothing that they are told comes from a client, and
// no token, channel name or user is among it.
type Observer struct {
	// Opened hears of a socket that was upgraded; carrier is that of its
	// principal, empty for one that is nobody yet.
	Opened func(carrier string)
	// Closed hears of the end of a socket.
	Closed func(ConnectionEnd)
	// Command is called before a command is carried out. Handlers get the context
	// that it returns, and done is called afterwards with 0, the code of the
	// error that the client was told, or the code of the close.
	Command func(ctx context.Context, command Command) (_ context.Context, done func(code uint32))
	// Published hears of a publication that was handed to the subscribers here.
	Published func(PublicationSent)
	// Refused hears of a limit that has refused something.
	Refused func(Limit)
}

// ConnectionEnd is the end of a socket.
type ConnectionEnd struct {
	// Code is the close code: the hub's or the peer's own, which may be any, or
	// 1006 for a peer that has vanished.
	Code int
	// Carrier is that of the principal at the end.
	Carrier string
	// Lasted is how long the socket stood.
	Lasted time.Duration
}

// Command is one that a hub carries out.
type Command struct {
	// Kind is the protocol's word: connect, subscribe, unsubscribe, publish,
	// presence, presence_stats, history, rpc, send, refresh or sub_refresh.
	Kind string
	// Call is the method of an rpc that has a handler, else empty.
	Call string
}

// PublicationSent is one publication on one node.
type PublicationSent struct {
	// Pattern is that of the channel, such as room:{id}.
	Pattern string
	// Bytes is the size of its data, Receivers how many connections it was
	// handed to.
	Bytes, Receivers int
}

// together makes one observer of many. What none listens to stays nil.
func together(all []Observer) Observer {
	var one Observer
	for _, next := range all {
		one.Opened = both(one.Opened, next.Opened)
		one.Closed = both(one.Closed, next.Closed)
		one.Published = both(one.Published, next.Published)
		one.Refused = both(one.Refused, next.Refused)
		one.Command = within(one.Command, next.Command)
	}
	return one
}

func both[T any](first, second func(T)) func(T) {
	if first == nil || second == nil {
		if first == nil {
			return second
		}
		return first
	}
	return func(what T) {
		first(what)
		second(what)
	}
}

type commandObserver = func(context.Context, Command) (context.Context, func(uint32))

func within(outer, inner commandObserver) commandObserver {
	if outer == nil || inner == nil {
		if outer == nil {
			return inner
		}
		return outer
	}
	return func(ctx context.Context, command Command) (context.Context, func(uint32)) {
		ctx, outerDone := outer(ctx, command)
		ctx, innerDone := inner(ctx, command)
		return ctx, func(code uint32) {
			innerDone(code)
			outerDone(code)
		}
	}
}

// observed carries out a command, and lets the observer know.
func (c *Conn) observed(ctx context.Context, m *protocol.Command, reply *protocol.Reply) error {
	observe := c.hub.observer.Command
	if observe == nil {
		return c.hub.mapped(c.carry(ctx, m, reply))
	}
	ctx, done := observe(ctx, c.hub.describe(m))
	code := uint32(CloseInternal.Code) // of a panic
	defer func() { done(code) }()
	err := c.hub.mapped(c.carry(ctx, m, reply))
	code = c.codeOf(err)
	return err
}

// codeOf is the number that a command's end is known by.
func (c *Conn) codeOf(err error) uint32 {
	var known *Error
	reason, ends := asClose(err)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errAnswered):
		return uint32(c.link.Socket.Reason().Code)
	case ends:
		return uint32(reason.Code)
	case errors.As(err, &known):
		return uint32(known.Code)
	}
	return uint32(ErrInternal)
}

func (h *Hub) describe(m *protocol.Command) Command {
	switch {
	case m.Rpc != nil:
		if _, known := h.calls.Load(m.Rpc.Method); known {
			return Command{"rpc", string([]byte(m.Rpc.Method))}
		}
		return Command{Kind: "rpc"}
	case m.Publish != nil:
		return Command{Kind: "publish"}
	case m.Subscribe != nil:
		return Command{Kind: "subscribe"}
	case m.Unsubscribe != nil:
		return Command{Kind: "unsubscribe"}
	case m.Connect != nil:
		return Command{Kind: "connect"}
	case m.Presence != nil:
		return Command{Kind: "presence"}
	case m.PresenceStats != nil:
		return Command{Kind: "presence_stats"}
	case m.History != nil:
		return Command{Kind: "history"}
	case m.Send != nil:
		return Command{Kind: "send"}
	case m.Refresh != nil:
		return Command{Kind: "refresh"}
	}
	return Command{Kind: "sub_refresh"}
}

// published lets the observer know of a publication.
func (h *Hub) published(ch *channel, b *bundle) {
	if h.observer.Published == nil {
		return
	}
	h.spawn.Do(nil, func() { // an observer's fault is nobody's else
		for i := range b.items {
			if p := &b.items[i].publication; p.Kind == Published {
				h.observer.Published(PublicationSent{Pattern: ch.rule.pattern.text, Bytes: len(p.Data), Receivers: b.toAll + b.received[i]})
			}
		}
	})
}

// CodeLabel names a close code for a metric's label: peers choose the codes that
// they close with, and those that no hub sends are "other".
func CodeLabel(code int) string {
	if code >= 1000 && code <= 1015 || code >= 3000 && code <= 3014 || code >= 3500 && code <= 3509 {
		return strconv.Itoa(code)
	}
	return "other"
}
