package transport_test

import (
	"io"
	"runtime"
	"testing"

	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// TestH303_panics_end_their_conn_alone: wherever they happen, once.
func TestH303_panics_end_their_conn_alone(t *testing.T) {
	boom := func() { panic("boom") }
	for _, test := range []struct {
		name   string
		want   transport.Close
		change func(*server, *transport.Config)
		urgent func(*transport.Conn, []byte) bool
		do     func(s *server, c *client, o *owner)
	}{
		{name: "received", change: func(s *server, _ *transport.Config) { s.received = func(*transport.Conn, []byte) { boom() } }},
		{name: "opened", change: func(s *server, _ *transport.Config) {
			first := true
			s.onOpened = func(c *transport.Conn) {
				if first {
					first = false
					s.opened <- ownerOf(c)
					boom()
				}
			}
		}},
		{name: "urgent", urgent: func(_ *transport.Conn, frame []byte) bool {
			if string(frame) == "x" {
				boom()
			}
			return false
		}},
		{name: "ended", want: revoked,
			change: func(s *server, _ *transport.Config) {
				s.onEnded = func(*transport.Conn, transport.Close) { boom() }
			},
			do: func(_ *server, _ *client, o *owner) { o.Close(revoked) }},
		{name: "fault", want: transport.BadRequest,
			change: func(s *server, _ *transport.Config) { s.fault = func(*transport.Conn, transport.Close) { boom() } },
			do:     func(_ *server, c *client, _ *owner) { c.send(frame(fin|bin, "x")) }},
		{name: "admit", do: func(s *server, _ *client, o *owner) {
			_, _ = s.transport.Broadcast([]byte("x"), false, func(c *transport.Conn) bool {
				if c == &o.Conn {
					boom()
				}
				return false
			})
		}},
		{name: "activate", do: func(_ *server, _ *client, o *owner) { o.ActivateWith([]byte("x"), func() bool { panic("boom") }) }},
	} {
		everywhere(t, func(t *testing.T, on network) {
			t.Run(test.name, func(t *testing.T) {
				s := newServerWith(t, on, test.change, test.urgent)
				c, o := s.connect()
				go func() { _, _ = io.Copy(c.conn, c.in) }()
				if test.do == nil {
					test.do = func(_ *server, c *client, _ *owner) { c.send(frame(fin|text, "x")) }
				}
				test.do(s, c, o)
				if test.want.Code == 0 {
					test.want = transport.Internal
				}
				s.wantEnded(test.want)
				o.WaitIdle()
				s.group.Wait()
				s.onEnded, s.received = nil, nil
				other, _ := s.connect()
				other.send(frame(fin|text, "hello"))
				other.want(text, "hello")
				_ = other.conn.Close()
				<-s.ended
				s.group.Wait()
				s.wantPanics(1)
			})
		})
	}
}

// TestGoexit_InReceivedEndsTheConn: a handler under test may call t.FailNow.
func TestGoexit_InReceivedEndsTheConn(t *testing.T) {
	s := newServer(t, onTCP, func(s *server, _ *transport.Config) { s.received = func(*transport.Conn, []byte) { runtime.Goexit() } })
	c, o := s.connect()
	c.send(frame(fin|text, "x"))
	c.wantClose(transport.Internal.Code)
	s.wantEnded(transport.Internal)
	o.WaitIdle()
	s.wantPanics(0)
}
