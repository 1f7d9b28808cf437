package realtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/plain"
)

// The official client lets a goroutine of its own run out its timeout.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/centrifugal/centrifuge-go.(*Client).sendAsync.func1"))
}

// testPlain is a plain handler behind a stand-in for a guard that trusts the headers
// of the test.
type testPlain struct {
	t      *testing.T
	plain  *plain.Handler
	server *httptest.Server
	ended  chan realtime.Close
	active chan struct{} // one for each connection that became active
	seen   int
}

type (
	principalKey struct{}
	pendingKey   struct{}
)

func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if address := r.Header.Get("Test-Pending"); address != "" {
			r = r.WithContext(context.WithValue(r.Context(), pendingKey{}, realtime.PendingInfo{Address: address}))
		}
		user := r.Header.Get("Test-User")
		if user == "" {
			next.ServeHTTP(w, r)
			return
		}
		principal := realtime.Principal{UserID: user, SessionID: r.Header.Get("Test-Session"), Origin: r.Header.Get("Test-Accepted-Origin")}
		if life := r.Header.Get("Test-Life"); life != "" {
			left, _ := time.ParseDuration(life)
			principal.ExpiresAt = time.Now().Add(left)
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), principalKey{}, principal)))
	})
}

func newTestPlain(t *testing.T, change func(*plain.Config)) *testPlain {
	t.Helper()
	return newTestPlainOn(t, nil, change)
}

// newWorldOn listens there, on TCP where listener is nil.
func newTestPlainOn(t *testing.T, listener net.Listener, change func(*plain.Config)) *testPlain {
	t.Helper()
	w := &testPlain{t: t, ended: make(chan realtime.Close, 100_000), active: make(chan struct{}, 100_000)}
	config := plain.Config{
		Principal: func(ctx context.Context) (realtime.Principal, bool) {
			principal, ok := ctx.Value(principalKey{}).(realtime.Principal)
			return principal, ok
		},
		Disconnect:  func(_ *plain.Conn, reason realtime.Close) { w.ended <- reason },
		DrainSpread: time.Millisecond,
		Logger:      slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	if change != nil {
		change(&config)
	}
	connect := config.Connect
	config.Connect = func(ctx context.Context, c *plain.Conn) error {
		w.active <- struct{}{}
		if connect == nil {
			return nil
		}
		return connect(ctx, c)
	}
	handler, err := plain.New(config)
	if err != nil {
		t.Fatal(err)
	}
	handler.Handle("echo", func(ctx context.Context, c *plain.Conn, message json.RawMessage) error {
		return c.Send(ctx, message)
	})
	handler.Handle("panic", func(context.Context, *plain.Conn, json.RawMessage) error { panic("boom") })
	w.plain, w.server = handler, serve(guard(handler), listener)
	t.Cleanup(func() {
		if err := handler.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		w.server.Close()
	})
	return w
}

func serve(handler http.Handler, listener net.Listener) *httptest.Server {
	server := httptest.NewUnstartedServer(handler)
	if listener != nil {
		_ = server.Listener.Close()
		server.Listener = listener
	}
	server.Start()
	if pipes, ok := listener.(*pipeListener); ok {
		server.Client().Transport = &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return pipes.dial() }}
	}
	return server
}

// dial opens a socket; headers are pairs of name and value.
func (w *testPlain) dial(headers ...string) (*websocket.Conn, *http.Response, error) {
	header := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	return websocket.Dial(w.t.Context(), w.server.URL, &websocket.DialOptions{HTTPHeader: header, Subprotocols: []string{"yodel"}, HTTPClient: w.server.Client()})
}

func (w *testPlain) open(headers ...string) *websocket.Conn {
	w.t.Helper()
	conn, response, err := w.dial(headers...)
	if err != nil {
		w.t.Fatalf("dial %v: %v", headers, err)
	}
	if response.StatusCode != http.StatusSwitchingProtocols {
		w.t.Fatalf("dial: got %d, want 101", response.StatusCode)
	}
	w.t.Cleanup(func() { _ = conn.CloseNow() })
	return conn
}

func (w *testPlain) send(conn *websocket.Conn, message string) {
	w.t.Helper()
	if err := conn.Write(w.t.Context(), websocket.MessageText, []byte(message)); err != nil {
		w.t.Fatalf("write: %v", err)
	}
}

func (w *testPlain) wantMessage(conn *websocket.Conn, want string) {
	w.t.Helper()
	_, got, err := conn.Read(w.t.Context())
	if err != nil {
		w.t.Fatalf("read: %v, want %s", err, want)
	}
	if string(got) != want {
		w.t.Fatalf("message: got %s, want %s", got, want)
	}
}

// wantClose reads until the connection ends and holds its code and reason
// against want.
func (w *testPlain) wantClose(conn *websocket.Conn, want realtime.Close) {
	w.t.Helper()
	for {
		_, _, err := conn.Read(w.t.Context())
		if err == nil {
			continue
		}
		var closed websocket.CloseError
		if !errors.As(err, &closed) {
			w.t.Fatalf("end: got %v, want close %d", err, want.Code)
		}
		if int(closed.Code) != want.Code || (want.Reason != "" && closed.Reason != want.Reason) {
			w.t.Fatalf("close: got %d %q, want %d %q", closed.Code, closed.Reason, want.Code, want.Reason)
		}
		return
	}
}

func (w *testPlain) wantEnded(want realtime.Close) {
	w.t.Helper()
	if got := <-w.ended; got.Code != want.Code {
		w.t.Fatalf("disconnect hook: got %d %q, want %d", got.Code, got.Reason, want.Code)
	}
}

func long(n int) string { return strings.Repeat("x", n) }
