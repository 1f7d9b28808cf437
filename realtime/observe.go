package realtime

import (
	"context"
	"errors"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/observe"
)

// together makes one observer of many. What none listens to stays nil.
func together(all []observe.Observer) observe.Observer {
	var one observe.Observer
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

type commandObserver = func(context.Context, observe.Command) (context.Context, func(uint32))

func within(outer, inner commandObserver) commandObserver {
	if outer == nil || inner == nil {
		if outer == nil {
			return inner
		}
		return outer
	}
	return func(ctx context.Context, command observe.Command) (context.Context, func(uint32)) {
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

func (h *Hub) describe(m *protocol.Command) observe.Command {
	switch {
	case m.Rpc != nil:
		if _, known := h.calls.Load(m.Rpc.Method); known {
			return observe.Command{Kind: "rpc", Call: string([]byte(m.Rpc.Method))}
		}
		return observe.Command{Kind: "rpc"}
	case m.Publish != nil:
		return observe.Command{Kind: "publish"}
	case m.Subscribe != nil:
		return observe.Command{Kind: "subscribe"}
	case m.Unsubscribe != nil:
		return observe.Command{Kind: "unsubscribe"}
	case m.Connect != nil:
		return observe.Command{Kind: "connect"}
	case m.Presence != nil:
		return observe.Command{Kind: "presence"}
	case m.PresenceStats != nil:
		return observe.Command{Kind: "presence_stats"}
	case m.History != nil:
		return observe.Command{Kind: "history"}
	case m.Send != nil:
		return observe.Command{Kind: "send"}
	case m.Refresh != nil:
		return observe.Command{Kind: "refresh"}
	}
	return observe.Command{Kind: "sub_refresh"}
}

// published lets the observer know of a publication.
func (h *Hub) published(ch *channel, b *publicationBatch) {
	if h.observer.Published == nil {
		return
	}
	h.spawn.Do(nil, func() { // an observer's fault is nobody's else
		for i := range b.items {
			if p := &b.items[i].publication; p.Kind == engine.Published {
				h.observer.Published(observe.PublicationSent{Pattern: ch.rule.pattern.text, Bytes: len(p.Data), Receivers: b.toAll + b.received[i]})
			}
		}
	})
}
