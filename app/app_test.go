package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/labstack/echo/v4"
	echomw "github.com/labstack/echo/v4/middleware"
	"go.uber.org/goleak"

	"github.com/yodelrt/yodel/app"
	"github.com/yodelrt/yodel/app/store/storetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(suite{m}, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"),
		goleak.IgnoreTopFunction("github.com/centrifugal/centrifuge-go.(*Client).sendAsync.func1"))
}

// suite ends the database server that tests have shared.
type suite struct{ m *testing.M }

func (s suite) Run() int { return storetest.Run(s.m) }

const testKey = "e3b6d7a90c5f41288d7c2b19f6a4053e"

// house is the real application behind a real listener, with everything that it
// and Echo's own access log have written.
type house struct {
	t      *testing.T
	data   string
	app    *app.App
	server *httptest.Server
	logs   *logs
}

type logs struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *logs) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(b)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

func newHouse(t *testing.T, changes ...func(*app.Config)) *house {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	written := &logs{}
	log := slog.New(slog.NewTextHandler(written, &slog.HandlerOptions{Level: slog.LevelDebug}))
	config := app.Config{Addr: server.Listener.Addr().String(), DataDir: t.TempDir(), Demo: true, LoginRate: 1000, JWTSecret: testKey}
	for _, change := range changes {
		change(&config)
	}
	built, err := app.New(t.Context(), config, log)
	if err != nil {
		t.Fatal(err)
	}
	outside := echo.New() // Echo's standard access log, mounted before everything
	//lint:ignore SA1019 it is the access log that most applications have
	outside.Use(echomw.LoggerWithConfig(echomw.LoggerConfig{Output: written}))
	outside.Any("/*", echo.WrapHandler(documented(t, built.Handler())))
	server.Config.Handler = outside
	server.Start()
	t.Cleanup(func() {
		if err := built.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("close: %v", err)
		}
		server.Close()
	})
	return &house{t, config.DataDir, built, server, written}
}

// visitor is one browser: a cookie jar and the application's own origin.
type visitor struct {
	*house
	client *http.Client
}

func (h *house) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &visitor{h, &http.Client{Jar: jar, Transport: h.server.Client().Transport}}
}

func (h *house) signedIn(username string) *visitor {
	h.t.Helper()
	v := h.visitor()
	if status, body := v.post("/api/login", map[string]string{"username": username, "password": username + "-yodel-demo"}); status != http.StatusOK {
		h.t.Fatalf("sign in as %s: %d %s", username, status, body)
	}
	return v
}

func (v *visitor) do(method, path, body string, header http.Header) (int, string) {
	v.t.Helper()
	request, err := http.NewRequestWithContext(v.t.Context(), method, v.server.URL+path, strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	response, err := v.client.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return response.StatusCode, string(data)
}

func (v *visitor) post(path string, body any) (int, string) {
	v.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.do(http.MethodPost, path, string(data), http.Header{"Content-Type": {"application/json"}, "Origin": {v.server.URL}})
}

func (v *visitor) token() string {
	v.t.Helper()
	status, body := v.post("/api/token", nil)
	var answer struct{ Token string }
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusOK || answer.Token == "" {
		v.t.Fatalf("token: %d %v", status, err)
	}
	return answer.Token
}

// cookie is the access cookie.
func (v *visitor) cookie() string { return v.cookieFor("/", "yodel_access") }

func (v *visitor) refreshCookie() string { return v.cookieFor("/api/refresh", "yodel_refresh") }

func (v *visitor) cookieFor(path, name string) string {
	for _, cookie := range v.client.Jar.Cookies(mustURL(v.server.URL + path)) {
		if cookie.Name == name+"_"+mustURL(v.server.URL).Port() {
			return cookie.Name + "=" + cookie.Value
		}
	}
	return ""
}

// ticket mints one.
func (v *visitor) ticket(body string) string {
	v.t.Helper()
	status, answer := v.do(http.MethodPost, "/api/ws/ticket", body, http.Header{"Content-Type": {"application/json"}, "Origin": {v.server.URL}})
	var minted struct{ Ticket string }
	if err := json.Unmarshal([]byte(answer), &minted); err != nil || status != http.StatusOK {
		v.t.Fatalf("ticket: %d %s", status, answer)
	}
	return minted.Ticket
}

// dial opens /ws/demo with nothing but the given headers and query, and returns
// the status of the answer.
func (h *house) dial(query string, header http.Header, protocols ...string) (*websocket.Conn, int) {
	h.t.Helper()
	return h.dialAt("/ws/demo"+query, header, protocols...)
}

func (h *house) dialAt(path string, header http.Header, protocols ...string) (*websocket.Conn, int) {
	h.t.Helper()
	conn, response, err := websocket.Dial(h.t.Context(), h.server.URL+path, &websocket.DialOptions{
		HTTPHeader: header, Subprotocols: protocols, HTTPClient: h.server.Client(),
	})
	if response == nil {
		h.t.Fatalf("dial: %v", err)
	}
	if err == nil {
		h.t.Cleanup(func() { _ = conn.CloseNow() })
	}
	return conn, response.StatusCode
}

// socketLife is how many seconds the hub gives a socket of this visitor.
func (v *visitor) socketLife() int {
	v.t.Helper()
	conn, status := v.dialAt("/ws", http.Header{"Cookie": {v.cookie()}, "Origin": {v.server.URL}}, "centrifuge-json")
	if status != http.StatusSwitchingProtocols {
		v.t.Fatalf("socket: got %d", status)
	}
	v.say(conn, `{"id":1,"connect":{}}`)
	_, data, err := conn.Read(v.t.Context())
	var reply struct{ Connect struct{ TTL int } }
	if err != nil || json.Unmarshal(data, &reply) != nil {
		v.t.Fatalf("connect: %s %v", data, err)
	}
	return reply.Connect.TTL
}

func (v *visitor) socket() *websocket.Conn {
	v.t.Helper()
	conn, status := v.dial("", http.Header{"Cookie": {v.cookie()}, "Origin": {v.server.URL}}, "yodel")
	if status != http.StatusSwitchingProtocols {
		v.t.Fatalf("socket: got %d, want 101", status)
	}
	return conn
}
