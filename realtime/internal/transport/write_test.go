package transport_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// TestSend_SocketsThatTakeLittleGetAllInOrder: frames that go out in parts, through the
// socket and through melody's writer in turns, arrive whole and in order.
func TestSend_SocketsThatTakeLittleGetAllInOrder(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, func(_ *server, config *transport.Config) { config.QueueBytes, config.JoinFrames = 1<<30, false })
		c, o := s.connect()
		const messages = 400
		filler := long(20_000) // together more than the sockets' buffers
		for i := range messages {
			payload := []byte(fmt.Sprintf("%d:%s", i, filler))
			m := transport.Plain(payload)
			if i%2 == 0 {
				m = transport.Shared(payload, false)
			}
			if m.Len() != len(payload) || !o.Send(m, transport.Counts{AtMostOnce: 1, Recoverable: 1}) {
				t.Fatalf("message %d was not taken", i)
			}
		}
		for i := range messages {
			c.want(text, fmt.Sprintf("%d:%s", i, filler))
		}
		for s.ledger.Delivered.Load() < 2*messages {
			runtime.Gosched() // the last is written, and is counted next
		}
		if got, want := s.ledger.Snapshot(), (transport.Snapshot{Attempted: 2 * messages, Delivered: 2 * messages}); got != want {
			t.Errorf("ledger: got %+v, want %+v", got, want)
		}
	})
}

func TestSend_WhatWaitsIsJoined(t *testing.T) {
	for _, binary := range []bool{false, true} {
		everywhere(t, func(t *testing.T, on network) {
			s := newServer(t, on, func(_ *server, config *transport.Config) {
				config.Binary = func(string, *http.Request) bool { return binary }
			})
			c, o := s.connect()
			fill(o)
			separator := "\n"
			if binary {
				separator = ""
			}
			want := "waits"
			for range 100 {
				o.Send(transport.Shared([]byte("small"), binary), transport.Counts{AtMostOnce: 1})
				want += separator + "small"
			}
			opcode := byte(text)
			if binary {
				opcode = bin
			}
			c.want(opcode, long(24<<20))
			c.want(opcode, want)
		})
	}
}

func TestH173_slow_reader_has_a_fault_and_others_live(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, func(_ *server, config *transport.Config) { config.QueueBytes = 100_000 })
		_, slow := s.connect()
		quick, o := s.connect()
		for !slow.Closing() {
			if _, err := s.transport.Broadcast([]byte(long(50_000)), false, nil); err != nil {
				t.Fatal(err)
			}
			for opcode, got, err := quick.next(); err != nil || opcode != text || got != long(50_000); {
				t.Fatalf("the quick one: got %d of %d bytes, %v", opcode, len(got), err)
			}
		}
		if got := <-s.faults; got != transport.Slow {
			t.Errorf("fault: got %+v, want slow", got)
		}
		s.wantEnded(transport.Slow)
		if o.Closing() {
			t.Error("the quick one was ended as well")
		}
		s.wantSettled()
	})
}

// TestReply_IsNotBoundedByTheQueue: nor do its bytes count against pushes.
func TestReply_IsNotBoundedByTheQueue(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, func(_ *server, config *transport.Config) { config.QueueBytes = 200_000 })
		c, o := s.connect()
		fill(o)
		for range 10 {
			if !o.Reply([]byte(long(300_000))) {
				t.Fatal("a reply was not taken")
			}
		}
		if !o.Send(transport.Plain([]byte("push")), transport.Counts{}) {
			t.Error("a push was not taken behind replies")
		}
		for {
			_, got, err := c.next()
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(got, "push") {
				break
			}
		}
		if len(s.faults) != 0 || o.Closing() {
			t.Errorf("faults: got %d, closing %t, want none", len(s.faults), o.Closing())
		}
	})
}

// TestAwaitRoom_FollowsThePeer: a worker that awaits room before each reply never has
// more than half of the queue and one reply waiting.
func TestAwaitRoom_FollowsThePeer(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		const replies, size = 200, 50_000
		var most int
		s := newServer(t, on, func(s *server, config *transport.Config) {
			config.QueueBytes = 200_000
			s.received = func(c *transport.Conn, _ []byte) {
				c.Hold()
				for range replies {
					if !c.AwaitRoom(c.Context()) {
						t.Error("no room on an open conn")
						return
					}
					c.Reply([]byte(long(size)))
					most = max(most, c.QueueBytes())
				}
			}
		})
		c, o := s.connect()
		c.send(frame(fin|text, "x"))
		got := 0
		for got < replies*size {
			_, payload, err := c.next()
			if err != nil {
				t.Fatal(err)
			}
			got += strings.Count(payload, "x")
		}
		o.WaitIdle()
		if most > 100_000+size {
			t.Errorf("queue: got %d bytes, want at most %d", most, 100_000+size)
		}
	})
}

func TestAwaitRoom_EndsWithTheConnAndItsContext(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, nil)
		_, o := s.connect()
		fill(o)
		o.Reply([]byte(long(2 << 20)))
		ctx, cancel := context.WithCancel(t.Context())
		got := make(chan bool, 2)
		go func() { got <- o.AwaitRoom(ctx) }()
		cancel()
		if <-got {
			t.Error("after the context: got room, want none")
		}
		go func() { got <- o.AwaitRoom(t.Context()) }()
		go o.Abort()
		if <-got {
			t.Error("after the end: got room, want none")
		}
	})
}

func TestAwaitRoom_PeerThatTakesNothingIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, onPipe, nil)
		_, o := s.connect()
		fill(o)
		o.Reply([]byte(long(2 << 20)))
		began := time.Now()
		if o.AwaitRoom(t.Context()) {
			t.Error("got room, want none")
		}
		if took := time.Since(began); took != 15*time.Second {
			t.Errorf("ended after %s, want 10s", took)
		}
		s.wantEnded(transport.Slow)
	})
}

// TestWrite_LargeFrameArrivesOverASlowLine: 2 MB over 1 Mbit/s take 17 seconds, more
// than a write may take without progress.
func TestWrite_LargeFrameArrivesOverASlowLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, onPipe, func(_ *server, config *transport.Config) { config.QueueBytes = 4 << 20 })
		c, o := s.connect()
		const size = 2 << 20
		c.in.Reset(throttled{c.conn, 125_000})
		began := time.Now()
		o.Send(transport.Plain([]byte(long(size))), transport.Counts{AtMostOnce: 1})
		c.want(text, long(size))
		if took := time.Since(began); took < 16*time.Second {
			t.Errorf("took %s, want 17 seconds", took)
		}
		synctest.Wait()
		if o.Closing() || s.ledger.Snapshot().Delivered != 1 {
			t.Errorf("got closing %t, ledger %+v, want it open and one delivered", o.Closing(), s.ledger.Snapshot())
		}
	})
}

// TestWrite_PeerThatStopsIsCut: ten seconds after the last that it took, in the middle
// of a frame.
func TestWrite_PeerThatStopsIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, onPipe, func(_ *server, config *transport.Config) { config.QueueBytes = 4 << 20 })
		c, o := s.connect()
		o.Send(transport.Plain([]byte(long(2<<20))), transport.Counts{AtMostOnce: 1})
		if _, err := io.ReadFull(throttled{c.conn, 125_000}, make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		s.wantEnded(transport.Slow)
		if took := time.Since(began); took < 14*time.Second || took > 15*time.Second {
			t.Errorf("cut after %s, want 10s", took)
		}
		if rest, _ := io.ReadAll(c.conn); len(rest) > 64<<10 {
			t.Errorf("after the cut: got %d bytes", len(rest))
		}
		if got := s.ledger.Snapshot(); got.Dropped != 1 || !got.Settled() {
			t.Errorf("ledger: got %+v, want one dropped", got)
		}
	})
}

// throttled reads so many bytes a second.
type throttled struct {
	conn net.Conn
	rate int
}

func (r throttled) Read(p []byte) (int, error) {
	n, err := r.conn.Read(p[:min(len(p), r.rate/10)])
	time.Sleep(time.Duration(n) * time.Second / time.Duration(r.rate))
	return n, err
}

// TestWrite_PongIsLeftOutBehindALargeFrame: and the next is answered (RFC 6455,
// section 5.5.3).
func TestWrite_PongIsLeftOutBehindALargeFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, onPipe, func(_ *server, config *transport.Config) { config.QueueBytes = 4 << 20 })
		c, o := s.connect()
		c.in.Reset(throttled{c.conn, 125_000})
		o.Send(transport.Plain([]byte(long(1<<20))), transport.Counts{})
		synctest.Wait()
		c.send(frame(fin|ping, "a"))
		c.want(text, long(1<<20))
		c.send(frame(fin|ping, "b"))
		c.want(pong, "b")
		if o.Closing() {
			t.Error("the peer was ended")
		}
	})
}

// TestActivateWith_ReplyComesFirst: before all that is sent once activation has begun.
func TestActivateWith_ReplyComesFirst(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, func(_ *server, config *transport.Config) { config.JoinFrames = false })
		c, o := s.connect()
		var others sync.WaitGroup
		active := o.ActivateWith([]byte("reply"), func() bool {
			for range 10 {
				others.Go(func() { o.Send(transport.Plain([]byte("push")), transport.Counts{AtMostOnce: 1}) })
			}
			others.Wait() // no lock is held that they would wait for
			return true
		})
		if !active {
			t.Error("active: got false, want true")
		}
		c.want(text, "reply")
		for range 10 {
			c.want(text, "push")
		}
	})
}

func TestActivateWith_RefusedActivationTakesTheReplyBack(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, func(_ *server, config *transport.Config) { config.JoinFrames = false })
		c, o := s.connect()
		if o.ActivateWith([]byte("reply"), func() bool {
			o.Reply([]byte("sorry"))
			return false
		}) {
			t.Error("active: got true, want false")
		}
		c.want(text, "sorry")
		if o.QueueBytes() != 0 {
			t.Errorf("queue: got %d bytes, want none", o.QueueBytes())
		}
		// A close in order during an activation that fails is not held up.
		o.ActivateWith([]byte("reply"), func() bool {
			o.Close(draining)
			return false
		})
		c.wantCloseOf(draining)
		s.wantEnded(draining)
		if o.ActivateWith([]byte("reply"), func() bool {
			t.Error("activated after the end")
			return true
		}) {
			t.Error("active after the end")
		}
	})
}
