package realtime_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/plain"
)

func TestEndsConnections(t *testing.T) {
	for _, test := range []struct {
		name string
		by   realtime.Selector
		left int
	}{
		{"by session", realtime.BySession("s1"), 2},
		{"by user", realtime.ByUser("alice"), 1},
		{"all", realtime.All(), 0},
		{"by an empty session, nobody", realtime.BySession(""), 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newTestPlain(t, nil)
			first := w.open("Test-User", "alice", "Test-Session", "s1")
			w.open("Test-User", "alice", "Test-Session", "s2")
			w.open("Test-User", "bob", "Test-Session", "s3")
			w.settled(3)
			if n, err := w.plain.Disconnect(t.Context(), test.by, realtime.CloseRevoked); n != 3-test.left || err != nil {
				t.Errorf("ended: got %d, want %d", n, 3-test.left)
			}
			if test.left < 3 {
				w.wantClose(first, realtime.CloseRevoked)
			}
			for range 3 - test.left {
				w.wantEnded(realtime.CloseRevoked)
			}
			if n := w.plain.Connections(); n != test.left {
				t.Errorf("left: got %d, want %d", n, test.left)
			}
		})
	}
}

// settled waits until n connections have become active since the beginning.
func (w *testPlain) settled(n int) {
	w.t.Helper()
	for ; w.seen < n; w.seen++ {
		select {
		case <-w.active:
		case <-w.t.Context().Done():
			w.t.Fatalf("active connections: got %d, want %d", w.seen, n)
		}
	}
}

// stalled opens a socket whose peer never reads, over plain TCP.
func (w *testPlain) stalled(user string) net.Conn {
	w.t.Helper()
	conn, err := net.Dial("tcp", w.server.Listener.Addr().String())
	if err != nil {
		w.t.Fatal(err)
	}
	_ = conn.(*net.TCPConn).SetReadBuffer(4096)
	w.t.Cleanup(func() { _ = conn.Close() })
	request := "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nTest-User: " + user + "\r\n\r\n"
	if _, err := conn.Write([]byte(request)); err != nil {
		w.t.Fatal(err)
	}
	return conn
}

func TestH121_revoked_while_the_client_does_not_read(t *testing.T) {
	w := newTestPlain(t, nil)
	w.stalled("alice")
	w.settled(1)
	for range 40 { // fill the kernel's buffers, so that a frame is stuck in flight
		if _, err := w.plain.Broadcast(t.Context(), long(20_000)); err != nil {
			t.Fatal(err)
		}
	}
	w.plain.Disconnect(t.Context(), realtime.ByUser("alice"), realtime.CloseRevoked)
	w.wantEnded(realtime.CloseRevoked) // never arrives while the writer is stuck
}

func TestH173_slow_reader_is_told_and_others_live(t *testing.T) {
	w := newTestPlain(t, func(c *plain.Config) { c.Limits.QueueBytes = 100_000 })
	w.stalled("slow")
	w.settled(1)
	bob := w.open("Test-User", "bob")
	bob.SetReadLimit(-1)
	w.settled(2)
	received := 0
	for ended := false; !ended; {
		if _, err := w.plain.Broadcast(t.Context(), long(50_000)); err != nil {
			t.Fatal(err)
		}
		w.wantMessage(bob, `"`+long(50_000)+`"`)
		received++
		select {
		case reason := <-w.ended:
			if ended = true; reason.Code != realtime.CloseSlow.Code {
				t.Errorf("slow reader: got %d, want 3008", reason.Code)
			}
		default:
		}
	}
	w.send(bob, `{"type":"echo","after":true}`)
	w.wantMessage(bob, `{"type":"echo","after":true}`)
	t.Logf("bob received %d messages, the slow reader was ended", received)
}

func TestH170_handler_panics(t *testing.T) {
	w := newTestPlain(t, nil)
	alice, bob := w.open("Test-User", "alice"), w.open("Test-User", "bob")
	w.send(alice, `{"type":"panic"}`)
	w.wantClose(alice, realtime.CloseInternal)
	w.wantEnded(realtime.CloseInternal)
	w.send(bob, `{"type":"echo"}`)
	w.wantMessage(bob, `{"type":"echo"}`)
}

func TestH182_eleventh_socket_of_a_user(t *testing.T) {
	w := newTestPlain(t, nil)
	oldest := w.open("Test-User", "alice")
	for range 9 {
		w.open("Test-User", "alice")
	}
	w.settled(10)
	w.open("Test-User", "alice")
	w.settled(11)
	w.wantClose(oldest, realtime.CloseConnectionLimit)
	if n := w.plain.Connections(); n != 10 {
		t.Errorf("connections: got %d, want 10", n)
	}
}

func TestH112_revoked_between_registration_and_activation(t *testing.T) {
	var w *testPlain
	w = newTestPlain(t, func(c *plain.Config) {
		c.Recheck = func(ctx context.Context, p realtime.Principal) error {
			w.plain.Disconnect(ctx, realtime.ByUser(p.UserID), realtime.CloseRevoked) // the other side was faster
			return nil
		}
		c.Connect = func(context.Context, *plain.Conn) error {
			t.Error("a revoked connection was greeted")
			return nil
		}
	})
	w.wantClose(w.open("Test-User", "alice"), realtime.CloseRevoked)
	if n := w.plain.Connections(); n != 0 {
		t.Errorf("connections: got %d, want 0", n)
	}
}

func TestH107_no_broadcast_before_activation(t *testing.T) {
	hold, checking := make(chan struct{}), make(chan struct{})
	w := newTestPlain(t, func(c *plain.Config) {
		c.Recheck = func(context.Context, realtime.Principal) error {
			close(checking)
			<-hold
			return errors.New("not any more")
		}
	})
	conn := w.open("Test-User", "alice")
	<-checking
	if n, _ := w.plain.Broadcast(t.Context(), "for members"); n != 0 {
		t.Errorf("broadcast reached %d, want 0", n)
	}
	if n, _ := w.plain.SendToUser(t.Context(), "alice", "for members"); n != 0 {
		t.Errorf("direct message reached %d, want 0", n)
	}
	close(hold)
	_, data, err := conn.Read(t.Context())
	if websocket.CloseStatus(err) != 3503 {
		t.Errorf("first frame: got %q, %v, want close 3503", data, err)
	}
}

func TestH134_shutdown_says_goodbye(t *testing.T) {
	w := newTestPlain(t, nil)
	conn := w.open("Test-User", "alice")
	w.settled(1)
	done := make(chan error)
	go func() { done <- w.plain.Shutdown(context.WithoutCancel(t.Context())) }()
	w.wantClose(conn, realtime.CloseShutdown)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	_, response, err := w.dial("Test-User", "bob") // H029_upgrade_while_draining
	if err == nil || response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Errorf("upgrade while draining: got %v, want 503 with Retry-After", response)
	}
}
