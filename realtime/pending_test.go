package realtime_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/plain"
)

// withPending lets pending connections in; the token is the user's name.
func withPending(c *plain.Config) {
	c.Limits.MessagesPerSecond, c.Limits.MessageBurst = 1e6, 1e6
	c.Pending = func(ctx context.Context) (realtime.PendingInfo, bool) {
		who, pending := ctx.Value(pendingKey{}).(realtime.PendingInfo)
		return who, pending
	}
	c.Verify = func(ctx context.Context, token string) (context.Context, error) {
		switch token {
		case "expired":
			return nil, realtime.ErrTokenExpired
		case "away":
			return nil, realtime.ErrCheckUnavailable
		case "alice", "bob":
			return context.WithValue(ctx, principalKey{}, realtime.Principal{UserID: token}), nil
		case "forgotten":
			return ctx, nil
		}
		return nil, errors.New("refused")
	}
	c.Connect = func(ctx context.Context, conn *plain.Conn) error {
		return conn.Send(ctx, map[string]string{"type": "welcome", "user": conn.Principal().UserID})
	}
}

func pingThrough(w *testPlain, conn *websocket.Conn) {
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Second)
	defer cancel()
	_ = conn.Ping(ctx) // the pong is read by nobody; sending is what counts
}

func TestAuthenticatesWithTheFirstMessage(t *testing.T) {
	w := newTestPlain(t, withPending)
	conn := w.open("Test-Pending", "1.2.3.4")
	if n, _ := w.plain.Broadcast(t.Context(), "for members"); n != 0 { // H107_nothing_before
		t.Errorf("H107: a pending connection received a broadcast")
	}
	if got := w.plain.Stats().Pending; got != 1 {
		t.Errorf("pending: got %d, want 1", got)
	}
	w.send(conn, `{"type":"authenticate","token":"alice"}`)
	w.wantMessage(conn, `{"type":"welcome","user":"alice"}`)
	w.send(conn, `{"type":"echo","n":1}`)
	w.wantMessage(conn, `{"type":"echo","n":1}`)
	if n, _ := w.plain.SendToUser(t.Context(), "alice", "hello"); n != 1 {
		t.Errorf("to alice: got %d, want 1", n)
	}
	if got := w.plain.Stats().Pending; got != 0 {
		t.Errorf("pending: got %d, want 0", got)
	}
	w.plain.Disconnect(t.Context(), realtime.ByUser("alice"), realtime.CloseRevoked)
	w.wantClose(conn, realtime.CloseRevoked)
}

func TestFirstMessagesThatEndTheConnection(t *testing.T) {
	for _, test := range []struct {
		name    string
		message string
		want    realtime.Close
	}{
		{"H098 over 16 KiB", `{"type":"authenticate","token":"` + long(17_000) + `"}`, realtime.CloseTooBig},
		{"H099 not JSON", `token`, realtime.CloseBadRequest},
		{"H099 empty", ``, realtime.CloseBadRequest},
		{"H099 null", `null`, realtime.CloseBadRequest},
		{"H099 a list", `["authenticate"]`, realtime.CloseBadRequest},
		{"H099 trailing garbage", `{"type":"authenticate","token":"alice"} x`, realtime.CloseBadRequest},
		{"H100 another message first", `{"type":"echo"}`, realtime.CloseBadRequest},
		{"H100 a message that would panic", `{"type":"panic"}`, realtime.CloseBadRequest},
		{"H101 a refused token", `{"type":"authenticate","token":"mallory"}`, realtime.CloseInvalidToken},
		{"H101 no token", `{"type":"authenticate"}`, realtime.CloseBadRequest},
		{"a verdict without a principal", `{"type":"authenticate","token":"forgotten"}`, realtime.CloseInvalidToken},
		{"H101 an expired token", `{"type":"authenticate","token":"expired"}`, realtime.CloseExpired},
		{"no verdict to be had", `{"type":"authenticate","token":"away"}`, realtime.CloseInternal},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newTestPlain(t, withPending)
			conn := w.open("Test-Pending", "1.2.3.4")
			w.send(conn, test.message)
			if strings.Contains(test.name, "expired") {
				w.wantMessage(conn, `{"type":"error","code":"token_expired"}`)
			}
			w.wantClose(conn, test.want)
			if n := w.plain.Connections(); n != 0 {
				t.Errorf("connections: got %d, want 0", n)
			}
		})
	}
	t.Run("H111 binary first", func(t *testing.T) {
		w := newTestPlain(t, withPending)
		conn := w.open("Test-Pending", "1.2.3.4")
		if err := conn.Write(t.Context(), websocket.MessageBinary, []byte(`{"type":"authenticate","token":"alice"}`)); err != nil {
			t.Fatal(err)
		}
		w.wantClose(conn, realtime.CloseBadRequest)
	})
	t.Run("H105 a second authentication", func(t *testing.T) {
		w := newTestPlain(t, withPending)
		conn := w.open("Test-Pending", "1.2.3.4")
		w.send(conn, `{"type":"authenticate","token":"alice"}`)
		w.wantMessage(conn, `{"type":"welcome","user":"alice"}`)
		w.send(conn, `{"type":"authenticate","token":"bob"}`)
		w.wantClose(conn, realtime.CloseBadRequest)
	})
}

func TestH095_a_silent_connection_ends_after_ten_seconds(t *testing.T) {
	for name, do := range map[string]func(w *testPlain, conn *websocket.Conn){
		"it says nothing": func(*testPlain, *websocket.Conn) {},
		"it pings":        pingThrough,
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, withPending, func(t *testing.T, w *testPlain) {
				conn, began := w.open("Test-Pending", "1.2.3.4"), time.Now()
				go func() {
					for range 4 {
						time.Sleep(2 * time.Second)
						do(w, conn)
					}
				}()
				w.wantClose(conn, realtime.CloseStale)
				if took := time.Since(began); took != 10*time.Second {
					t.Errorf("ended after %s, want 10s", took)
				}
				time.Sleep(10 * time.Second)
			})
		})
	}
}

func TestH097_an_unfinished_first_message(t *testing.T) {
	bubble(t, withPending, func(t *testing.T, w *testPlain) {
		conn, began := w.open("Test-Pending", "1.2.3.4"), time.Now()
		writer, err := conn.Writer(t.Context(), websocket.MessageText)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := writer.Write([]byte(`{"type":"authenticate",` + long(5000))); err != nil {
			t.Fatal(err)
		}
		w.wantClose(conn, realtime.CloseStale)
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("ended after %s, want 10s", took)
		}
	})
}

// refuses ends a pending connection and waits until its place is free; meanwhile
// room is kept for those who are known.
func (w *testPlain) refuses(pending *websocket.Conn) {
	w.t.Helper()
	known := w.open("Test-User", "alice")
	w.wantMessage(known, `{"type":"welcome","user":"alice"}`)
	w.send(pending, `garbage`)
	w.wantClose(pending, realtime.CloseBadRequest)
	for w.plain.Stats().Closed[realtime.CloseBadRequest.Code] == 0 {
		w.send(known, `{"type":"echo"}`)
		w.wantMessage(known, `{"type":"echo"}`)
	}
}

func TestH108_one_ipv6_network_counts_as_one_address(t *testing.T) {
	w := newTestPlain(t, func(c *plain.Config) {
		withPending(c)
		c.Limits.PendingPerAddress = 2
	})
	w.open("Test-Pending", "2001:db8::1")
	last := w.open("Test-Pending", "2001:db8::2")
	if err := w.plain.AdmitPending("2001:db8::3"); !errors.Is(err, realtime.ErrPendingPerAddress) {
		t.Errorf("a third: got %v, want ErrPendingPerAddress", err)
	}
	if err := w.plain.AdmitPending("2001:db8:0:1::1"); err != nil {
		t.Errorf("of another network: got %v, want room", err)
	}
	w.refuses(last)
	if err := w.plain.AdmitPending("2001:db8::3"); err != nil {
		t.Errorf("after one has left: got %v, want room", err)
	}
}

func TestH108_H109_pending_connections_are_counted(t *testing.T) {
	w := newTestPlain(t, func(c *plain.Config) {
		withPending(c)
		c.Limits.Pending, c.Limits.PendingPerAddress, c.Limits.Connections = 3, 2, 1
	})
	w.open("Test-Pending", "a")
	last := w.open("Test-Pending", "a")
	if _, response, err := w.dial("Test-Pending", "a"); err == nil || response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") == "" {
		t.Errorf("H108 a third from one address: got %v, want 429 with Retry-After", response)
	}
	if err := w.plain.AdmitPending("a"); !errors.Is(err, realtime.ErrPendingPerAddress) {
		t.Errorf("H108 ask: got %v", err)
	}
	w.open("Test-Pending", "b")
	if _, response, err := w.dial("Test-Pending", "c"); err == nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("H109 a fourth in all: got %v, want 503", response)
	}
	if err := w.plain.AdmitPending("c"); !errors.Is(err, realtime.ErrPending) {
		t.Errorf("H109 ask: got %v", err)
	}
	w.refuses(last)
	w.open("Test-Pending", "a")
}

func TestPendingConnectionsAreDrained(t *testing.T) {
	w := newTestPlain(t, withPending)
	conn := w.open("Test-Pending", "a")
	done := make(chan error)
	go func() { done <- w.plain.Shutdown(context.WithoutCancel(t.Context())) }()
	w.wantClose(conn, realtime.CloseShutdown)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := w.plain.AdmitPending("a"); !errors.Is(err, realtime.ErrClosed) {
		t.Errorf("ask while draining: got %v", err)
	}
}

func TestH113_ends_when_the_token_does(t *testing.T) {
	bubble(t, nil, func(t *testing.T, w *testPlain) {
		conn, began := w.open("Test-User", "alice", "Test-Life", "1h"), time.Now()
		go func() {
			for range 150 { // keep the connection alive meanwhile
				time.Sleep(25 * time.Second)
				_ = conn.Write(w.t.Context(), websocket.MessageText, []byte(`{"type":"nothing"}`))
			}
		}()
		w.wantClose(conn, realtime.CloseExpired)
		if took := time.Since(began); took < time.Hour || took > time.Hour+time.Second {
			t.Errorf("ended after %s, want 1h", took)
		}
		time.Sleep(time.Hour)
	})
}

func TestH153_a_peer_that_answers_no_ping(t *testing.T) {
	bubble(t, nil, func(t *testing.T, w *testPlain) {
		w.open("Test-User", "alice") // it never reads, so it never answers
		began := time.Now()
		w.wantEnded(realtime.CloseNoPong)
		if took := time.Since(began); took > 46*time.Second {
			t.Errorf("ended after %s, want at most ping interval + pong timeout + write timeout", took)
		}
	})
}
