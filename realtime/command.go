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
			c.refuse(LimitCommandsPerFrame, BadRequest)
			return false
		}
		c.command(command)
		return !c.link.isClosing()
	})
	if err != nil && !c.link.isClosing() {
		c.link.close(BadRequest)
	}
}

// command carries out one command and answers it.
func (c *Conn) command(command *protocol.Command) {
	requests := requestsIn(command)
	switch {
	case command.Id == 0 && requests == 0:
		c.pong()
		return
	case requests != 1, command.Ping != nil, // the protocol's pings are the server's
		command.Id == 0 && command.Send == nil,
		c.connected == (command.Connect != nil):
		c.link.close(BadRequest)
		return
	case !c.limiter.Allow():
		c.overRate(command)
		return
	}
	c.strikes = 0
	if command.Refresh == nil && command.SubRefresh == nil { // those are sent by themselves
		c.isBusy()
	}
	reply := &protocol.Reply{Id: command.Id}
	err := c.observed(c.link.context(), command, reply)
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

// requestsIn counts the requests of a command, of which there should be one.
func requestsIn(m *protocol.Command) int {
	count := 0
	for _, present := range [...]bool{
		m.Connect != nil, m.Subscribe != nil, m.Unsubscribe != nil, m.Publish != nil, m.Presence != nil, m.PresenceStats != nil,
		m.History != nil, m.Rpc != nil, m.Send != nil, m.Refresh != nil, m.SubRefresh != nil, m.Ping != nil,
	} {
		if present {
			count++
		}
	}
	return count
}

// carry carries out the one request of a command and fills in its reply.
func (c *Conn) carry(ctx context.Context, m *protocol.Command, reply *protocol.Reply) error {
	switch {
	case m.Rpc != nil:
		return c.call(ctx, m.Rpc, reply)
	case m.Publish != nil:
		return c.publish(ctx, m.Publish, reply)
	case m.Subscribe != nil:
		return c.subscribe(ctx, m.Subscribe, reply)
	case m.Unsubscribe != nil:
		return c.unsubscribe(ctx, m.Unsubscribe, reply)
	case m.Connect != nil:
		return c.connect(ctx, m.Connect, reply)
	case m.Presence != nil:
		return c.presence(ctx, m.Presence, reply)
	case m.PresenceStats != nil:
		return c.presenceStats(ctx, m.PresenceStats, reply)
	case m.History != nil:
		return c.history(ctx, m.History, reply)
	case m.Send != nil:
		return c.message(ctx, m.Send)
	case m.Refresh != nil:
		return c.refresh(ctx, m.Refresh, reply)
	case m.SubRefresh != nil:
		return c.subRefresh(ctx, m.SubRefresh, reply)
	}
	return BadRequest
}

// overRate answers a command over the rate, and ends a connection that does not
// slow down.
func (c *Conn) overRate(command *protocol.Command) {
	c.strikes++
	if int(c.strikes) > strikesPerBurst*c.hub.config.CommandBurst {
		c.refuse(LimitCommandRate, Flood)
		return
	}
	c.hub.refused(LimitCommandRate)
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
	if c.failures++; int(c.failures) >= c.hub.config.MaxErrors {
		c.link.close(TooManyErrors)
		return
	}
	if command.Send == nil {
		c.answer(&protocol.Reply{Id: command.Id, Error: known.wire()})
	}
	if command.Connect != nil { // the connection is of no use now
		c.link.close(refusal(known))
	}
}

// refusal is how a connection ends whose connect was answered with an error.
// Clients have decided by that error whether they come back, and the code says
// the same to those that look at it alone.
func refusal(err *Error) Close {
	reason := PermissionDenied
	switch {
	case err.Code == ErrExpired.Code:
		reason = Expired
	case err.Temporary:
		reason = Internal
	}
	reason.Flush = true // the error first
	return reason
}

// answer sends a reply. In place of one that can't be encoded goes [ErrInternal].
func (c *Conn) answer(reply *protocol.Reply) {
	frame, err := c.enc.encode(reply)
	if err != nil {
		c.hub.config.Logger.Error("a reply can't be told to its client", "client", c.id, "error", err)
		if frame, err = c.enc.encode(&protocol.Reply{Id: reply.Id, Error: ErrInternal.wire()}); err != nil || reply.Push != nil {
			c.link.close(Internal)
			return
		}
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
