package plain

import (
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/transport"
	"github.com/yodelrt/yodel/realtime/observe"
)

// sockets is a plain handler as its transport sees it.
type sockets struct{ handler *Handler }

func connOf(s *transport.Conn) *Conn { return s.Owner().(*Conn) }

// Opened makes a known connection addressable, so that whoever revokes it finds
// it. Its worker lets it in.
func (s sockets) Opened(socket *transport.Conn) {
	p, c := s.handler, connOf(socket)
	p.counters.Opened.Add(1)
	if !p.conns.Opened(&c.link, conns.CloseConnectionLimit) {
		return
	}
	c.link.AwaitConnect(p.config.Limits.AuthDeadline)
	if !c.pending {
		socket.Begin()
	}
}

// lifetime is how long connections last.
func (p *Handler) lifetime() conns.Lifetime {
	return conns.Lifetime{Age: p.config.Limits.Age, Idle: p.config.Limits.Idle}
}

// enter asks again whether a registered connection may stay, lets it receive, and
// greets it.
func (p *Handler) enter(c *Conn) {
	who := c.Principal()
	c.link.ExpireAt(who.ExpiresAt)
	if !who.ExpiresAt.IsZero() && !time.Now().Before(who.ExpiresAt) { // since its upgrade
		c.link.End(conns.CloseExpired)
		return
	}
	if !p.checks.Stays(&c.link, who) || !p.conns.Activate(&c.link) || !p.welcome(c) {
		return
	}
	c.welcomed = true // from here on the Disconnect hook is owed
	c.link.Connected()
	p.lifetime().Start(&c.link, c.since)
}

// welcome calls the Connect hook, and ends a connection that it refuses.
func (p *Handler) welcome(c *Conn) bool {
	if p.config.Connect == nil {
		return true
	}
	err := p.config.Connect(c.Context(), c)
	if err == nil {
		return true
	}
	reason, ends := asClose(err)
	if !ends {
		reason = realtime.CloseInternal
		p.config.Logger.Error("the connect hook failed", "connection", c.ID(), "error", err)
	}
	if err := c.Close(reason); err != nil {
		p.config.Logger.Error("the connect hook has ended its connection with a reason that can't be sent", "connection", c.ID(), "error", err)
	}
	return false
}

// Received lets a known connection in, and handles one message after the other.
func (s sockets) Received(socket *transport.Conn, message []byte) {
	p, c := s.handler, connOf(socket)
	if c.link.Ending() {
		return
	}
	if message == nil { // nothing was sent yet
		p.enter(c)
		return
	}
	p.counters.In.Add(1)
	if c.pending {
		p.authenticate(c, message)
		return
	}
	if !c.limiter.Allow() {
		c.strike()
		return
	}
	c.strikes = 0
	if err := p.dispatch(c, message); err != nil {
		c.fail(err)
	}
}

// Fault ends a connection for what the transport has found.
func (s sockets) Fault(socket *transport.Conn, reason transport.Close) {
	connOf(socket).link.End(reason)
}

// Ended takes the connection out of everything that can find it, whatever its
// handlers are doing. The hook comes when they are done.
func (s sockets) Ended(socket *transport.Conn, why transport.Close) {
	p, c, reason := s.handler, connOf(socket), realtime.Close(why)
	p.conns.Gone(&c.link)
	p.counters.End(reason.Code)
	p.countEnd(c, why)
	socket.WaitIdle()
	if c.welcomed && p.config.Disconnect != nil {
		p.config.Disconnect(c, reason)
	}
}

// rung carries out what is due of a connection.
func (p *Handler) rung(link *conns.Conn, which conns.Alarm) {
	switch which {
	case conns.AlarmConnect:
		if !link.Ending() { // else its queue waits for the peer, and the reason stands
			connOf(&link.Socket).refuse(observe.LimitAuthDeadline, conns.LateReason(link))
		}
	case conns.AlarmExpiry:
		link.End(conns.CloseExpired)
	case conns.AlarmAge:
		connOf(&link.Socket).refuse(observe.LimitAge, conns.CloseExpired)
	case conns.AlarmIdle:
		if p.lifetime().IsIdle(link) {
			connOf(&link.Socket).refuse(observe.LimitIdle, conns.CloseExpired)
		}
	}
}
