package realtime

import (
	"context"
	"errors"
	"github.com/yodelrt/yodel/realtime/observe"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// handle carries out the commands of a frame, in order.
func (c *Conn) handle(frame []byte) {
	count := 0
	if c.firstTooBig(frame) {
		c.refuse(observe.LimitFirstMessageBytes, CloseTooBig)
		return
	}
	if c.enc.several(frame) {
		c.link.Socket.Hold() // their replies go out together
	}
	err := c.enc.commands(frame, func(command *protocol.Command) bool {
		count++
		if count > c.hub.config.Limits.CommandsPerFrame {
			c.refuse(observe.LimitCommandsPerFrame, CloseBadRequest)
			return false
		}
		if !c.link.Socket.AwaitRoom(c.link.Socket.Base()) { // for the answer
			return false
		}
		c.command(command)
		return !c.link.Ending()
	})
	if err != nil && !c.link.Ending() {
		c.end(CloseBadRequest)
	}
}

// firstTooBig bounds the command of somebody who is nobody yet. What comes behind
// it in the frame is not looked at before the connection has authenticated.
func (c *Conn) firstTooBig(frame []byte) bool {
	return c.pending && c.enc.firstCommand(frame) > c.hub.config.Limits.FirstMessageBytes
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
		c.end(CloseBadRequest)
		return
	case !c.limiter.Allow():
		c.overRate(command)
		return
	}
	c.strikes = 0
	if command.Refresh == nil && command.SubRefresh == nil { // those are sent by themselves
		c.hub.lifetime().Touch(&c.link)
	}
	if command.Publish == nil {
		c.settlePublished()
	}
	reply := &protocol.Reply{Id: command.Id}
	err := c.observed(c.Context(), command, reply)
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
	return CloseBadRequest
}

// overRate answers a command over the rate, and ends a connection that does not
// slow down.
func (c *Conn) overRate(command *protocol.Command) {
	c.strikes++
	if int(c.strikes) > conns.StrikesPerBurst*c.hub.config.Limits.CommandBurst {
		c.refuse(observe.LimitCommandRate, CloseFlood)
		return
	}
	c.hub.refused(observe.LimitCommandRate)
	if command.Send == nil {
		c.settlePublished()
		c.answer(&protocol.Reply{Id: command.Id, Error: ErrTooManyRequests.wire()})
	}
}

// fail answers a command that was not carried out.
func (c *Conn) fail(command *protocol.Command, err error) {
	if reason, ends := asClose(err); ends {
		if err := c.Close(reason); err != nil {
			c.hub.config.Logger.Error("a handler has ended its connection with a reason that can't be sent", "client", c.ID(), "error", err)
		}
		return
	}
	var known *Error
	if !errors.As(err, &known) {
		c.hub.config.Logger.Error("a handler failed", "client", c.ID(), "user", c.who().UserID, "error", err)
		known = ErrInternal.full()
	}
	if !known.Temporary { // what passes is no fault of the client's own
		c.failures++
	}
	if int(c.failures) >= c.hub.config.Limits.Errors {
		c.end(CloseTooManyErrors)
		return
	}
	if command.Send == nil {
		c.settlePublished()
		c.answer(&protocol.Reply{Id: command.Id, Error: known.wire()})
	}
	if command.Connect != nil { // the connection is of no use now
		c.end(refusal(known))
	}
}

// refusal is how a connection ends whose connect was answered with an error.
// Clients have decided by that error whether they come back, and the code says
// the same to those that look at it alone.
func refusal(err *Error) Close {
	reason := ClosePermissionDenied
	switch {
	case err.Code == ErrTokenExpired:
		reason = CloseExpired
	case err.Temporary:
		reason = CloseInternal
	}
	reason.Flush = true // the error first
	return reason
}

// answer sends the reply to a command. It waits for nobody: the worker has waited
// for room before it took the command up.
func (c *Conn) answer(reply *protocol.Reply) {
	if frame, ok := c.encode(reply); ok {
		c.link.Socket.Reply(frame)
	}
}

// push sends something that nobody asked for.
func (c *Conn) push(reply *protocol.Reply) {
	if frame, ok := c.encode(reply); ok {
		c.link.Socket.Send(transport.Plain(frame), transport.Counts{})
	}
}

// encode encodes what is sent. What can't be is the application's fault: it is
// logged, and a reply says that the server has failed.
func (c *Conn) encode(reply *protocol.Reply) (frame []byte, ok bool) {
	frame, err := c.enc.encode(reply)
	if err != nil {
		c.hub.config.Logger.Error("an answer can't be encoded", "client", c.ID(), "error", err)
		if reply.Id == 0 {
			return nil, false
		}
		frame, err = c.enc.encode(&protocol.Reply{Id: reply.Id, Error: ErrInternal.wire()})
	}
	c.hub.counters.Out.Add(1)
	return frame, err == nil
}

// message handles a `send`.
func (c *Conn) message(ctx context.Context, in *protocol.SendRequest) error {
	if c.hub.config.Message == nil {
		return CloseNotAvailable
	}
	return c.hub.config.Message(ctx, c, in.Data)
}
