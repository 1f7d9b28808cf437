package realtime

import (
	"context"
	"github.com/yodelrt/yodel/realtime/observe"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// sockets is a hub as its transport sees it.
type sockets struct{ hub *Hub }

func connOf(s *transport.Conn) *Conn { return s.Owner().(*Conn) }

// Opened makes a known connection addressable, so that whoever revokes it finds
// it; it receives nothing until its `connect`.
func (s sockets) Opened(socket *transport.Conn) {
	h, c := s.hub, connOf(socket)
	h.counters.Opened.Add(1)
	if socket.Binary() {
		c.enc = inProtobuf
	}
	if h.conns.Opened(&c.link, wireClose(CloseConnectionLimit)) {
		c.link.AwaitConnect(h.config.Limits.AuthDeadline)
	}
	if h.observer.Opened != nil {
		h.observer.Opened(c.who().Carrier)
	}
}

// Urgent takes pongs, which do not wait behind a handler.
func (s sockets) Urgent(socket *transport.Conn, frame []byte) bool {
	c := connOf(socket)
	s.hub.counters.In.Add(1)
	if !c.enc.isPong(frame) {
		return false
	}
	c.pong()
	return true
}

// Received carries out the commands of a frame.
func (s sockets) Received(socket *transport.Conn, frame []byte) {
	connOf(socket).handle(frame)
}

// Fault ends a connection for what the transport has found.
func (s sockets) Fault(socket *transport.Conn, reason transport.Close) {
	connOf(socket).link.End(reason)
}

// Ended takes the connection out of everything that can find it and out of its
// channels, whatever its handlers are doing. The hook comes when they are done. A
// panic in one of these steps keeps none of the others from being taken.
func (s sockets) Ended(socket *transport.Conn, why transport.Close) {
	h, c, reason := s.hub, connOf(socket), Close(why)
	h.conns.Gone(&c.link)
	h.spawn.Do(nil, func() { c.leaveAll(context.WithoutCancel(socket.Base())) })
	h.counters.End(reason.Code)
	h.countEnd(c, reason)
	if h.observer.Closed != nil {
		h.spawn.Do(nil, func() {
			h.observer.Closed(observe.ConnectionEnd{Code: reason.Code, Carrier: c.who().Carrier, Lasted: time.Since(c.since)})
		})
	}
	socket.WaitIdle()
	if c.welcomed && h.config.Disconnect != nil {
		h.config.Disconnect(c, reason)
	}
}

// rung carries out what is due of a connection.
func (h *Hub) rung(link *conns.Conn, which conns.Alarm) {
	c := connOf(&link.Socket)
	switch which {
	case conns.AlarmConnect:
		if !link.Ending() { // else its answer waits for the peer, and the reason stands
			c.refuse(observe.LimitAuthDeadline, Close(conns.LateReason(link)))
		}
	case conns.AlarmExpiry:
		c.end(CloseExpired)
	case conns.AlarmAge:
		c.refuse(observe.LimitAge, CloseExpired)
	case conns.AlarmIdle:
		if h.lifetime().IsIdle(link) {
			c.refuse(observe.LimitIdle, CloseExpired)
		}
	case conns.AlarmPing:
		c.checkPing()
	}
}
