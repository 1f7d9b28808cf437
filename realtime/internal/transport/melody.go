package transport

import (
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
)

// This is the one file that knows melody's sessions and gorilla's connections. Melody
// upgrades, reads, writes, pings and keeps the sessions. The rest of the package
// closes what it leaves open: who may upgrade, panics in handlers, writes that would
// be dropped, closes that a peer could delay for ever, and waiting for the end.

const (
	handshakeWait = 10 * time.Second
	readBytes     = 128 // of a session; what is ahead of it lies in the netConn's
	writeBytes    = 512 // of a session, while it writes
	melodyQueue   = 2   // the frame in flight and its successor; never full
)

type melodyServer struct{ *melody.Melody }

// session is melody's side of a conn.
type session struct{ *melody.Session }

func newMelody(t *Transport) melodyServer {
	m := melody.New()
	m.Config.MaxMessageSize = t.config.MaxMessageBytes
	m.Config.PingPeriod = t.config.Ping
	m.Config.PongWait = t.pongWait()
	m.Config.WriteWait = writeWait
	m.Config.MessageBufferSize = melodyQueue
	m.Upgrader = &websocket.Upgrader{
		HandshakeTimeout: handshakeWait,
		ReadBufferSize:   readBytes,
		WriteBufferSize:  writeBytes,
		WriteBufferPool:  &sync.Pool{},
		Subprotocols:     t.config.Subprotocols,
		CheckOrigin:      originWasAccepted,
	}
	m.HandleConnect(func(s *melody.Session) { connOf(s).connected(session{s}) })
	m.HandleMessage(func(s *melody.Session, frame []byte) { connOf(s).receive(frame, false) })
	m.HandleMessageBinary(func(s *melody.Session, frame []byte) { connOf(s).receive(frame, true) })
	m.HandleSentMessage(func(s *melody.Session, _ []byte) { connOf(s).guardedWrote() })
	m.HandleSentMessageBinary(func(s *melody.Session, _ []byte) { connOf(s).guardedWrote() })
	m.HandlePong(func(s *melody.Session) { connOf(s).controlFrame(0) })
	m.HandleError(func(s *melody.Session, err error) { connOf(s).sessionFailed(err) })
	return melodyServer{m}
}

// connOf finds the conn by the net.Conn below its session.
func connOf(s *melody.Session) *Conn { return s.WebsocketConnection().NetConn().(*netConn).conn }

// begin sets who answers pings, and returns the upgrade request.
func (s session) begin(ping func(data string) error) *http.Request {
	s.WebsocketConnection().SetPingHandler(ping)
	request := s.Request
	s.Request = nil // its address, header and context have served
	return request
}

func (s session) subprotocol() string { return s.WebsocketConnection().Subprotocol() }

// send gives a message to melody's writer.
func (s session) send(payload []byte, binary bool) error {
	if binary {
		return s.WriteBinary(payload)
	}
	return s.Write(payload)
}

// writeClose writes a close frame past whatever waits. It waits closeFrameWait at most
// for a frame that is being written.
func (s session) writeClose(reason Close) error {
	frame := websocket.FormatCloseMessage(reason.Code, reason.Reason)
	return s.WebsocketConnection().WriteControl(websocket.CloseMessage, frame, time.Now().Add(closeFrameWait))
}

// writePong answers a ping, unless a frame is being written for longer than that waits.
func (s session) writePong(data string) error {
	err := s.WebsocketConnection().WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(closeFrameWait))
	if errors.Is(err, websocket.ErrCloseSent) || errors.As(err, new(net.Error)) {
		return nil
	}
	return err
}

// writePing pings the peer, unless a frame is being written for longer than that waits.
func (s session) writePing() error {
	return s.WebsocketConnection().WriteControl(websocket.PingMessage, nil, time.Now().Add(closeFrameWait))
}

// Broadcast hands one message to every conn of that kind that admit admits, through
// melody's own filter, and returns how many took it. admit is asked before anything
// else of a conn is looked at, for conns whose Opened was called, and must not block;
// nil admits all. A conn that can't take the message has a Fault.
func (t *Transport) Broadcast(payload []byte, binary bool, admit func(*Conn) bool) (taken int, err error) {
	send := t.melody.BroadcastFilter
	if binary {
		send = t.melody.BroadcastBinaryFilter
	}
	m := Plain(payload)
	err = send(payload, func(s *melody.Session) bool {
		sent, writeNow := connOf(s).takeBroadcast(m, binary, admit)
		if sent {
			taken++
		}
		return writeNow
	})
	return taken, err
}

// sessionFailed takes the error with which melody's reader or writer has ended. One
// that says nothing about why leaves the reason to others, and to Lost.
func (c *Conn) sessionFailed(err error) {
	var peerClosed *websocket.CloseError
	switch {
	case errors.As(err, new(writeError)): // the conn was told
	case errors.Is(err, melody.ErrMessageBufferFull):
		c.fault(Slow)
	case errors.As(err, &peerClosed):
		c.note(Close{Code: peerClosed.Code, Reason: peerClosed.Text})
	case errors.Is(err, websocket.ErrReadLimit), errors.Is(err, errEndlessMessage):
		c.readFault(TooBig)
	case isTimeout(err):
		c.readFault(NoPong)
	}
}
