package app_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/app"
)

// tamper runs a statement on the database behind the application's back.
func (h *house) tamper(statement string) {
	h.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(h.data, "yodel.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		h.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(h.t.Context(), statement); err != nil {
		h.t.Fatalf("%s: %v", statement, err)
	}
}

func TestH211_a_used_refresh_token_after_the_grace(t *testing.T) {
	h := newHouse(t)
	alice, elsewhere := h.signedIn("alice"), h.signedIn("alice")
	conn, other := alice.socket(), elsewhere.socket()
	h.next(conn, "welcome")
	h.next(other, "welcome")
	stolen := alice.refreshCookie()
	if status, _ := alice.post("/api/refresh", nil); status != http.StatusOK {
		t.Fatal("refresh")
	}
	h.tamper(`UPDATE refresh_tokens SET used_at = used_at - 11 WHERE used_at IS NOT NULL`)
	if status, _ := h.refreshWith(stolen); status != http.StatusUnauthorized {
		t.Errorf("the stolen token: got %d, want 401", status)
	}
	h.wantClosed(conn, 3503)
	if status, _ := alice.post("/api/refresh", nil); status != http.StatusUnauthorized {
		t.Errorf("the family goes on: got %d, want 401", status)
	}
	if status, _ := alice.do(http.MethodGet, "/api/me", "", nil); status != http.StatusUnauthorized {
		t.Errorf("the access token goes on: got %d, want 401", status)
	}
	h.say(other, `{"type":"echo","data":1}`) // another login of hers is not touched
	h.next(other, "echo")
}

func TestH133_idle_and_absolute_limits(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.signedIn("alice"), h.signedIn("bob")
	h.tamper(`UPDATE refresh_tokens SET expires_at = expires_at - 31*24*3600 WHERE session_id IN (SELECT s.id FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE a.username = 'alice')`)
	if status, _ := alice.post("/api/refresh", nil); status != http.StatusUnauthorized {
		t.Errorf("idle for 31 days: got %d, want 401", status)
	}
	ends := func(in int) {
		h.tamper(fmt.Sprintf(`UPDATE sessions SET expires_at = strftime('%%s','now') + %d WHERE account_id IN (SELECT id FROM accounts WHERE username = 'bob')`, in))
	}
	ends(600)
	if status, _ := bob.post("/api/refresh", nil); status != http.StatusOK {
		t.Fatalf("ten minutes before the end: got %d", status)
	}
	// the new token ends with the session, not after a quarter of an hour, and so does its socket
	if left := bob.socketLife(); left <= 0 || left > 600 {
		t.Errorf("a socket of a session of ten minutes: got %d s", left)
	}
	ends(-1)
	if status, _ := bob.post("/api/refresh", nil); status != http.StatusUnauthorized {
		t.Errorf("after 90 days: got %d, want 401", status)
	}
}

func TestH186_a_database_that_fails(t *testing.T) {
	h := newHouse(t)
	alice := h.signedIn("alice")
	token := alice.token()
	ticket := alice.ticket(`{"route":"/ws/demo"}`)
	h.tamper(`ALTER TABLE sessions RENAME TO hidden`)
	for path, method := range map[string]string{"/api/me": http.MethodGet, "/api/token": http.MethodPost, "/api/refresh": http.MethodPost, "/api/ws/ticket": http.MethodPost, "/api/sessions": http.MethodGet} {
		status, body := alice.do(method, path, "", http.Header{"Origin": {h.server.URL}})
		if status != http.StatusServiceUnavailable || strings.Contains(body, "sessions") {
			t.Errorf("%s: got %d %s, want 503", path, status, body)
		}
	}
	if status, _ := h.visitor().post("/api/login", map[string]string{"username": "alice", "password": "alice-yodel-demo"}); status != http.StatusServiceUnavailable {
		t.Errorf("login: got %d, want 503", status)
	}
	if _, status := h.dial("?token="+token, nil); status != http.StatusServiceUnavailable {
		t.Errorf("socket: got %d, want 503", status)
	}
	if _, status := h.dial("?ticket="+ticket, http.Header{"Origin": {h.server.URL}}); status != http.StatusServiceUnavailable {
		t.Errorf("ticket: got %d, want 503", status)
	}
	h.tamper(`ALTER TABLE hidden RENAME TO sessions`)
	if _, status := h.dial("?ticket="+ticket, http.Header{"Origin": {h.server.URL}}); status != http.StatusSwitchingProtocols {
		t.Errorf("the ticket was half used: got %d, want 101", status)
	}
	if status, _ := alice.post("/api/refresh", nil); status != http.StatusOK {
		t.Errorf("the refresh token was half used: got %d, want 200", status)
	}
}

func TestH131_a_restart_after_a_revoke(t *testing.T) {
	data := t.TempDir()
	there := func(c *app.Config) { c.DataDir, c.PublicURL = data, "http://localhost:9" }
	before := newHouse(t, there)
	alice := before.signedIn("alice")
	token, refresh := alice.token(), alice.refreshCookie()
	if status, _ := before.visitor().do(http.MethodPost, "/api/logout", "", http.Header{"Authorization": {"Bearer " + token}}); status != http.StatusNoContent {
		t.Fatalf("logout: got %d", status)
	}
	after := newHouse(t, there)
	if _, status := after.dial("?token="+token, nil); status != http.StatusUnauthorized {
		t.Errorf("socket: got %d, want 401", status)
	}
	if status, _ := after.refreshWith(refresh); status != http.StatusUnauthorized {
		t.Errorf("refresh: got %d, want 401", status)
	}
}

func TestH183_forged_addresses(t *testing.T) {
	h := newHouse(t, func(c *app.Config) { c.LoginRate = 5 })
	last := 0
	for i := range 8 {
		header := http.Header{"Content-Type": {"application/json"}, "X-Forwarded-For": {"203.0.113." + string(rune('0'+i))}, "X-Real-Ip": {"203.0.113." + string(rune('0'+i))}}
		last, _ = h.visitor().do(http.MethodPost, "/api/login", `{"username":"user`+string(rune('a'+i))+`","password":"a password"}`, header)
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the eighth: got %d, want 429", last)
	}
	if strings.Contains(h.logs.String(), "remote_ip=203.0.113") {
		t.Error("a forged address stands in the log")
	}
}

// announced is closed by the line that says where the application listens.
type announced chan struct{}

func (a announced) Write(line []byte) (int, error) {
	close(a)
	return len(line), nil
}

// served runs the application's own server on a listener in memory.
func served(t *testing.T, network *pipes, change func(*app.Config)) {
	t.Helper()
	config := app.Config{Addr: "127.0.0.1:8080", DataDir: t.TempDir(), LoginRate: 10, JWTSecret: testKey, DrainTime: 1e9}
	if change != nil {
		change(&config)
	}
	built, err := app.New(t.Context(), config, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done, listening := make(chan error, 1), make(announced)
	go func() { done <- built.Serve(ctx, network, listening) }()
	<-listening
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
}
