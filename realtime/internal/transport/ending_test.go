package transport_test

import (
	"context"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/transport"
)

var (
	revoked  = transport.Close{Code: 3503, Reason: "signed out"}
	draining = transport.Close{Code: 3001, Reason: "shutdown", Flush: true}
)

func TestClose_FirstReasonCountsAndIsTold(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, nil)
		c, o := s.connect()
		go func() {
			o.Close(revoked)
			o.Close(transport.Slow)
			o.Close(draining)
		}()
		c.wantCloseOf(revoked)
		s.wantEnded(revoked)
		if o.Send(transport.Plain([]byte("x")), transport.Counts{AtMostOnce: 1}) || o.Reply([]byte("x")) {
			t.Error("a message was taken after the end")
		}
		s.wantSettled()
	})
}

// TestH318_closes_that_may_not_be_sent: the peer is told something valid.
func TestH318_closes_that_may_not_be_sent(t *testing.T) {
	wide := strings.Repeat("ä", 100)
	for _, test := range []struct{ give, want transport.Close }{
		{transport.Close{Code: 0}, transport.Internal},
		{transport.Close{Code: 999}, transport.Internal},
		{transport.Close{Code: 1000, Reason: "bye"}, transport.Close{Code: 1000, Reason: "bye"}},
		{transport.Close{Code: 1001}, transport.Close{Code: 1001}},
		{transport.Close{Code: 1002}, transport.Internal},
		{transport.Close{Code: 1004}, transport.Internal},
		{transport.Close{Code: 1005}, transport.Internal},
		{transport.Close{Code: 1006}, transport.Internal},
		{transport.Close{Code: 1007}, transport.Close{Code: 1007}},
		{transport.Close{Code: 1011}, transport.Close{Code: 1011}},
		{transport.Close{Code: 1012}, transport.Internal},
		{transport.Close{Code: 1015}, transport.Internal},
		{transport.Close{Code: 2999}, transport.Internal},
		{transport.Close{Code: 3000}, transport.Close{Code: 3000}},
		{transport.Close{Code: 4999, Flush: true}, transport.Close{Code: 4999}},
		{transport.Close{Code: 5000}, transport.Internal},
		{transport.Close{Code: 70000}, transport.Internal},
		{transport.Close{Code: -1}, transport.Internal},
		{transport.Close{Code: 4000, Reason: long(130)}, transport.Close{Code: 4000, Reason: long(123)}},
		{transport.Close{Code: 4000, Reason: wide}, transport.Close{Code: 4000, Reason: wide[:122]}},
		{transport.Close{Code: 4000, Reason: "\xff"}, transport.Close{Code: 4000, Reason: "\uFFFD"}},
	} {
		s := newServer(t, onTCP, nil)
		c, o := s.connect()
		o.Close(test.give)
		c.wantCloseOf(test.want)
		<-s.ended
	}
}

func TestClose_BeforeTheUpgradeIsAnswered(t *testing.T) {
	for _, reason := range []transport.Close{revoked, draining} {
		everywhere(t, func(t *testing.T, on network) {
			s := newServer(t, on, func(s *server, _ *transport.Config) {
				s.before = func(o *owner) { o.Close(reason) }
				s.onOpened = func(c *transport.Conn) {
					if !c.Closing() || c.Context().Err() == nil {
						t.Error("opened: not closing, want it to know")
					}
				}
			})
			c, _ := s.connect()
			c.wantCloseOf(reason)
			s.wantEnded(reason)
		})
	}
}

func TestAbort_BeforeTheUpgradeIsAnswered(t *testing.T) {
	s := newServer(t, onTCP, func(s *server, _ *transport.Config) { s.before = func(o *owner) { o.Abort() } })
	c, _ := s.handshakes("", "")
	if _, _, err := c.next(); err == nil {
		t.Error("the socket is open")
	}
	<-s.opened
	s.wantEnded(transport.Lost)
}

func TestH152_peer_ignores_our_close(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, nil)
		c, o := s.connect()
		o.Close(revoked)
		for {
			if _, _, err := c.next(); err != nil { // it never answers the close frame
				break
			}
		}
		s.wantEnded(revoked)
	})
}

func TestH153_half_close_and_reset(t *testing.T) {
	for name, hangUp := range map[string]func(*net.TCPConn) error{
		"half-close": (*net.TCPConn).CloseWrite,
		"reset": func(conn *net.TCPConn) error {
			_ = conn.SetLinger(0)
			return conn.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, onTCP, nil)
			c, _ := s.connect()
			if err := hangUp(c.conn.(*net.TCPConn)); err != nil {
				t.Fatal(err)
			}
			s.wantEnded(transport.Lost)
		})
	}
}

// stuck is more than the kernel takes for a peer that does not read.
var stuck = transport.Plain([]byte(long(24 << 20)))

// fill makes a frame stick in flight and something wait behind it.
func fill(o *owner) {
	o.Send(stuck, transport.Counts{AtMostOnce: 1})
	o.Send(transport.Plain([]byte("waits")), transport.Counts{AtMostOnce: 1})
}

func TestH121_closed_while_the_peer_does_not_read(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, nil)
		_, o := s.connect()
		fill(o)
		began := time.Now()
		o.Close(revoked)
		s.wantEnded(revoked)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("gone after %s, want one second", took)
		}
		s.wantSettled()
	})
}

func TestClose_FlushLetsTheQueueOutFirst(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, nil)
		c, o := s.connect()
		var want string
		for i := range 8 {
			message := string(rune('a'+i)) + long(70_000)
			o.Send(transport.Plain([]byte(message)), transport.Counts{Recoverable: 1})
			want += message
		}
		o.Close(draining)
		var got string
		for len(got) < len(want) {
			_, payload, err := c.next()
			if err != nil {
				t.Fatal(err)
			}
			got += payload
		}
		if got != want {
			t.Error("messages: got others, want those that were sent, in order")
		}
		c.wantCloseOf(draining)
		s.wantEnded(draining)
		if got, want := s.ledger.Snapshot(), (transport.Snapshot{Attempted: 8, Delivered: 8}); got != want {
			t.Errorf("ledger: got %+v, want %+v", got, want)
		}
	})
}

// TestClose_RevokedDuringADrain: what waits must not go out to somebody who was signed
// out, and the end does not take as long as a drain may.
func TestClose_RevokedDuringADrain(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, nil)
		c, o := s.connect()
		fill(o)
		o.Send(transport.Plain([]byte("secret")), transport.Counts{AtMostOnce: 1})
		o.Close(draining)
		began := time.Now()
		o.Close(revoked)
		o.Close(draining) // changes nothing
		if o.QueueBytes() != 0 {
			t.Errorf("queue: got %d bytes, want it dropped", o.QueueBytes())
		}
		all := make(chan string)
		go func() {
			data, _ := io.ReadAll(c.conn)
			all <- string(data)
		}()
		s.wantEnded(revoked)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("gone after %s, want one second", took)
		}
		if strings.Contains(<-all, "secret") {
			t.Error("what waited went out after the second close")
		}
		s.wantSettled()
	})
}

func TestClose_FlushIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, onPipe, nil)
		_, o := s.connect()
		fill(o)
		began := time.Now()
		o.Close(draining)
		s.wantEnded(draining)
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("gone after %s, want 5s", took)
		}
	})
}

// TestClose_NothingFollowsTheCloseFrame: whatever is sent meanwhile.
func TestClose_NothingFollowsTheCloseFrame(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, nil)
		for range 20 {
			c, o := s.connect()
			stopped := make(chan struct{})
			go func() {
				defer close(stopped)
				for !o.Closing() {
					o.Send(transport.Plain([]byte("1")), transport.Counts{AtMostOnce: 1})
					runtime.Gosched()
				}
				for range 100 {
					o.Send(transport.Plain([]byte("1")), transport.Counts{AtMostOnce: 1})
				}
			}()
			if _, _, err := c.next(); err != nil {
				t.Fatal(err)
			}
			go o.Close(revoked)
			c.wantCloseOf(revoked)
			if n, _ := io.Copy(io.Discard, c.in); n != 0 {
				t.Errorf("after the close frame: got %d bytes, want none", n)
			}
			<-stopped
			s.wantEnded(revoked)
		}
		s.wantSettled()
	})
}

func TestContext_EndsWithTheConnAndNeverChains(t *testing.T) {
	type key struct{}
	s := newServer(t, onTCP, nil)
	_, o := s.connect()
	base := o.Base()
	if o.Context() != base {
		t.Error("context: got another, want that of the upgrade")
	}
	for i := range 3 {
		o.SetContext(context.WithValue(o.Base(), key{}, i))
	}
	if got := o.Context().Value(key{}); got != 2 || o.Base() != base {
		t.Errorf("got %v and base unchanged %t, want 2 and true", got, o.Base() == base)
	}
	o.Close(revoked)
	<-o.Context().Done()
	<-o.Base().Done()
	s.wantEnded(revoked)
}

// TestClose_NothingFollowsTheLibrarysOwn: gorilla writes the close frame for a frame
// that RFC 6455 forbids by itself, while others send.
func TestClose_NothingFollowsTheLibrarysOwn(t *testing.T) {
	for range 30 {
		s := newServer(t, onTCP, nil)
		c, o := s.connect()
		go func() {
			for o.Send(transport.Plain([]byte("x")), transport.Counts{}) {
				runtime.Gosched()
			}
		}()
		c.send(frame(fin|0x3, "x")) // an opcode that is reserved
		for closed := false; ; {
			opcode, _, err := c.next()
			if err != nil {
				break
			}
			if closed {
				t.Fatalf("behind the close frame: got a frame of opcode %d, want nothing", opcode)
			}
			closed = opcode == closes
		}
	}
}
