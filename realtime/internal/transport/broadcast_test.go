package transport_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// TestBroadcast_NeverSeesAConnBeforeOpened: admit is asked first, and only for conns
// whose Opened was called. The race detector watches the rest.
func TestBroadcast_NeverSeesAConnBeforeOpened(t *testing.T) {
	var opened sync.Map
	s := newServer(t, onTCP, func(s *server, config *transport.Config) {
		config.Binary = func(string, *http.Request) bool { return true }
		s.onOpened = func(c *transport.Conn) { opened.Store(c, true) }
	})
	var stop atomic.Bool
	var broadcasts sync.WaitGroup
	for range 2 {
		broadcasts.Go(func() {
			for !stop.Load() {
				_, _ = s.transport.Broadcast([]byte("x"), true, func(c *transport.Conn) bool {
					_, known := opened.Load(c)
					return known && c.Binary()
				})
			}
		})
	}
	for range 30 {
		c, _ := s.connect()
		if opcode, got, err := c.next(); err != nil || opcode != bin || got == "" {
			t.Fatalf("got %d %q, %v, want the broadcast", opcode, got, err)
		}
		_ = c.conn.Close()
		<-s.ended
	}
	stop.Store(true)
	broadcasts.Wait()
	s.group.Wait()
	s.wantSettled()
	s.wantPanics(0)
}

func TestBroadcast_ConnIsAskedOnlyOnceOpened(t *testing.T) {
	hold, deciding := make(chan struct{}), make(chan struct{})
	s := newServer(t, onTCP, func(_ *server, config *transport.Config) {
		config.Binary = func(string, *http.Request) bool { // melody knows the session by now
			close(deciding)
			<-hold
			return true
		}
	})
	connected := make(chan *client)
	go func() {
		c, _ := s.handshakes("", "")
		connected <- c
	}()
	<-deciding
	asked := 0
	admit := func(*transport.Conn) bool { asked++; return true }
	for _, binary := range []bool{false, true} {
		if taken, err := s.transport.Broadcast([]byte("early"), binary, admit); taken != 0 || err != nil {
			t.Errorf("broadcast: got %d, %v, want nobody", taken, err)
		}
	}
	if asked != 0 {
		t.Errorf("asked: got %d times, want never", asked)
	}
	close(hold)
	c := <-connected
	<-s.opened
	if taken, _ := s.transport.Broadcast([]byte("text"), false, admit); taken != 0 || asked != 1 {
		t.Errorf("in text: got %d taken, %d asked, want none and one", taken, asked)
	}
	if taken, _ := s.transport.Broadcast([]byte("late"), true, admit); taken != 1 {
		t.Errorf("in binary: got %d, want 1", taken)
	}
	c.want(bin, "late")
}

func TestBroadcast_KeepsOrderWithSends(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, func(_ *server, config *transport.Config) { config.JoinFrames = false })
		c, o := s.connect()
		for range 100 {
			if taken, err := s.transport.Broadcast([]byte("all"), false, nil); taken != 1 || err != nil {
				t.Fatalf("broadcast: got %d, %v, want 1", taken, err)
			}
			o.Send(transport.Plain([]byte("one")), transport.Counts{Recoverable: 1})
		}
		for range 100 {
			c.want(text, "all")
			c.want(text, "one")
		}
		_ = c.conn.Close()
		<-s.ended
		s.group.Wait()
		if got, want := s.ledger.Snapshot(), (transport.Snapshot{Attempted: 200, Delivered: 200}); got.Attempted != want.Attempted || !got.Settled() {
			t.Errorf("ledger: got %+v, want %+v", got, want)
		}
	})
}
