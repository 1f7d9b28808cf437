package transport_test

import (
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// TestBatch_RepliesThatCameTogetherShareAFrame: though the socket would take each alone.
func TestBatch_RepliesThatCameTogetherShareAFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hold := make(chan struct{})
		s := newServer(t, onPipe, func(s *server, _ *transport.Config) {
			s.received = func(c *transport.Conn, frame []byte) {
				if string(frame) == "first" {
					<-hold
				}
				c.Reply(frame)
				time.Sleep(holdWait / 10)
			}
		})
		c, _ := s.connect()
		c.send(frame(fin|text, "first"))
		synctest.Wait()
		c.send(frame(fin|text, "second"), frame(fin|text, "third"), frame(fin|text, "fourth"))
		synctest.Wait()
		close(hold)
		c.want(text, "first")
		c.want(text, "second\nthird\nfourth")
		c.send(frame(fin|text, "alone"))
		c.want(text, "alone")
	})
}

const holdWait = time.Millisecond

// TestBatch_NoReplyWaitsForASlowCommand: longer than a millisecond.
func TestBatch_NoReplyWaitsForASlowCommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, onPipe, func(s *server, _ *transport.Config) {
			s.received = func(c *transport.Conn, frame []byte) {
				c.Hold()
				c.Reply([]byte("first"))
				c.Reply([]byte("second"))
				time.Sleep(time.Second)
				c.Reply([]byte("third"))
				c.Hold()
				c.Reply([]byte("fourth"))
				c.Reply([]byte("fifth"))
			}
		})
		c, _ := s.connect()
		began := time.Now()
		c.send(frame(fin|text, "x"))
		c.want(text, "first\nsecond")
		if took := time.Since(began); took != time.Millisecond {
			t.Errorf("the first two: got after %s, want 1ms", took)
		}
		c.want(text, "third")
		c.want(text, "fourth\nfifth")
		if took := time.Since(began); took != time.Second {
			t.Errorf("the last: got after %s, want 1s, with the command's end", took)
		}
	})
}

// TestBatch_EnoughIsNotHeldBack: more than a frame's worth goes out at once.
func TestBatch_EnoughIsNotHeldBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, onPipe, func(s *server, _ *transport.Config) {
			s.received = func(c *transport.Conn, _ []byte) {
				c.Hold()
				for range 4 {
					c.Reply([]byte(long(20_000)))
				}
				synctest.Wait()
			}
		})
		c, _ := s.connect()
		began := time.Now()
		c.send(frame(fin|text, "x"))
		if _, got, err := c.next(); err != nil || len(got) != 60_002 || time.Since(began) != 0 {
			t.Errorf("first frame: got %d bytes after %s, %v, want 60002 at once", len(got), time.Since(began), err)
		}
	})
}

// TestH301_end_while_a_batch_is_taken_up: frames in one segment, the last of which ends
// the conn.
func TestH301_end_while_a_batch_is_taken_up(t *testing.T) {
	for name, last := range map[string]string{
		"binary":        frame(fin|bin, "x"),
		"invalid UTF-8": frame(fin|text, "\xff"),
		"peer's close":  closeFrame(1000, ""),
	} {
		t.Run(name, func(t *testing.T) {
			everywhere(t, func(t *testing.T, on network) {
				s := newServer(t, on, func(s *server, _ *transport.Config) {
					s.received = func(c *transport.Conn, frame []byte) {
						c.Hold()
						for !c.Closing() && string(frame) == "wait" {
							runtime.Gosched()
						}
						c.Hold()
						c.Reply(frame)
						c.Hold()
					}
				})
				for range 20 {
					c, o := s.connect()
					go c.send(frame(fin|text, "a"), frame(fin|text, "wait"), frame(fin|text, "b\nc"), last)
					c.answer()
					<-s.ended
					o.WaitIdle()
				}
				s.wantPanics(0)
			})
		})
	}
}

// TestH302_close_while_a_batch_waits_behind_a_slow_call: a sign-out, a drain, an abort.
func TestH302_close_while_a_batch_waits_behind_a_slow_call(t *testing.T) {
	for name, end := range map[string]func(*owner){
		"sign-out": func(o *owner) { o.Close(revoked) },
		"drain":    func(o *owner) { o.Close(draining) },
		"abort":    func(o *owner) { o.Abort() },
	} {
		t.Run(name, func(t *testing.T) {
			everywhere(t, func(t *testing.T, on network) {
				begun, release := make(chan struct{}, 10), make(chan struct{})
				s := newServer(t, on, func(s *server, _ *transport.Config) {
					s.received = func(c *transport.Conn, frame []byte) {
						c.Hold()
						begun <- struct{}{}
						<-release
						c.Hold()
						c.Reply(frame)
						c.Release()
					}
				})
				c, o := s.connect()
				c.answer()
				c.send(frame(fin|text, "slow"), frame(fin|text, "a"), frame(fin|text, "b"))
				<-begun
				end(o)
				close(release)
				<-s.ended
				o.WaitIdle()
				s.wantPanics(0)
				other, _ := s.connect()
				other.send(frame(fin|text, "hello"))
				other.want(text, "hello")
			})
		})
	}
}
