package transport_test

import (
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// TestH312_frames_faster_than_their_handler: 10 MB of them, all handled, in order, and
// never more in memory than the inbox and the sockets hold.
func TestH312_frames_faster_than_their_handler(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		const frames, size = 500, 20_000
		var at int
		var most uint64
		base := heap()
		done := make(chan struct{})
		s := newServer(t, on, func(s *server, config *transport.Config) {
			config.InboxBytes = 64 << 10
			s.received = func(_ *transport.Conn, frame []byte) {
				if want := fmt.Sprintf("%d:", at); string(frame[:len(want)]) != want {
					t.Errorf("frame: got %.10q, want %s", frame, want)
				}
				if at%100 == 50 {
					most = max(most, heap())
				}
				if at++; at == frames {
					close(done)
				}
			}
		})
		c, o := s.connect()
		for i := range frames {
			c.send(frame(fin|text, fmt.Sprintf("%d:%s", i, long(size))))
		}
		<-done
		o.WaitIdle()
		if o.Handled() != frames || o.Busy() || o.HeldBack() || o.Closing() {
			t.Errorf("got %d handled, busy %t, held back %t, closing %t, want %d and none", o.Handled(), o.Busy(), o.HeldBack(), o.Closing(), frames)
		}
		if most > base+2<<20 {
			t.Errorf("heap: got %d bytes more, want less than 2 MB", most-base)
		}
	})
}

// heap is what is in use. What traffic makes and drops while memory is collected counts
// as used, so the least of several figures is the right one.
func heap() uint64 {
	least := uint64(math.MaxUint64)
	for range 10 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		least = min(least, m.HeapAlloc)
	}
	return least
}

// blocked makes a server whose handler waits until release is closed, with a small
// inbox; sent fills it so that the reader is held back.
func blocked(t *testing.T, on network) (s *server, c *client, o *owner, release chan struct{}) {
	t.Helper()
	release = make(chan struct{})
	entered := make(chan struct{}, 4)
	s = newServer(t, on, func(s *server, config *transport.Config) {
		config.InboxBytes = 4 << 10
		s.received = func(*transport.Conn, []byte) {
			entered <- struct{}{}
			<-release
		}
	})
	c, o = s.connect()
	go c.send(frame(fin|text, long(2000)), frame(fin|text, long(2000)), frame(fin|text, long(2000)), frame(fin|text, long(2000)))
	for !o.HeldBack() {
		runtime.Gosched()
	}
	<-entered
	return s, c, o, release
}

// TestH317_end_while_the_reader_is_held_back: whatever ends the conn, its reader goes on
// and Ended is told at once, though the handler never returns.
func TestH317_end_while_the_reader_is_held_back(t *testing.T) {
	for name, end := range map[string]func(c *client, o *owner){
		"close": func(c *client, o *owner) {
			c.answer()
			o.Close(transport.Close{Code: 3503})
		},
		"close with flush": func(c *client, o *owner) {
			c.answer()
			o.Close(transport.Close{Code: 3001, Flush: true})
		},
		"abort": func(_ *client, o *owner) { o.Abort() },
		"the peer has gone, seen by a write": func(c *client, o *owner) {
			if tcp, ok := c.conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
			_ = c.conn.Close()
			for o.Send(transport.Plain([]byte("x")), transport.Counts{}) {
				runtime.Gosched()
			}
		},
	} {
		everywhere(t, func(t *testing.T, on network) {
			t.Run(name, func(t *testing.T) {
				s, c, o, release := blocked(t, on)
				end(c, o)
				<-s.ended
				if !o.Busy() {
					t.Error("the handler has returned, want it at work")
				}
				idle := make(chan struct{})
				go func() {
					o.WaitIdle()
					close(idle)
				}()
				select {
				case <-idle:
					t.Error("idle while the handler is at work")
				default:
				}
				close(release)
				<-idle
				if o.Handled() != 1 {
					t.Errorf("handled: got %d, want the one that was at work", o.Handled())
				}
			})
		})
	}
}

func TestH317_peer_gone_while_the_handler_never_returns(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		release, begun := make(chan struct{}), make(chan context.Context, 1)
		s := newServer(t, on, func(s *server, _ *transport.Config) {
			s.received = func(c *transport.Conn, _ []byte) {
				begun <- c.Context()
				<-release
			}
		})
		c, o := s.connect()
		c.send(frame(fin|text, "x"))
		ctx := <-begun
		_ = c.conn.Close()
		s.wantEnded(transport.Lost)
		<-ctx.Done()
		close(release)
		o.WaitIdle()
	})
}

// TestH312_read_deadline_of_a_peer_that_was_held_back: its pongs were not read, which is
// not its fault.
func TestH312_read_deadline_of_a_peer_that_was_held_back(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c, o, release := blocked(t, onPipe)
		go func() { _, _ = io.Copy(io.Discard, c.conn) }()
		time.Sleep(10 * time.Minute)
		if o.Closing() || !o.HeldBack() {
			t.Fatalf("after ten minutes: got closing %t, held back %t, want it held back", o.Closing(), o.HeldBack())
		}
		close(release)
		time.Sleep(30 * time.Second)
		if o.Closing() || o.Handled() != 4 {
			t.Errorf("30s after it went on: got closing %t, %d handled, want it open and 4", o.Closing(), o.Handled())
		}
		time.Sleep(10 * time.Second)
		s.wantEnded(transport.NoPong) // it never answers a ping
	})
}

// TestInbox_AFrameLargerThanTheInboxIsTaken: even when others wait behind it.
func TestInbox_AFrameLargerThanTheInboxIsTaken(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, func(_ *server, config *transport.Config) { config.InboxBytes, config.JoinFrames = 1, false })
		c, _ := s.connect()
		go func() {
			for range 10 {
				c.send(frame(fin|text, long(5000)))
			}
		}()
		for range 10 {
			c.want(text, long(5000))
		}
	})
}

func TestUrgent_FramesOvertakeThoseThatWait(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		release, urgent := make(chan struct{}), make(chan string, 10)
		s := newServerWith(t, on, func(s *server, _ *transport.Config) {
			s.received = func(*transport.Conn, []byte) { <-release }
		}, func(_ *transport.Conn, frame []byte) bool {
			urgent <- string(frame)
			return string(frame) == "pong"
		})
		c, o := s.connect()
		c.send(frame(fin|text, "slow"), frame(fin|text, "slow"), frame(fin|text, "pong"))
		for _, want := range []string{"slow", "slow", "pong"} {
			if got := <-urgent; got != want {
				t.Errorf("urgent: got %q, want %q", got, want)
			}
		}
		close(release)
		o.WaitIdle()
		if o.Handled() != 2 {
			t.Errorf("handled: got %d, want 2", o.Handled())
		}
	})
}
