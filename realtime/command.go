package realtime

import (
	"context"
	"errors"

	"github.com/centrifugal/protocol"
)

// handle carries out the commands of a frame, in order.
func (c *Conn) handle(frame []byte) {
	count := 0
	err := c.enc.commands(frame, func(command *protocol.Command) bool {
		count++
		if count > c.hub.config.CommandsPerFrame {
			c.link.close(BadRequest)
			return false
		}
		c.command(command)
		return !c.link.isClosing()
	})
	if err != nil && !c.link.isClosing() {
		c.link.close(BadRequest)
	}
}

// request is what a command asks for.
type request struct {
	carry func(ctx context.Context, reply *protocol.Reply) error
}

// command carries out one command and answers it.
func (c *Conn) command(command *protocol.Command) {
	asked, requests := c.requestOf(command)
	switch {
	case command.Id == 0 && requests == 0:
		c.pong()
		return
	case requests != 1, asked.carry == nil,
		command.Id == 0 && command.Send == nil,
		c.connected == (command.Connect != nil):
		c.link.close(BadRequest)
		return
	case !c.limiter.Allow():
		c.overRate(command)
		return
	}
	c.strikes = 0
	reply := &protocol.Reply{Id: command.Id}
	err := asked.carry(c.link.context(), reply)
	if errors.Is(err, errAnswered) || command.Send != nil && err == nil {
		c.failures = 0
		return
	}
	if err != nil {
		c.fail(command, err)
		return
	}
	c.failures = 0
	c.answer(reply)
}

// errAnswered says that the reply is out already, in its place among pushes.
var errAnswered = errors.New("answered")

// requestOf finds the one request of a command and counts how many it has.
func (c *Conn) requestOf(m *protocol.Command) (found request, count int) {
	note := func(present bool, carry func(context.Context, *protocol.Reply) error) {
		if present {
			count++
			found.carry = carry
		}
	}
	note(m.Connect != nil, func(ctx context.Context, r *protocol.Reply) error { return c.connect(ctx, m.Connect, r) })
	note(m.Subscribe != nil, func(ctx context.Context, r *protocol.Reply) error { return c.subscribe(ctx, m.Subscribe, r) })
	note(m.Unsubscribe != nil, func(ctx context.Context, r *protocol.Reply) error { return c.unsubscribe(ctx, m.Unsubscribe, r) })
	note(m.Publish != nil, func(ctx context.Context, r *protocol.Reply) error { return c.publish(ctx, m.Publish, r) })
	note(m.Presence != nil, func(ctx context.Context, r *protocol.Reply) error { return c.presence(ctx, m.Presence, r) })
	note(m.PresenceStats != nil, func(ctx context.Context, r *protocol.Reply) error { return c.presenceStats(ctx, m.PresenceStats, r) })
	note(m.History != nil, func(ctx context.Context, r *protocol.Reply) error { return c.history(ctx, m.History, r) })
	note(m.Rpc != nil, func(ctx context.Context, r *protocol.Reply) error { return c.call(ctx, m.Rpc, r) })
	note(m.Send != nil, func(ctx context.Context, _ *protocol.Reply) error { return c.message(ctx, m.Send) })
	note(m.Refresh != nil, func(ctx context.Context, r *protocol.Reply) error { return c.refresh(ctx, m.Refresh, r) })
	note(m.SubRefresh != nil, func(ctx context.Context, r *protocol.Reply) error { return c.subRefresh(ctx, m.SubRefresh, r) })
	note(m.Ping != nil, nil)
	return found, count
}

// overRate answers a command over the rate, and ends a connection that does not
// slow down.
func (c *Conn) overRate(command *protocol.Command) {
	c.strikes++
	if c.strikes > strikesPerBurst*c.hub.config.CommandBurst {
		c.link.close(Flood)
		return
	}
	if command.Send == nil {
		c.answer(&protocol.Reply{Id: command.Id, Error: ErrTooMany.wire()})
	}
}

// fail answers a command that was not carried out.
func (c *Conn) fail(command *protocol.Command, err error) {
	if reason, ends := asClose(err); ends {
		c.link.close(reason)
		return
	}
	var known *Error
	if !errors.As(err, &known) {
		c.hub.config.Logger.Error("a handler failed", "client", c.id, "user", c.who().UserID, "error", err)
		known = ErrInternal
	}
	if c.failures++; c.failures >= c.hub.config.MaxErrors {
		c.link.close(TooManyErrors)
		return
	}
	if command.Send == nil {
		c.answer(&protocol.Reply{Id: command.Id, Error: known.wire()})
	}
	if command.Connect != nil { // the connection is of no use now
		refused := Expired
		if known.Code != ErrExpired.Code {
			refused = Close{Code: 3000, Reason: "connect refused"}
		}
		refused.Flush = true
		c.link.close(refused)
	}
}

// answer sends a reply. One that can't be encoded for this peer ends it.
func (c *Conn) answer(reply *protocol.Reply) {
	frame, err := c.enc.encode(reply)
	if err != nil {
		c.link.close(Inappropriate)
		return
	}
	c.hub.counters.out.Add(1)
	c.link.send(frame)
}

// push sends something that nobody asked for.
func (c *Conn) push(push *protocol.Push) { c.answer(&protocol.Reply{Push: push}) }

// message handles a `send`.
func (c *Conn) message(ctx context.Context, in *protocol.SendRequest) error {
	if c.hub.config.Message == nil {
		return NotAvailable
	}
	return c.hub.config.Message(ctx, c, in.Data)
}
