package realtime

import (
	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// plainSockets is a plain handler as its transport sees it.
type plainSockets struct{ plain *Plain }

func plainConnOf(s *transport.Conn) *PlainConn { return s.Owner().(*PlainConn) }

// Opened makes a known connection addressable, so that whoever revokes it finds
// it. Its worker lets it in.
func (s plainSockets) Opened(socket *transport.Conn) {
	p, c := s.plain, plainConnOf(socket)
	p.counters.opened.Add(1)
	if !p.conns.Opened(&c.link, wireClose(CloseConnectionLimit)) {
		return
	}
	if c.pending {
		c.link.SetAlarm(conns.AlarmConnect, p.config.AuthDeadline)
		return
	}
	p.enter(c)
}

// enter asks again whether a registered connection may stay, and then lets it
// receive.
func (p *Plain) enter(c *PlainConn) {
	c.expireAt(c.Principal().ExpiresAt)
	if !p.stays(c) || !p.conns.Activate(&c.link) {
		return
	}
	c.link.StopAlarm(conns.AlarmConnect)
	c.welcomed = true
	if p.config.Connect != nil {
		if err := p.config.Connect(c.Context(), c); err != nil {
			p.config.Logger.Error("the connect hook failed", "connection", c.ID(), "error", err)
			c.end(CloseInternal)
		}
	}
}

// Received handles one message.
func (s plainSockets) Received(socket *transport.Conn, message []byte) {
	p, c := s.plain, plainConnOf(socket)
	if c.link.Ending() {
		return
	}
	p.counters.in.Add(1)
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
		c.tell(err)
	}
}

// Fault ends a connection for what the transport has found.
func (s plainSockets) Fault(socket *transport.Conn, reason transport.Close) {
	plainConnOf(socket).link.End(reason)
}

// Ended takes the connection out of everything that can find it, whatever its
// handlers are doing. The hook comes when they are done.
func (s plainSockets) Ended(socket *transport.Conn, why transport.Close) {
	p, c, reason := s.plain, plainConnOf(socket), Close(why)
	p.conns.Gone(&c.link)
	p.counters.end(reason)
	socket.WaitIdle()
	if c.welcomed && p.config.Disconnect != nil {
		p.config.Disconnect(c, reason)
	}
}

// rung carries out what is due of a connection.
func (p *Plain) rung(link *conns.Conn, which conns.Alarm) {
	c := plainConnOf(&link.Socket)
	switch which {
	case conns.AlarmConnect:
		if link.State() == conns.Verifying { // it has asked in time; the verdict is late
			c.end(CloseInternal)
			return
		}
		c.end(CloseStale)
	case conns.AlarmExpiry:
		c.end(CloseExpired)
	}
}
