package app_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/golang-jwt/jwt/v5"

	"github.com/yodelrt/yodel/app"
	"github.com/yodelrt/yodel/app/session"
)

func mustURL(raw string) *url.URL {
	parsed, err := url.Parse(raw)
	if err != nil {
		panic(err)
	}
	return parsed
}

func bearer(token string) string {
	return "base64url.bearer.yodel." + base64.RawURLEncoding.EncodeToString([]byte(token))
}

// variants are one valid token and its damaged relatives.
func variants(t *testing.T, valid string) map[string]string {
	t.Helper()
	claims := new(session.Claims)
	if _, _, err := jwt.NewParser().ParseUnverified(valid, claims); err != nil {
		t.Fatal(err)
	}
	original, _, err := jwt.NewParser().ParseUnverified(valid, new(session.Claims))
	if err != nil {
		t.Fatal(err)
	}
	sign := func(method jwt.SigningMethod, key any, change func(*session.Claims)) string {
		changed := *claims
		change(&changed)
		token := jwt.NewWithClaims(method, changed)
		token.Header["kid"] = original.Header["kid"]
		signed, err := token.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	same := func(*session.Claims) {}
	dot := strings.LastIndexByte(valid, '.')
	return map[string]string{
		"altered":                   valid[:dot+1] + other(valid[dot+1]) + valid[dot+2:],
		"H066 last character":       valid[:len(valid)-1] + string(valid[len(valid)-1]^1),
		"expired":                   sign(jwt.SigningMethodHS256, []byte(testKey), func(c *session.Claims) { c.ExpiresAt = jwt.NewNumericDate(time.Now().Add(-time.Minute)) }),
		"H058 no exp":               sign(jwt.SigningMethodHS256, []byte(testKey), func(c *session.Claims) { c.ExpiresAt = nil }),
		"another key":               sign(jwt.SigningMethodHS256, []byte(strings.Repeat("k2", 20)), same),
		"H051 alg none":             sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, same),
		"another algorithm":         sign(jwt.SigningMethodHS512, []byte(testKey), same),
		"H061 another audience":     sign(jwt.SigningMethodHS256, []byte(testKey), func(c *session.Claims) { c.Audience = jwt.ClaimStrings{"https://other.example"} }),
		"H062 another issuer":       sign(jwt.SigningMethodHS256, []byte(testKey), func(c *session.Claims) { c.Issuer = "https://other.example" }),
		"H063 another type":         sign(jwt.SigningMethodHS256, []byte(testKey), func(c *session.Claims) { c.Type = "refresh" }),
		"H202 a factor is owed":     sign(jwt.SigningMethodHS256, []byte(testKey), func(c *session.Claims) { c.Type = "second-factor" }),
		"H064 no subject":           sign(jwt.SigningMethodHS256, []byte(testKey), func(c *session.Claims) { c.Subject = "" }),
		"H069 an older epoch":       sign(jwt.SigningMethodHS256, []byte(testKey), func(c *session.Claims) { c.Epoch-- }),
		"H060 not yet valid":        sign(jwt.SigningMethodHS256, []byte(testKey), func(c *session.Claims) { c.NotBefore = jwt.NewNumericDate(time.Now().Add(time.Hour)) }),
		"a session that never was":  sign(jwt.SigningMethodHS256, []byte(testKey), func(c *session.Claims) { c.SessionID = "00000000-0000-7000-8000-000000000000" }),
		"another user's session id": sign(jwt.SigningMethodHS256, []byte(testKey), func(c *session.Claims) { c.Subject = "somebody-else" }),
	}
}

// TestOneVerdictForEveryCarrier sends the same tokens by every carrier and by the
// HTTP route; then it looks for them in everything that was logged (H230).
func TestOneVerdictForEveryCarrier(t *testing.T) {
	h := newHouse(t, func(c *app.Config) { c.AllowFirstMessage = true })
	alice := h.signedIn("alice")
	valid := alice.token()
	tokens := variants(t, valid)
	tokens["valid"] = valid
	cookieName, _, _ := strings.Cut(alice.cookie(), "=")
	for name, token := range tokens {
		wantSocket, wantHTTP := http.StatusUnauthorized, http.StatusUnauthorized
		if name == "valid" {
			wantSocket, wantHTTP = http.StatusSwitchingProtocols, http.StatusOK
		}
		for carrier, dial := range map[string]func() int{
			"cookie": func() int {
				_, status := h.dial("", http.Header{"Cookie": {cookieName + "=" + token}, "Origin": {h.server.URL}})
				return status
			},
			"header":      func() int { _, status := h.dial("", http.Header{"Authorization": {"Bearer " + token}}); return status },
			"query":       func() int { _, status := h.dial("?token="+url.QueryEscape(token), nil); return status },
			"subprotocol": func() int { _, status := h.dial("", nil, "yodel", bearer(token)); return status },
			"ticket":      func() int { return h.byTicket(token) },
			"two-step": func() int {
				conn, status := h.dial("?ticket="+url.QueryEscape(alice.ticket(`{"route":"/ws/demo","first_message":true}`)), http.Header{"Origin": {h.server.URL}}, "yodel")
				if status != http.StatusSwitchingProtocols {
					return status
				}
				return h.byFirstMessage(conn, token)
			},
			"first message": func() int {
				conn, status := h.dial("", nil, "yodel")
				if status != http.StatusSwitchingProtocols {
					return status
				}
				return h.byFirstMessage(conn, token)
			},
		} {
			t.Run(name+" by "+carrier, func(t *testing.T) {
				if got := dial(); got != wantSocket {
					t.Errorf("status: got %d, want %d", got, wantSocket)
				}
			})
		}
		t.Run(name+" on the HTTP route", func(t *testing.T) {
			got, _ := h.visitor().do(http.MethodGet, "/api/me", "", http.Header{"Authorization": {"Bearer " + token}})
			if got != wantHTTP {
				t.Errorf("status: got %d, want %d", got, wantHTTP)
			}
		})
	}
	written := h.logs.String()
	if !strings.Contains(written, "/ws/demo") || !strings.Contains(written, "token_expired") {
		t.Fatal("the logs do not show the run; the search below would prove nothing")
	}
	for name, token := range tokens {
		for _, secret := range []string{token, url.QueryEscape(token), bearer(token), token[strings.LastIndexByte(token, '.')+1:]} {
			if secret != "" && strings.Contains(written, secret) {
				t.Errorf("H230: the token %q stands in a log", name)
			}
		}
	}
}

// byTicket mints a ticket for the token and redeems it.
func (h *house) byTicket(token string) int {
	h.t.Helper()
	status, answer := h.visitor().do(http.MethodPost, "/api/ws/ticket", `{"route":"/ws/demo"}`, http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}})
	if status != http.StatusOK {
		return status
	}
	var minted struct{ Ticket string }
	if err := json.Unmarshal([]byte(answer), &minted); err != nil {
		h.t.Fatal(err)
	}
	_, status = h.dial("?ticket="+minted.Ticket, nil)
	return status
}

// byFirstMessage says what an upgrade would have: 101 for a greeting, 401 for a
// connection that ends because of the token.
func (h *house) byFirstMessage(conn *websocket.Conn, token string) int {
	h.t.Helper()
	message, err := json.Marshal(map[string]string{"type": "authenticate", "token": token})
	if err != nil {
		h.t.Fatal(err)
	}
	h.say(conn, string(message))
	for {
		_, data, err := conn.Read(h.t.Context())
		switch code := websocket.CloseStatus(err); {
		case err == nil && strings.Contains(string(data), `"welcome"`):
			return http.StatusSwitchingProtocols
		case err == nil: // the code of an error
		case code == 3500 || code == 3005:
			return http.StatusUnauthorized
		default:
			h.t.Fatalf("first message: %v", err)
		}
	}
}

func TestContradictoryCredentials(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.signedIn("alice"), h.signedIn("bob")
	for _, test := range []struct {
		name   string
		query  string
		header http.Header
		want   int
	}{
		{"H032 none", "", nil, 401},
		{"H033 empty query", "?token=", nil, 401},
		{"H036 query and header", "?token=" + alice.token(), http.Header{"Authorization": {"Bearer " + alice.token()}}, 400},
		{"H034 bob's cookie beside alice's token", "?token=" + alice.token(), http.Header{"Cookie": {bob.cookie()}, "Origin": {h.server.URL}}, 400},
		{"H036 her own cookie beside her token", "?token=" + alice.token(), http.Header{"Cookie": {alice.cookie()}, "Origin": {h.server.URL}}, 101},
		{"H035 a bad token beside a good cookie", "?token=bad", http.Header{"Cookie": {alice.cookie()}, "Origin": {h.server.URL}}, 401},
		{"H001 evil origin", "", http.Header{"Cookie": {alice.cookie()}, "Origin": {"https://evil.example"}}, 403},
		{"H003 cookie without origin", "", http.Header{"Cookie": {alice.cookie()}}, 403},
		{"evil origin with a token", "?token=" + alice.token(), http.Header{"Origin": {"https://evil.example"}}, 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, got := h.dial(test.query, test.header); got != test.want {
				t.Errorf("status: got %d, want %d", got, test.want)
			}
		})
	}
}

// next reads messages until one of that type arrives.
func (h *house) next(conn *websocket.Conn, kind string) string {
	h.t.Helper()
	for {
		_, data, err := conn.Read(h.t.Context())
		if err != nil {
			h.t.Fatalf("wait for %q: %v", kind, err)
		}
		var message struct{ Type string }
		if err := json.Unmarshal(data, &message); err != nil {
			h.t.Fatalf("message %s: %v", data, err)
		}
		if message.Type == kind {
			return string(data)
		}
	}
}

func (h *house) say(conn *websocket.Conn, message string) {
	h.t.Helper()
	if err := conn.Write(h.t.Context(), websocket.MessageText, []byte(message)); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) want(got, want string) {
	h.t.Helper()
	if got != want {
		h.t.Errorf("message: got %s, want %s", got, want)
	}
}

func TestConversation(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.signedIn("alice"), h.signedIn("bob")
	one := alice.socket()
	h.want(h.next(one, "welcome"), `{"type":"welcome","user":"alice","connections":1}`)
	two, other := bob.socket(), bob.socket()
	h.say(one, `{"type":"echo","data":{"n":1.50}}`)
	h.want(h.next(one, "echo"), `{"type":"echo","data":{"n":1.50}}`)
	h.next(two, "welcome")
	h.next(other, "welcome")
	h.say(one, `{"type":"broadcast","data":"hello"}`)
	for _, conn := range []*websocket.Conn{one, two, other} {
		h.want(h.next(conn, "broadcast"), `{"type":"broadcast","from":"alice","data":"hello"}`)
	}
	h.say(two, `{"type":"direct","to":"alice","data":"psst"}`)
	for _, conn := range []*websocket.Conn{one, two, other} {
		h.want(h.next(conn, "direct"), `{"type":"direct","from":"bob","data":"psst"}`)
	}
	for message, code := range map[string]string{
		`{"type":"direct","to":"nobody","data":1}`: "unknown_user", `{"type":"nothing"}`: "unknown_type", `nonsense`: "bad_message", `{"type":"echo"}`: "bad_message",
	} {
		h.say(one, message)
		h.want(h.next(one, "error"), `{"type":"error","code":"`+code+`"}`)
	}
}

func TestH120_logout_ends_the_sockets_of_that_session(t *testing.T) {
	h := newHouse(t)
	alice, elsewhere := h.signedIn("alice"), h.signedIn("alice")
	first, second, stays := alice.socket(), alice.socket(), elsewhere.socket()
	old := alice.cookie()
	for _, conn := range []*websocket.Conn{first, second, stays} {
		h.next(conn, "welcome")
	}
	if status, _ := alice.post("/api/logout", nil); status != http.StatusNoContent {
		t.Fatalf("logout: got %d, want 204", status)
	}
	for _, conn := range []*websocket.Conn{first, second} {
		for err := error(nil); ; {
			if _, _, err = conn.Read(t.Context()); err == nil {
				continue
			}
			if got := websocket.CloseStatus(err); got != 3503 {
				t.Errorf("close: got %d (%v), want 3503", got, err)
			}
			break
		}
	}
	h.say(stays, `{"type":"echo","data":1}`)
	h.next(stays, "echo")
	if _, status := h.dial("", http.Header{"Cookie": {old}, "Origin": {h.server.URL}}); status != http.StatusUnauthorized {
		t.Errorf("the old cookie opens a socket: got %d, want 401", status)
	}
}

// other is a character of a signature that is not this one.
func other(c byte) string {
	if c == 'A' {
		return "B"
	}
	return "A"
}
