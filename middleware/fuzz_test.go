package middleware_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/middleware"
)

// fuzzed is a guarded route for outside bytes of every kind, whose one good
// token is the word "open sesame".
type fuzzed struct {
	e       *echo.Echo
	auth    *middleware.Auth
	reached *http.Request
}

const sesame = "open sesame"

func newFuzzed(f *testing.F) *fuzzed { return newFuzzedWith(f) }

// newFuzzedWith accepts further carriers.
func newFuzzedWith(f *testing.F, more ...middleware.Carrier) *fuzzed {
	f.Helper()
	d := &fuzzed{e: echo.New()}
	auth, err := middleware.New(middleware.Config{
		JWT: echojwt.Config{ParseTokenFunc: func(_ echo.Context, token string) (any, error) {
			if token != sesame {
				return nil, echojwt.ErrJWTInvalid
			}
			return "alice", nil
		}},
		Principal:     func(echo.Context) (middleware.Principal, error) { return middleware.Principal{UserID: "alice"}, nil },
		Carriers:      append([]middleware.Carrier{middleware.Header(), middleware.Cookie("session"), middleware.Query("token"), middleware.Subprotocol()}, more...),
		Origins:       []string{origin},
		AllowNoExpiry: true,
		Logger:        quiet,
	})
	if err != nil {
		f.Fatal(err)
	}
	d.auth = auth
	d.e.GET("/ws", func(c echo.Context) error {
		d.reached = c.Request()
		return c.NoContent(http.StatusOK)
	}, auth.Upgrade())
	d.e.POST("/ticket", auth.IssueTicket())
	return d
}

// mint returns a good ticket.
func (d *fuzzed) mint(tb testing.TB) string {
	tb.Helper()
	request := httptest.NewRequest(http.MethodPost, "/ticket", nil)
	request.Header.Set("Authorization", "Bearer "+sesame)
	recorder := httptest.NewRecorder()
	d.e.ServeHTTP(recorder, request)
	var minted middleware.Minted
	if err := json.Unmarshal(recorder.Body.Bytes(), &minted); err != nil || minted.Ticket == "" {
		tb.Fatalf("mint: %d %s", recorder.Code, recorder.Body)
	}
	return minted.Ticket
}

// knock reports whether the handler was reached, and with what.
func (d *fuzzed) knock(change func(*http.Request)) (*http.Request, bool) {
	request := httptest.NewRequest(http.MethodGet, "/ws", nil)
	for name, value := range map[string]string{
		"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
	} {
		request.Header.Set(name, value)
	}
	change(request)
	d.reached = nil
	d.e.ServeHTTP(httptest.NewRecorder(), request)
	return d.reached, d.reached != nil
}

func FuzzQuery(f *testing.F) {
	for _, seed := range []string{"", "token=", "token=open+sesame", "token=open%20sesame", "token=open%2520sesame", "token=a&token=open+sesame",
		"%74oken=open+sesame", "token=%", "token=open+sesame;x", "&&=&token=open+sesame&room=1", "TOKEN=open+sesame", "token=\x00", "a=token=open+sesame"} {
		f.Add(seed)
	}
	d := newFuzzed(f)
	f.Fuzz(func(t *testing.T, raw string) {
		reached, ok := d.knock(func(r *http.Request) { r.URL.RawQuery, r.RequestURI = raw, "/ws?"+raw })
		var carried []string
		for pair := range strings.SplitSeq(raw, "&") {
			key, value, _ := strings.Cut(pair, "=")
			if name, err := url.QueryUnescape(key); err == nil && name == "token" && value != "" {
				text, err := url.QueryUnescape(value)
				if err != nil {
					text = "unreadable"
				}
				carried = append(carried, text)
			}
		}
		if want := slices.Equal(carried, []string{sesame}); ok != want {
			t.Errorf("query %q: reached %v, want %v", raw, ok, want)
		}
		if !ok {
			return
		}
		for pair := range strings.SplitSeq(reached.URL.RawQuery, "&") {
			key, _, _ := strings.Cut(pair, "=")
			if name, err := url.QueryUnescape(key); err == nil && name == "token" {
				t.Errorf("query %q: the credential stayed in the URL as %q", raw, reached.URL.RawQuery)
			}
		}
		if !strings.HasSuffix(reached.RequestURI, reached.URL.RawQuery) || strings.Contains(reached.RequestURI, "sesame") && !strings.Contains(reached.URL.RawQuery, "sesame") {
			t.Errorf("query %q: RequestURI is %q", raw, reached.RequestURI)
		}
	})
}

func FuzzCookie(f *testing.F) {
	for _, seed := range []string{"", "session=", "session=open sesame", `session="open sesame"`, "session=open sesame; session=open sesame",
		"a=b; session=open sesame", "session =open sesame", ";;=;session=open sesame", "session=open sesame\x00", "Session=open sesame", "xsession=open sesame"} {
		f.Add(seed)
	}
	d := newFuzzed(f)
	f.Fuzz(func(t *testing.T, line string) {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.Header["Cookie"] = []string{line}
		var want []string
		for _, cookie := range request.CookiesNamed("session") {
			want = append(want, cookie.Value)
		}
		reached, ok := d.knock(func(r *http.Request) {
			r.Header["Cookie"] = []string{line}
			r.Header.Set("Origin", origin)
		})
		if accepted := slices.Equal(want, []string{sesame}); ok != accepted {
			t.Errorf("cookie %q: reached %v, want %v", line, ok, accepted)
		}
		if ok && len(reached.CookiesNamed("session")) > 0 {
			t.Errorf("cookie %q: the credential stayed as %q", line, reached.Header["Cookie"])
		}
	})
}

func FuzzSubprotocol(f *testing.F) {
	good := bearer(sesame)
	for _, seed := range []string{"", "yodel", good, "yodel, " + good, good + ",yodel", good + "," + good + ",yodel", "yodel," + good + "=",
		"yodel,base64url.bearer.yodel.", "yodel,BASE64URL.bearer.yodel.x", "yodel, base64url.bearer.yodel.\xff", " , ,yodel,\t" + good} {
		f.Add(seed)
	}
	d := newFuzzed(f)
	f.Fuzz(func(t *testing.T, list string) {
		reached, ok := d.knock(func(r *http.Request) { r.Header["Sec-Websocket-Protocol"] = []string{list} })
		bearers, real := 0, 0
		for entry := range strings.SplitSeq(list, ",") {
			switch entry = strings.TrimSpace(entry); {
			case strings.HasPrefix(entry, "base64url.bearer.yodel."):
				bearers++
			case entry != "":
				real++
			}
		}
		if want := bearers == 1 && real > 0 && strings.Contains(list, good); ok && !want {
			t.Errorf("list %q: reached, want refused", list)
		}
		if !ok {
			return
		}
		for entry := range strings.SplitSeq(reached.Header.Get("Sec-WebSocket-Protocol"), ",") {
			if strings.HasPrefix(strings.TrimSpace(entry), "base64url.bearer.yodel.") {
				t.Errorf("list %q: the credential stayed", list)
			}
		}
	})
}

func FuzzOrigin(f *testing.F) {
	for _, seed := range []string{"", "null", origin, origin + "/", origin + ".", "http://app.example.com", "https://app.example.com:443", "https://app.example.com.evil.example",
		"https://APP.example.com", "//app.example.com", "https://u@app.example.com", " " + origin, origin + "\x00", origin + ", " + origin} {
		f.Add(seed)
	}
	d := newFuzzed(f)
	f.Fuzz(func(t *testing.T, value string) {
		_, ok := d.knock(func(r *http.Request) {
			r.Header["Origin"] = []string{value}
			r.Header.Set("Authorization", "Bearer "+sesame)
		})
		if want := value == origin; ok != want {
			t.Errorf("origin %q: reached %v, want %v", value, ok, want)
		}
	})
}

func FuzzTicket(f *testing.F) {
	store := middleware.NewMemoryTickets(1_000_000, 1_000_000)
	d := newFuzzedWith(f, middleware.Ticket(store))
	good := d.mint(f)
	for _, seed := range []string{"", good, good + "A", good[1:], strings.ToUpper(good), good + "=", "%" + good, strings.Repeat("A", 43), strings.Repeat("A", 1<<16), "\x00", good + "&ticket=" + good} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		reached, ok := d.knock(func(r *http.Request) { r.URL.RawQuery, r.RequestURI = "ticket="+raw, "/ws?ticket="+raw })
		if value, err := url.QueryUnescape(raw); ok && (err != nil || value != good) {
			t.Errorf("ticket %q opened", raw)
		}
		if !ok {
			return
		}
		if strings.Contains(reached.RequestURI, good) {
			t.Errorf("ticket %q stayed in %q", raw, reached.RequestURI)
		}
		good = d.mint(t)
	})
}

func FuzzTicketRequest(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"route":"/ws"}`, `{"route":"/api"}`, `{"route":7}`, `{"first_message":true}`, "null", "[]", `{"route":"/ws"}{}`, "\xff", `{"route":null}`} {
		f.Add(seed)
	}
	d := newFuzzedWith(f, middleware.Ticket(middleware.NewMemoryTickets(1_000_000, 10_000_000)))
	f.Fuzz(func(t *testing.T, body string) {
		request := httptest.NewRequest(http.MethodPost, "/ticket", strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+sesame)
		recorder := httptest.NewRecorder()
		d.e.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusOK && recorder.Code != http.StatusBadRequest {
			t.Errorf("body %q: got %d", body, recorder.Code)
		}
	})
}

func FuzzFirstMessageToken(f *testing.F) {
	for _, seed := range []string{"", sesame, sesame + " ", "Bearer " + sesame, "\x00" + sesame, strings.Repeat(".", 9000)} {
		f.Add(seed)
	}
	d := newFuzzed(f)
	guard, err := d.auth.UpgradePending(middleware.PendingConfig{Carriers: []middleware.Carrier{middleware.FirstMessage()}, Admit: func(string) error { return nil }})
	if err != nil {
		f.Fatal(err)
	}
	d.e.GET("/ws", func(c echo.Context) error {
		d.reached = c.Request()
		return c.NoContent(http.StatusOK)
	}, guard)
	f.Fuzz(func(t *testing.T, token string) {
		reached, ok := d.knock(func(*http.Request) {})
		if !ok {
			t.Fatal("not let in as pending")
		}
		ctx, err := d.auth.VerifyMessage(reached.Context(), token)
		if (err == nil) != (token == sesame) || (ctx == nil) != (err != nil) {
			t.Errorf("token %q: got %v", token, err)
		}
		if err != nil && token != "" && len(token) > 8 && strings.Contains(err.Error(), token) {
			t.Errorf("the error shows the token: %v", err)
		}
	})
}
