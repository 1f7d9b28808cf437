package realtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/plain"
)

func TestRefusesWhoIsNotLetIn(t *testing.T) {
	for _, test := range []struct {
		name    string
		headers []string
		want    int
	}{
		{"H031 no guard in front, nobody is known", nil, http.StatusUnauthorized},
		{"an Origin that no guard accepted", []string{"Test-User", "alice", "Origin", "https://evil.example"}, http.StatusForbidden},
		{"an Origin other than the accepted one", []string{"Test-User", "alice", "Test-Accepted-Origin", "https://app.example", "Origin", "https://evil.example"}, http.StatusForbidden},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newTestPlain(t, nil)
			_, response, err := w.dial(test.headers...)
			if err == nil {
				t.Fatal("the socket opened")
			}
			if response.StatusCode != test.want {
				t.Errorf("status: got %d, want %d", response.StatusCode, test.want)
			}
			if opened := w.plain.Stats().Opened; opened != 0 {
				t.Errorf("sockets opened: got %d, want 0", opened)
			}
		})
	}
}

func TestTalks(t *testing.T) {
	w := newTestPlain(t, func(c *plain.Config) {
		c.Connect = func(ctx context.Context, conn *plain.Conn) error {
			return conn.Send(ctx, map[string]string{"type": "welcome", "user": conn.Principal().UserID})
		}
	})
	alice := w.open("Test-User", "alice", "Test-Accepted-Origin", "https://app.example", "Origin", "https://app.example")
	bob := w.open("Test-User", "bob")
	w.wantMessage(alice, `{"type":"welcome","user":"alice"}`)
	w.wantMessage(bob, `{"type":"welcome","user":"bob"}`)
	if got := alice.Subprotocol(); got != "yodel" {
		t.Errorf("subprotocol: got %q, want yodel", got)
	}
	w.send(alice, `{"type":"echo","data":1}`)
	w.wantMessage(alice, `{"type":"echo","data":1}`)
	if n, err := w.plain.Broadcast(t.Context(), "all"); n != 2 || err != nil {
		t.Errorf("broadcast: got %d, %v, want 2", n, err)
	}
	w.wantMessage(alice, `"all"`)
	w.wantMessage(bob, `"all"`)
	if n, err := w.plain.SendToUser(t.Context(), "bob", "you"); n != 1 || err != nil {
		t.Errorf("send to bob: got %d, %v, want 1", n, err)
	}
	w.wantMessage(bob, `"you"`)
	if n, _ := w.plain.SendToUser(t.Context(), "carol", "you"); n != 0 {
		t.Errorf("send to nobody: got %d, want 0", n)
	}
	_ = bob.Close(websocket.StatusNormalClosure, "")
	w.wantEnded(realtime.Close{Code: 1000})
	if n := w.plain.Connections(); n != 1 {
		t.Errorf("connections: got %d, want 1", n)
	}
}

func TestAnswersWhatItCannotCarryOut(t *testing.T) {
	w := newTestPlain(t, nil)
	w.plain.Handle("fails", func(context.Context, *plain.Conn, json.RawMessage) error { return errors.New("secret detail") })
	conn := w.open("Test-User", "alice")
	for _, test := range []struct{ message, want string }{
		{`{`, "bad_message"}, {`null`, "bad_message"}, {`[]`, "bad_message"}, {`{}`, "bad_message"}, {`{"type":7}`, "bad_message"},
		{`{"type":"x"} trailing`, "bad_message"}, {`{"type":"nothing"}`, "unknown_type"}, {`{"type":"fails"}`, "internal"},
	} {
		w.send(conn, test.message)
		w.wantMessage(conn, `{"type":"error","code":"`+test.want+`"}`)
	}
}

func TestRateOfMessages(t *testing.T) {
	w := newTestPlain(t, func(c *plain.Config) { c.Limits.MessagesPerSecond, c.Limits.MessageBurst = 0.001, 2 })
	conn := w.open("Test-User", "alice")
	for range 2 {
		w.send(conn, `{"type":"echo"}`)
		w.wantMessage(conn, `{"type":"echo"}`)
	}
	w.send(conn, `{"type":"echo"}`)
	w.wantMessage(conn, `{"type":"error","code":"too_many_requests"}`)
	for range 20 {
		w.send(conn, `{"type":"echo"}`)
	}
	w.wantClose(conn, realtime.CloseFlood)
}
