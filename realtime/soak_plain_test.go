package realtime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/plain"
)

// plainSoak is a plain handler under the soak.
type plainSoak struct {
	*testPlain
	slow    bool
	waiting chan struct{}
	friend  *websocket.Conn
	ears    *ears
}

func newPlainSoak(t *testing.T, slow bool) *plainSoak {
	s := &plainSoak{slow: slow, waiting: make(chan struct{})}
	s.testPlain = newTestPlain(t, func(c *plain.Config) {
		withPending(c)
		c.Verify = verifiedLate(c.Verify, slow, s.waiting)
		c.Connect = nil
	})
	s.plain.Handle("wait", func(ctx context.Context, _ *plain.Conn, _ json.RawMessage) error {
		select {
		case <-s.waiting:
		case <-ctx.Done():
		}
		return nil
	})
	s.friend = s.open("Test-User", "friend")
	s.ears = listen(t, s.friend, soakEcho, soakShout)
	return s
}

const soakEcho = `{"type":"echo","n":900}`

func (s *plainSoak) neighbour() {
	s.t.Helper()
	s.send(s.friend, soakEcho)
	s.ears.want(soakEcho)
	if _, err := s.plain.Broadcast(s.t.Context(), json.RawMessage(soakShout)); err != nil {
		s.t.Fatal(err)
	}
	s.ears.want(soakShout)
}

func (s *plainSoak) alone() {
	s.t.Helper()
	if s.slow {
		<-time.After(2 * keyServerDelay)
	}
	if !forAWhile(func() bool { return s.plain.Connections() == 1 && s.plain.Stats().Pending == 0 }) {
		s.t.Errorf("after the end of TCP: got %d connections, want the neighbour alone", s.plain.Connections())
	}
}

func (s *plainSoak) end() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.t.Context()), 10*time.Second)
	defer cancel()
	if err := s.plain.Shutdown(ctx); err != nil {
		s.t.Errorf("shutdown: got %v, want all ended", err)
	}
	if n, pending := s.plain.Connections(), s.plain.Stats().Pending; n != 0 || pending != 0 {
		s.t.Errorf("left behind: got %d connections, %d pending, want none", n, pending)
	}
}

func (s *plainSoak) address() string { return s.server.Listener.Addr().String() }

func (s *plainSoak) login() string { return `{"type":"authenticate","token":"alice"}` }

func (s *plainSoak) command(n byte) string {
	messages := soakMessages()
	return messages[int(n)%len(messages)]
}

func (s *plainSoak) several(messages ...string) string { return strings.Join(messages, "\n") }

func (s *plainSoak) big(bytes int) string {
	return fmt.Sprintf(`{"type":"wait","data":%q}`, long(bytes))
}

func (s *plainSoak) release() {
	select {
	case s.waiting <- struct{}{}:
	default:
	}
}

func (s *plainSoak) act(n byte) {
	ctx := s.t.Context()
	switch n % 4 {
	case 0:
		s.plain.Disconnect(ctx, realtime.ByUser("mallory"), realtime.CloseRevoked)
	case 1:
		s.plain.Rejudge(ctx, realtime.All())
	case 2:
		_, _ = s.plain.Broadcast(ctx, "hello")
	case 3:
		_, _ = s.plain.SendToUser(ctx, "mallory", "hello")
	}
}

// soakMessages are what a client may send, and what none should. New ones go to the end.
func soakMessages() []string {
	return []string{
		`{"type":"authenticate","token":"alice"}`, `{"type":"authenticate","token":"away"}`, `{"type":"authenticate","token":"expired"}`, `{"type":"authenticate"}`,
		`{"type":"echo","n":1}`, `{"type":"wait"}`, `{"type":"panic"}`, `{"type":"refresh","token":"alice"}`, `{"type":"refresh"}`, `{"type":"nothing"}`,
		`{}`, `null`, `[]`, ``, `"`, `{"type":1}`, `{"type":"echo"} x`, `{"type":"echo","n":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`,
	}
}
