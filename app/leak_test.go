package app_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/app"
	"github.com/yodelrt/yodel/app/leaktest"
)

// TestH230_no_secret_in_what_a_run_leaves_behind uses every kind of secret in
// every place, rightly and wrongly, and then searches everything that was
// written or answered.
func TestH230_no_secret_in_what_a_run_leaves_behind(t *testing.T) {
	h := newHouse(t, func(c *app.Config) { c.AllowFirstMessage = true })
	gate := leaktest.New()
	gate.Secret("a password", "alice-yodel-demo")
	gate.Secret("a wrong password", "wrong-password-canary")
	gate.Secret("the signing key", testKey)
	alice, bob := h.signedIn("alice"), h.signedIn("bob")
	for name, v := range map[string]*visitor{"alice": alice, "bob": bob} {
		gate.Secret(name+"'s access cookie", strings.SplitN(v.cookie(), "=", 2)[1])
		gate.Secret(name+"'s refresh cookie", strings.SplitN(v.refreshCookie(), "=", 2)[1])
	}
	origin := http.Header{"Origin": {h.server.URL}}
	said := func(_ int, body string) { gate.Artefact("an answer", body) }

	said(h.visitor().post("/api/login", map[string]string{"username": "alice", "password": "wrong-password-canary"}))
	said(h.visitor().do(http.MethodPost, "/api/login", `{"username":"alice","password":"wrong-password-canary"`, asJSON))
	token, other := alice.token(), bob.token()
	gate.Secret("a token", token)
	gate.Secret("another user's token", other)
	tokens := variants(t, token)
	tokens["good"] = token
	for name, secret := range tokens {
		gate.Secret("the token "+name, secret)
		h.dial("?token="+url.QueryEscape(secret), nil)
		h.dial("?token="+url.QueryEscape(secret), http.Header{"Authorization": {"Bearer " + secret}})
		h.dial("?token="+url.QueryEscape(secret), http.Header{"Cookie": {bob.cookie()}, "Origin": {h.server.URL}})
		h.dial("?token="+url.QueryEscape(secret), http.Header{"Origin": {"https://evil.example"}})
		h.dial("", nil, "yodel", bearer(secret))
		h.dial("", nil, bearer(secret))
		h.dial("?ticket="+url.QueryEscape(secret), nil)
		said(h.visitor().do(http.MethodGet, "/api/me", "", http.Header{"Authorization": {"Bearer " + secret}}))
		said(h.visitor().do(http.MethodGet, "/nowhere?token="+url.QueryEscape(secret)+"&ticket="+url.QueryEscape(secret), "", nil))
		conn, _ := h.dial("", nil, "yodel")
		gate.Artefact("what a socket said", h.lastWords(conn, secret))
	}
	for _, body := range []string{`{"route":"/ws/demo"}`, `{"route":"/ws/demo","first_message":true}`} {
		ticket := alice.ticket(body)
		gate.Secret("a ticket", ticket)
		conn, _ := h.dial("?ticket="+ticket, origin)
		if conn != nil {
			gate.Artefact("what a socket said", h.lastWords(conn, other))
		}
		h.dial("?ticket="+ticket, origin)
		h.dial("?ticket="+ticket, http.Header{"Origin": {"https://evil.example"}})
		said(h.visitor().do(http.MethodGet, "/api/me", "", http.Header{"Authorization": {"Bearer " + ticket}}))
	}
	said(alice.post("/api/password", map[string]string{"old_password": "wrong-password-canary", "new_password": "x"}))
	said(h.visitor().do(http.MethodPost, "/api/refresh", "", http.Header{"Cookie": {strings.SplitN(alice.refreshCookie(), "=", 2)[0] + "=" + token}, "Origin": {h.server.URL}}))

	written := h.logs.String()
	for _, event := range []string{"token_expired", "ticket_reused", "principal_mismatch", "origin_refused", "two_credentials", "/ws/demo"} {
		if !strings.Contains(written, event) {
			t.Errorf("the log does not show %s; the search would prove nothing", event)
		}
	}
	gate.Artefact("a log", written)
	gate.Check(t)
}

// lastWords authenticates with a token and returns all that the server said, and
// why it closed.
func (h *house) lastWords(conn *websocket.Conn, token string) string {
	h.t.Helper()
	if conn == nil {
		h.t.Fatal("no socket")
	}
	message, err := json.Marshal(map[string]string{"type": "authenticate", "token": token})
	if err != nil {
		h.t.Fatal(err)
	}
	h.say(conn, string(message))
	_ = conn.Write(h.t.Context(), websocket.MessageText, message) // a second one ends whoever got in
	words := ""
	for {
		_, data, err := conn.Read(h.t.Context())
		words += string(data)
		if err != nil {
			return words + err.Error()
		}
	}
}
