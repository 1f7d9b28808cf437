package middleware_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/middleware"
)

// refuseSome is the revocation check of the matrix, for HTTP and socket alike.
func refuseSome(_ context.Context, p middleware.Principal) error {
	if p.TokenID == "revoked" || p.UserID == "disabled" {
		return errors.New("not any more")
	}
	return nil
}

// matrix is one app: an HTTP route, a socket route, and a porch for tickets that
// need a first message.
type matrix struct {
	t    *testing.T
	e    *echo.Echo
	auth *middleware.Auth
	ctx  context.Context // of the latest pending connection
}

func newMatrix(t *testing.T, config echojwt.Config) *matrix {
	t.Helper()
	store := middleware.NewMemoryTickets(1000, 0)
	m := &matrix{t: t, e: echo.New()}
	var err error
	m.auth, err = middleware.New(middleware.Config{
		JWT:      config,
		Carriers: []middleware.Carrier{middleware.Header(), middleware.Cookie("session"), middleware.Query("token"), middleware.Subprotocol(), middleware.Ticket(store)},
		Origins:  []string{origin}, Routes: []string{"/ws", "/pending"}, Check: refuseSome, Logger: quiet,
	})
	if err != nil {
		t.Fatal(err)
	}
	pending, err := m.auth.UpgradePending(middleware.PendingConfig{
		Carriers: []middleware.Carrier{middleware.FirstMessage()}, Admit: func(string) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	checked := func(next echo.HandlerFunc) echo.HandlerFunc { // what an app mounts behind echo-jwt
		return func(c echo.Context) error {
			token, _ := c.Get("user").(*jwt.Token)
			values, _ := token.Claims.(jwt.MapClaims)
			user, _ := values["sub"].(string)
			id, _ := values["jti"].(string)
			if refuseSome(c.Request().Context(), middleware.Principal{UserID: user, TokenID: id}) != nil {
				return echo.ErrUnauthorized
			}
			return next(c)
		}
	}
	m.e.GET("/api/me", ok, echojwt.WithConfig(config), checked)
	m.e.GET("/ws", ok, m.auth.Upgrade())
	m.e.GET("/pending", func(c echo.Context) error { m.ctx = c.Request().Context(); return ok(c) }, pending)
	m.e.POST("/ticket", m.auth.IssueTicket())
	return m
}

func (m *matrix) serve(path string, change func(*http.Request)) *httptest.ResponseRecorder {
	request := handshakeWith(change)()
	request.URL.Path = path
	recorder := httptest.NewRecorder()
	m.e.ServeHTTP(recorder, request)
	return recorder
}

// http is the verdict of the HTTP route: accepted or not.
func (m *matrix) http(token string) bool {
	request := httptest.NewRequest(http.MethodGet, "/api/me", nil)
	request.Header["Authorization"] = []string{"Bearer " + token}
	recorder := httptest.NewRecorder()
	m.e.ServeHTTP(recorder, request)
	switch recorder.Code {
	case http.StatusOK:
		return true
	case http.StatusUnauthorized, http.StatusBadRequest: // echo-jwt answers 400 to a missing token
	default:
		m.t.Errorf("HTTP route: got %d", recorder.Code)
	}
	return false
}

// carriers sends the token by each of the six and reports who was let in.
func (m *matrix) carriers(token string) map[string]bool {
	let := map[string]bool{}
	for name, change := range map[string]func(*http.Request){
		"header":      header("Authorization", "Bearer "+token),
		"cookie":      cookie("session=" + token),
		"query":       query("token=" + url.QueryEscape(token)),
		"subprotocol": header("Sec-WebSocket-Protocol", "yodel, "+bearer(token)),
	} {
		let[name] = m.verdict(name, m.serve("/ws", change).Code)
	}
	let["ticket"] = m.byTicket(token)
	let["first message"] = m.byFirstMessage(token)
	return let
}

// verdict is the error class of an answer: a credential is accepted or is 401.
func (m *matrix) verdict(carrier string, status int) bool {
	if status != http.StatusOK && status != http.StatusUnauthorized {
		m.t.Errorf("%s: got %d, want 200 or 401", carrier, status)
	}
	return status == http.StatusOK
}

func (m *matrix) byTicket(token string) bool {
	request := httptest.NewRequest(http.MethodPost, "/ticket", nil)
	request.Header["Authorization"] = []string{"Bearer " + token}
	recorder := httptest.NewRecorder()
	m.e.ServeHTTP(recorder, request)
	if !m.verdict("mint", recorder.Code) {
		return false
	}
	var minted middleware.Minted
	if err := json.Unmarshal(recorder.Body.Bytes(), &minted); err != nil {
		m.t.Fatal(err)
	}
	return m.verdict("ticket", m.serve("/ws", query("ticket="+minted.Ticket)).Code)
}

func (m *matrix) byFirstMessage(token string) bool {
	if status := m.serve("/pending", func(*http.Request) {}).Code; status != http.StatusOK {
		m.t.Fatalf("pending: got %d", status)
	}
	_, err := m.auth.VerifyMessage(m.ctx, token)
	if err != nil && !errors.Is(err, middleware.ErrCredential) && !errors.Is(err, middleware.ErrRevoked) {
		m.t.Errorf("first message: %v", err)
	}
	return err == nil
}

// TestOneConfigurationSixCarriersOneVerdict is the first promise: what the HTTP
// route says of a token, every carrier says.
func TestOneConfigurationSixCarriersOneVerdict(t *testing.T) {
	strictParser, err := middleware.Strict{
		Issuers:  []middleware.Issuer{{Name: "https://app.example.com", Methods: []string{"HS256"}, Keys: map[string]any{"": key}}},
		Audience: "chat", Type: "access",
	}.Parser()
	if err != nil {
		t.Fatal(err)
	}
	keyFunc := func(token *jwt.Token) (any, error) {
		if token.Method != jwt.SigningMethodHS256 {
			return nil, errors.New("another method")
		}
		return key, nil
	}
	for _, variant := range []struct {
		name   string
		config echojwt.Config
		strict bool
	}{
		{"the strict parser on both", echojwt.Config{ParseTokenFunc: strictParser}, true},
		{"a bare configuration", echojwt.Config{SigningKey: key}, false},
		{"KeyFunc", echojwt.Config{KeyFunc: keyFunc}, false},
		{"NewClaimsFunc", echojwt.Config{SigningKey: key, NewClaimsFunc: func(echo.Context) jwt.Claims { return jwt.MapClaims{} }}, false},
	} {
		t.Run(variant.name, func(t *testing.T) {
			m := newMatrix(t, variant.config)
			for _, test := range tokenCases(t) {
				t.Run(test.name, func(t *testing.T) {
					m.t = t
					wantHTTP, wantSocket := test.bare, test.socket
					if variant.strict {
						wantHTTP = test.strict
						wantSocket = test.strict && !socketsOwn(test.name)
					}
					if got := m.http(test.token); got != wantHTTP {
						t.Errorf("HTTP route: accepted %v, want %v", got, wantHTTP)
					}
					for carrier, got := range m.carriers(test.token) {
						if (carrier == "cookie" || carrier == "header" || carrier == "ticket") && !headerSafe(test.token) {
							continue
						}
						if got != wantSocket {
							t.Errorf("%s: accepted %v, want %v", carrier, got, wantSocket)
						}
					}
				})
			}
		})
	}
}

// socketsOwn names the cases that the strict parser lets pass and a socket
// cannot: nobody could address the connection.
func socketsOwn(name string) bool { return strings.HasPrefix(name, "H064") }

// headerSafe reports whether a header or a cookie can carry the text at all.
func headerSafe(token string) bool { return !strings.ContainsAny(token, "é✓ö\n") }

// TestRotation is SigningKeys and key rotation by kid, on every carrier.
func TestRotation(t *testing.T) {
	old, current := []byte(strings.Repeat("old!", 10)), []byte(strings.Repeat("new!", 10))
	strictParser, err := middleware.Strict{Issuers: []middleware.Issuer{{Methods: []string{"HS256"}, Keys: map[string]any{"1": old, "2": current}}}}.Parser()
	if err != nil {
		t.Fatal(err)
	}
	for name, config := range map[string]echojwt.Config{
		"SigningKeys": {SigningKeys: map[string]any{"1": old, "2": current}},
		"strict":      {ParseTokenFunc: strictParser},
	} {
		m := newMatrix(t, config)
		for _, test := range []struct {
			name  string
			token string
			want  bool
		}{
			{"the old key", signed(t, jwt.SigningMethodHS256, old, map[string]any{"kid": "1"}, with(nil)), true},
			{"the new key", signed(t, jwt.SigningMethodHS256, current, map[string]any{"kid": "2"}, with(nil)), true},
			{"H053 the wrong kid", signed(t, jwt.SigningMethodHS256, old, map[string]any{"kid": "2"}, with(nil)), false},
			{"H053 a withdrawn kid", signed(t, jwt.SigningMethodHS256, old, map[string]any{"kid": "0"}, with(nil)), false},
			{"H053 no kid", signed(t, jwt.SigningMethodHS256, old, nil, with(nil)), false},
		} {
			t.Run(name+": "+test.name, func(t *testing.T) {
				m.t = t
				if got := m.http(test.token); got != test.want {
					t.Errorf("HTTP route: accepted %v, want %v", got, test.want)
				}
				for carrier, got := range m.carriers(test.token) {
					if got != test.want {
						t.Errorf("%s: accepted %v, want %v", carrier, got, test.want)
					}
				}
			})
		}
	}
}

func TestStrictKeepsIssuersApart(t *testing.T) {
	ours, theirs := []byte(strings.Repeat("ours", 10)), []byte(strings.Repeat("them", 10))
	parse, err := middleware.Strict{Issuers: []middleware.Issuer{
		{Name: "a", Methods: []string{"HS256"}, Keys: map[string]any{"1": ours}},
		{Name: "b", Methods: []string{"HS256"}, Keys: map[string]any{"1": theirs}},
	}}.Parser()
	if err != nil {
		t.Fatal(err)
	}
	m := newMatrix(t, echojwt.Config{ParseTokenFunc: parse})
	kid := map[string]any{"kid": "1"}
	for _, test := range []struct {
		name  string
		token string
		want  bool
	}{
		{"a by a", signed(t, jwt.SigningMethodHS256, ours, kid, with(jwt.MapClaims{"iss": "a"})), true},
		{"b by b", signed(t, jwt.SigningMethodHS256, theirs, kid, with(jwt.MapClaims{"iss": "b"})), true},
		{"H055 b by a", signed(t, jwt.SigningMethodHS256, ours, kid, with(jwt.MapClaims{"iss": "b"})), false},
		{"H055 nobody", signed(t, jwt.SigningMethodHS256, ours, kid, with(jwt.MapClaims{"iss": nil})), false},
	} {
		m.t = t
		if got := m.http(test.token); got != test.want {
			t.Errorf("%s: accepted %v, want %v", test.name, got, test.want)
		}
		for carrier, got := range m.carriers(test.token) {
			if got != test.want {
				t.Errorf("%s by %s: accepted %v, want %v", test.name, carrier, got, test.want)
			}
		}
	}
}

func TestStrictAcceptsEveryMethod(t *testing.T) {
	for name, pair := range otherKeys(t) {
		parse, err := middleware.Strict{Issuers: []middleware.Issuer{{Methods: []string{name}, Keys: map[string]any{"": pair.public}}}}.Parser()
		if err != nil {
			t.Fatal(err)
		}
		m := newMatrix(t, echojwt.Config{ParseTokenFunc: parse})
		for carrier, got := range m.carriers(signed(t, pair.method, pair.private, nil, with(nil))) {
			if !got {
				t.Errorf("%s by %s: refused", name, carrier)
			}
		}
		if m.http(signed(t, jwt.SigningMethodHS256, key, nil, with(nil))) {
			t.Errorf("H052 %s: HS256 is accepted", name)
		}
	}
}

func TestStrictRefusesUnsafeSetUps(t *testing.T) {
	good := map[string]any{"": key}
	for _, test := range []struct {
		name   string
		strict middleware.Strict
		says   string
	}{
		{"no issuer", middleware.Strict{}, "Issuers"},
		{"no methods", middleware.Strict{Issuers: []middleware.Issuer{{Keys: good}}}, "Methods"},
		{"alg none", middleware.Strict{Issuers: []middleware.Issuer{{Methods: []string{"none"}, Keys: good}}}, "none"},
		{"an unknown method", middleware.Strict{Issuers: []middleware.Issuer{{Methods: []string{"HS1"}, Keys: good}}}, "HS1"},
		{"no keys", middleware.Strict{Issuers: []middleware.Issuer{{Methods: []string{"HS256"}}}}, "Keys"},
		{"H228 a short key", middleware.Strict{Issuers: []middleware.Issuer{{Methods: []string{"HS256"}, Keys: map[string]any{"": []byte("short")}}}}, "at least 32"},
		{"two issuers, one without a name", middleware.Strict{Issuers: []middleware.Issuer{{Name: "a", Methods: []string{"HS256"}, Keys: good}, {Methods: []string{"HS256"}, Keys: good}}}, "Name"},
	} {
		if _, err := test.strict.Parser(); !errors.Is(err, middleware.ErrConfig) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: got %v, want an error that names %q", test.name, err, test.says)
		}
	}
}
