package middleware_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/middleware"
)

var key = []byte("9f86d081884c7d659a2feaa0c55ad015")

const origin = "https://app.example.com"

func claims(user string) jwt.MapClaims {
	return jwt.MapClaims{
		"sub": user, "sid": "s-" + user, "jti": "t-" + user, "name": strings.ToUpper(user),
		"roles": []string{"member"}, "exp": time.Now().Add(time.Hour).Unix(),
	}
}

func sign(t testing.TB, key []byte, c jwt.Claims) string {
	t.Helper()
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func bearer(token string) string {
	return "base64url.bearer.yodel." + base64.RawURLEncoding.EncodeToString([]byte(token))
}

// door is a guarded route whose handler notes what reached it.
type door struct {
	t       *testing.T
	e       *echo.Echo
	auth    *middleware.Auth
	log     *bytes.Buffer
	reached *http.Request
	who     middleware.Principal
}

func newDoor(t *testing.T, change func(*middleware.Config)) *door {
	t.Helper()
	d := &door{t: t, e: echo.New(), log: &bytes.Buffer{}}
	config := middleware.Config{
		JWT:      echojwt.Config{SigningKey: key},
		Carriers: []middleware.Carrier{middleware.Header(), middleware.Cookie("session"), middleware.Query("token"), middleware.Subprotocol()},
		Origins:  []string{origin},
		Logger:   slog.New(slog.NewTextHandler(d.log, nil)),
	}
	if change != nil {
		change(&config)
	}
	auth, err := middleware.New(config)
	if err != nil {
		t.Fatal(err)
	}
	d.auth = auth
	d.e.GET("/ws", func(c echo.Context) error {
		d.reached = c.Request()
		d.who, _ = middleware.PrincipalFrom(c.Request().Context())
		return c.NoContent(http.StatusOK) // stands for the 101 of a WebSocket library
	}, auth.Upgrade())
	return d
}

// knock sends one handshake and returns the answer.
func (d *door) knock(change func(*http.Request)) *httptest.ResponseRecorder {
	d.t.Helper()
	request := httptest.NewRequest(http.MethodGet, "/ws?room=1", nil)
	for name, value := range map[string]string{
		"Upgrade": "websocket", "Connection": "keep-alive, Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
	} {
		request.Header.Set(name, value)
	}
	if change != nil {
		change(request)
	}
	d.reached, d.who = nil, middleware.Principal{}
	recorder := httptest.NewRecorder()
	d.e.ServeHTTP(recorder, request)
	return recorder
}

func (d *door) want(answer *httptest.ResponseRecorder, status int) {
	d.t.Helper()
	if answer.Code != status {
		d.t.Errorf("status: got %d %s, want %d", answer.Code, answer.Body, status)
	}
	if let := d.reached != nil; let != (status == http.StatusOK) {
		d.t.Errorf("next handler ran: %v, at status %d", let, status)
	}
}

func header(name string, values ...string) func(*http.Request) {
	return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = values }
}

func query(raw string) func(*http.Request) {
	return func(r *http.Request) {
		r.URL.RawQuery = raw
		r.RequestURI = "/ws?" + raw
	}
}

func all(changes ...func(*http.Request)) func(*http.Request) {
	return func(r *http.Request) {
		for _, change := range changes {
			change(r)
		}
	}
}

func cookie(values ...string) func(*http.Request) {
	return all(header("Cookie", values...), header("Origin", origin))
}

func TestCredentials(t *testing.T) {
	alice, bob := sign(t, key, claims("alice")), sign(t, key, claims("bob"))
	for _, test := range []struct {
		name    string
		knock   func(*http.Request)
		want    int
		carrier string
	}{
		{"header", header("Authorization", "Bearer "+alice), 200, "header"},
		{"header with the scheme in lower case", header("Authorization", "bearer "+alice), 200, "header"},
		{"cookie", cookie("theme=dark; session=" + alice), 200, "cookie"},
		{"query", query("room=1&token=" + alice), 200, "query"},
		{"query, percent-encoded", query("token=" + strings.ReplaceAll(alice, ".", "%2E")), 200, "query"},
		{"H045 subprotocol", header("Sec-WebSocket-Protocol", "centrifuge-protobuf, "+bearer(alice)), 200, "subprotocol"},
		{"H032 nothing", nil, 401, ""},
		{"H033 empty query", query("token="), 401, ""},
		{"H033 empty cookie", cookie("session="), 401, ""},
		{"H033 Bearer and nothing", header("Authorization", "Bearer "), 401, ""},
		{"H034 bob's cookie beside alice's token", all(query("token="+alice), cookie("session="+bob)), 400, ""},
		{"H035 bad query beside a good cookie", all(query("token=bad"), cookie("session="+alice)), 401, ""},
		{"H036 query and header", all(query("token="+alice), header("Authorization", "Bearer "+alice)), 400, ""},
		{"H036 query twice", query("token=" + alice + "&token=" + alice), 400, ""},
		{"H036 beside her own cookie", all(query("token="+alice), cookie("session="+alice)), 200, "query"},
		{"H036 beside a bad cookie", all(query("token="+alice), cookie("session=bad")), 200, "query"},
		{"H038 two cookies of one name", cookie("session=" + alice + "; session=" + bob), 400, ""},
		{"H038 in two lines", cookie("session="+alice, "session="+bob), 400, ""},
		{"H039 two headers", header("Authorization", "Bearer "+alice, "Basic eDp5"), 400, ""},
		{"another scheme", header("Authorization", "Basic eDp5"), 401, ""},
		{"H040 16 kB", query("token=" + strings.Repeat("a", 16<<10)), 401, ""},
		{"H041 100,000 dots", header("Authorization", "Bearer "+strings.Repeat(".", 100_000)), 401, ""},
		{"H044 quoted cookie", cookie(`session="` + alice + `"`), 200, "cookie"},
		{"H046 bearer entry alone", header("Sec-WebSocket-Protocol", bearer(alice)), 400, ""},
		{"H047 two bearer entries", header("Sec-WebSocket-Protocol", "yodel, "+bearer(alice)+", "+bearer(alice)), 400, ""},
		{"H047 in two lines", header("Sec-WebSocket-Protocol", "yodel, "+bearer(alice), bearer(alice)), 400, ""},
		{"H048 bad base64", header("Sec-WebSocket-Protocol", "yodel, base64url.bearer.yodel.*"), 401, ""},
		{"H048 bad UTF-8", header("Sec-WebSocket-Protocol", "yodel, "+bearer("\xff\xfe")), 401, ""},
		{"H058 no exp", query("token=" + sign(t, key, jwt.MapClaims{"sub": "alice"})), 401, ""},
		{"H064 sub is a number", query("token=" + sign(t, key, jwt.MapClaims{"sub": 7, "exp": time.Now().Add(time.Hour).Unix()})), 401, ""},
		{"H064 sub of 10 kB is over the token limit", query("token=" + sign(t, key, claims(strings.Repeat("x", 10_000)))), 401, ""},
		{"H064 sub of 300 bytes", query("token=" + sign(t, key, claims(strings.Repeat("x", 300)))), 401, ""},
		{"another key", query("token=" + sign(t, []byte(strings.Repeat("z", 40)), claims("alice"))), 401, ""},
		{"bad percent-encoding", query("token=%zz"), 401, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDoor(t, nil)
			answer := d.knock(test.knock)
			d.t = t
			d.want(answer, test.want)
			if test.want != 200 {
				wantUniform(t, answer)
				for _, secret := range []string{alice, bob, bearer(alice)} {
					if strings.Contains(d.log.String()+answer.Body.String(), secret) {
						t.Error("a token stands in the log or the answer")
					}
				}
				if !strings.Contains(d.log.String(), "reason=") {
					t.Errorf("no reason was logged: %s", d.log)
				}
				return
			}
			d.wantScrubbed(test.carrier)
		})
	}
}

func wantUniform(t *testing.T, answer *httptest.ResponseRecorder) {
	t.Helper()
	var body middleware.Body
	if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil || body.Error.Code == "" || body.Error.Message == "" {
		t.Errorf("body: got %q, %v", answer.Body, err)
	}
}

// wantScrubbed is H050: what lives on behind the socket holds no credential.
func (d *door) wantScrubbed(carrier string) {
	d.t.Helper()
	if d.who.UserID != "alice" || d.who.SessionID != "s-alice" || d.who.TokenID != "t-alice" || d.who.Carrier != carrier || len(d.who.Roles) != 1 {
		d.t.Errorf("principal: got %+v", d.who)
	}
	r := d.reached
	left := r.URL.String() + " " + r.RequestURI
	for name, values := range r.Header {
		left += " " + name + ":" + strings.Join(values, ",")
	}
	for _, trace := range []string{"eyJ", "bearer", "Bearer", "token=", "session="} {
		if strings.Contains(left, trace) {
			d.t.Errorf("H050: %q is left in %s", trace, left)
		}
	}
	if r.URL.Query().Get("room") == "" && carrier == "header" {
		d.t.Error("another parameter was lost")
	}
}

func TestKeepsWhatIsNoCredential(t *testing.T) {
	d := newDoor(t, nil)
	token := sign(t, key, claims("alice"))
	d.want(d.knock(all(query("a=1&token="+token+"&b=%20x"), cookie("theme=dark; session="+token+"; lang=de"), header("Sec-WebSocket-Protocol", "yodel, chat"))), 200)
	if got := d.reached.RequestURI; got != "/ws?a=1&b=%20x" {
		t.Errorf("RequestURI: got %s", got)
	}
	if got := d.reached.Header.Get("Cookie"); got != "theme=dark; lang=de" {
		t.Errorf("Cookie: got %s", got)
	}
	if got := d.reached.Header.Get("Sec-WebSocket-Protocol"); got != "yodel, chat" {
		t.Errorf("Sec-WebSocket-Protocol: got %s", got)
	}
}

func TestHandshake(t *testing.T) {
	token := sign(t, key, claims("alice"))
	for _, test := range []struct {
		name  string
		knock func(*http.Request)
		want  int
	}{
		{"H017 no Upgrade", header("Upgrade"), 426},
		{"H017 no Connection", header("Connection", "keep-alive"), 426},
		{"H018 version 8", header("Sec-WebSocket-Version", "8"), 426},
		{"H018 no version", header("Sec-WebSocket-Version"), 426},
		{"a key that is no nonce", header("Sec-WebSocket-Key", "short"), 400},
		{"H021 extended CONNECT", func(r *http.Request) {
			r.Method, r.ProtoMajor, r.ProtoMinor = http.MethodConnect, 2, 0
			r.Header[":protocol"] = []string{"websocket"}
		}, 405},
		{"H020 HTTP/2", func(r *http.Request) { r.ProtoMajor, r.ProtoMinor = 2, 0 }, 426},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDoor(t, nil)
			d.t = t
			answer := d.knock(all(header("Authorization", "Bearer "+token), test.knock))
			d.want(answer, test.want)
			if test.want == 426 && answer.Header().Get("Sec-WebSocket-Version") != "13" {
				t.Error("the answer names no version")
			}
		})
	}
}

func TestOrigins(t *testing.T) {
	token := sign(t, key, claims("alice"))
	byCookie := header("Cookie", "session="+token)
	for _, test := range []struct {
		name   string
		origin []string
		want   int
	}{
		{"the listed one", []string{origin}, 200},
		{"H001 evil", []string{"https://evil.example"}, 403},
		{"H002 null", []string{"null"}, 403},
		{"H003 none", nil, 403},
		{"H006 another scheme", []string{"http://app.example.com"}, 403},
		{"H006 no scheme", []string{"//app.example.com"}, 403},
		{"H006 ftp", []string{"ftp://app.example.com"}, 403},
		{"H007 another port", []string{"https://app.example.com:8443"}, 403},
		{"H009 suffix", []string{"https://app.example.com.evil.com"}, 403},
		{"H009 prefix", []string{"https://evilapp.example.com"}, 403},
		{"H009 hyphen", []string{"https://app-example.com"}, 403},
		{"H009 trailing dot", []string{"https://app.example.com."}, 403},
		{"user information", []string{"https://u@app.example.com"}, 403},
		{"H015 sibling", []string{"https://blog.example.com"}, 403},
		{"two", []string{origin, "https://evil.example"}, 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDoor(t, nil)
			d.t = t
			d.want(d.knock(all(byCookie, header("Origin", test.origin...))), test.want)
		})
	}
	d := newDoor(t, nil)
	rebound := func(r *http.Request) { r.Host = "evil.test" }
	d.want(d.knock(all(byCookie, rebound, header("Origin", "https://evil.test"))), 403) // H011_dns_rebinding
	forged := all(header("X-Forwarded-Host", "evil.test"), header("X-Forwarded-Proto", "https"))
	d.want(d.knock(all(byCookie, forged, header("Origin", "https://evil.test"))), 403) // H012_forged_forwarded_host
	d.want(d.knock(all(header("Authorization", "Bearer "+token), header("Sec-Fetch-Site", "cross-site"))), 403)
	d.want(d.knock(all(byCookie, header("Sec-Fetch-Site", "cross-site"), header("Origin", "https://evil.example"))), 403)  // H013
	d.want(d.knock(all(byCookie, header("Sec-Fetch-Site", "same-origin"), header("Origin", "https://evil.example"))), 403) // H014
	d.want(d.knock(header("Authorization", "Bearer "+token)), 200)
	if !strings.Contains(d.log.String(), "event=origin_refused") {
		t.Errorf("log: %s", d.log)
	}
}

func TestTheAppsConfigurationDecides(t *testing.T) {
	good := header("Authorization", "Bearer "+sign(t, key, claims("alice")))
	bad := header("Authorization", "Bearer bad")
	for _, test := range []struct {
		name   string
		change func(*middleware.Config)
		knock  func(*http.Request)
		want   int
	}{
		{"H070 Skipper", func(c *middleware.Config) { c.JWT.Skipper = func(echo.Context) bool { return true } }, good, 401},
		{"H070 ErrorHandler returns nil", func(c *middleware.Config) { c.JWT.ErrorHandler = func(echo.Context, error) error { return nil } }, bad, 401},
		{"H070 ErrorHandler answers 200", func(c *middleware.Config) {
			c.JWT.ErrorHandler = func(c echo.Context, _ error) error { return c.String(200, "fine") }
		}, bad, 401},
		{"H070 ErrorHandler makes a guest", func(c *middleware.Config) {
			c.JWT.ContinueOnIgnoredError = true
			c.JWT.ErrorHandler = func(c echo.Context, _ error) error {
				c.Set("user", &jwt.Token{Claims: claims("guest")})
				return nil
			}
		}, bad, 401},
		{"ErrorHandler answers in the app's own way", func(c *middleware.Config) {
			c.JWT.ErrorHandler = func(c echo.Context, _ error) error { return c.String(418, "mine") }
		}, bad, 418},
		{"ErrorHandler returns the app's own error", func(c *middleware.Config) {
			c.JWT.ErrorHandler = func(echo.Context, error) error { return echo.NewHTTPError(451, "mine") }
		}, bad, 451},
		{"H071 a type that nobody can map", func(c *middleware.Config) {
			c.JWT.ParseTokenFunc = func(echo.Context, string) (any, error) { return 42, nil }
		}, good, 401},
		{"H073 BeforeFunc panics", func(c *middleware.Config) { c.JWT.BeforeFunc = func(echo.Context) { panic("boom") } }, good, 500},
		{"H073 SuccessHandler panics", func(c *middleware.Config) { c.JWT.SuccessHandler = func(echo.Context) { panic("boom") } }, good, 500},
		{"H073 KeyFunc panics", func(c *middleware.Config) { c.JWT.KeyFunc = func(*jwt.Token) (any, error) { panic("boom") } }, good, 500},
		{"another context key", func(c *middleware.Config) { c.JWT.ContextKey = "jwt" }, good, 200},
		{"H068 Check refuses", func(c *middleware.Config) {
			c.Check = func(context.Context, middleware.Principal) error { return errors.New("disabled") }
		}, good, 401},
		{"Check can't tell", func(c *middleware.Config) {
			c.Check = func(context.Context, middleware.Principal) error { return middleware.ErrUnavailable }
		}, good, 503},
		{"H030 no room", func(c *middleware.Config) { c.Admit = func(*http.Request) error { return errors.New("full") } }, good, 503},
		{"too many from there", func(c *middleware.Config) { c.Admit = func(*http.Request) error { return middleware.ErrTooMany } }, good, 429},
		{"a carrier that is off", func(c *middleware.Config) { c.Carriers = nil }, header("Sec-WebSocket-Protocol", "yodel, "+bearer("x")), 401},
		{"no exp where the app says so", func(c *middleware.Config) { c.AllowNoExpiry = true },
			header("Authorization", "Bearer "+sign(t, key, jwt.MapClaims{"sub": "alice"})), 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDoor(t, test.change)
			d.t = t
			d.want(d.knock(test.knock), test.want)
		})
	}
}

type ownClaims struct {
	jwt.RegisteredClaims
	Session string   `json:"sid"`
	Roles   []string `json:"roles"`
}

func TestReadsTheAppsOwnClaims(t *testing.T) {
	d := newDoor(t, func(c *middleware.Config) {
		c.JWT.NewClaimsFunc = func(echo.Context) jwt.Claims { return new(ownClaims) }
	})
	d.want(d.knock(header("Authorization", "Bearer "+sign(t, key, claims("alice")))), 200)
	if d.who.SessionID != "s-alice" || d.who.TokenID != "t-alice" || len(d.who.Roles) != 1 || d.who.ExpiresAt.IsZero() {
		t.Errorf("principal: got %+v", d.who)
	}
	if _, ok := d.who.Claims.(*ownClaims); !ok {
		t.Errorf("claims: got %T", d.who.Claims)
	}
}

func TestUnsafeSetUpsDoNotStart(t *testing.T) {
	good := func() middleware.Config { return middleware.Config{JWT: echojwt.Config{SigningKey: key}} }
	for _, test := range []struct {
		name   string
		change func(*middleware.Config)
		says   string
	}{
		{"no key", func(c *middleware.Config) { c.JWT.SigningKey = nil }, "SigningKey"},
		{"H228 short key", func(c *middleware.Config) { c.JWT.SigningKey = []byte("too short") }, "at least 32"},
		{"H228 repeated byte", func(c *middleware.Config) { c.JWT.SigningKey = bytes.Repeat([]byte("a"), 40) }, "repeated"},
		{"H228 known example", func(c *middleware.Config) { c.JWT.SigningKey = []byte("changeme" + strings.Repeat("x1", 20)) }, "tutorial"},
		{"H228 one of several", func(c *middleware.Config) { c.JWT.SigningKeys = map[string]any{"old": []byte("weak")} }, `"old"`},
		{"a string key", func(c *middleware.Config) { c.JWT.SigningKey = string(key) }, "[]byte"},
		{"alg none", func(c *middleware.Config) { c.JWT.SigningMethod = "none" }, "none"},
		{"cookie without origins", func(c *middleware.Config) { c.Carriers = []middleware.Carrier{middleware.Cookie("session")} }, "Origins"},
		{"H229 wildcard origin", func(c *middleware.Config) { c.Origins = []string{"*"} }, "wildcard"},
		{"wildcard host", func(c *middleware.Config) { c.Origins = []string{"https://*.example.com"} }, "wildcard"},
		{"origin with a path", func(c *middleware.Config) { c.Origins = []string{"https://app.example.com/"} }, "https://app.example.com"},
		{"origin in capitals", func(c *middleware.Config) { c.Origins = []string{"https://App.example.com"} }, "https://app.example.com"},
		{"origin with the default port", func(c *middleware.Config) { c.Origins = []string{"https://app.example.com:443"} }, "https://app.example.com"},
		{"origin without scheme", func(c *middleware.Config) { c.Origins = []string{"app.example.com"} }, "scheme"},
		{"no carriers", func(c *middleware.Config) { c.Carriers = []middleware.Carrier{} }, "Carriers"},
		{"twice the same", func(c *middleware.Config) {
			c.Carriers = []middleware.Carrier{middleware.Header(), middleware.Header()}
		}, "twice"},
		{"an empty carrier", func(c *middleware.Config) { c.Carriers = []middleware.Carrier{{}} }, "empty Carrier"},
		{"a cookie without a name", func(c *middleware.Config) { c.Carriers = []middleware.Carrier{middleware.Cookie("")} }, "cookie name"},
		{"negative size", func(c *middleware.Config) { c.MaxTokenBytes = -1 }, "MaxTokenBytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			config := good()
			test.change(&config)
			_, err := middleware.New(config)
			if !errors.Is(err, middleware.ErrConfig) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("New: got %v, want ErrConfig that names %q", err, test.says)
			}
		})
	}
	if _, err := middleware.New(good()); err != nil {
		t.Errorf("the safe one: %v", err)
	}
}

func TestScrubAroundTheWholeServer(t *testing.T) {
	d := newDoor(t, nil)
	token := sign(t, key, claims("alice"))
	seen := ""
	outer := d.auth.Scrub(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.RequestURI + r.URL.String() + r.Header.Get("Authorization")
		d.e.ServeHTTP(w, r)
	}))
	request := httptest.NewRequest(http.MethodGet, "/ws?token="+token, nil)
	for name, value := range map[string]string{"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="} {
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	outer.ServeHTTP(recorder, request)
	if strings.Contains(seen, token) {
		t.Error("the token was seen behind Scrub")
	}
	d.want(recorder, 200)

	plain := httptest.NewRequest(http.MethodGet, "/elsewhere?token="+url.QueryEscape(token), nil)
	plain.Header.Set("Authorization", "Bearer "+token)
	outer.ServeHTTP(httptest.NewRecorder(), plain)
	if seen != "/elsewhere/elsewhereBearer "+token {
		t.Errorf("an ordinary request: got %s, want the parameter gone and the header kept", seen)
	}
}

func TestH072_other_lookups_are_off_on_the_socket(t *testing.T) {
	d := newDoor(t, func(c *middleware.Config) {
		c.JWT.TokenLookup = "query:jwt,form:jwt,param:jwt,header:Authorization:Bearer "
		c.Carriers = nil
	})
	for _, source := range []string{"query:jwt", "form:jwt", "param:jwt"} {
		if !strings.Contains(d.log.String(), source) {
			t.Errorf("the start log does not say that %s is off: %s", source, d.log)
		}
	}
	token := sign(t, key, claims("alice"))
	d.want(d.knock(query("jwt="+token)), 401)
	d.want(d.knock(header("Authorization", "Bearer "+token)), 200)
}

func TestH237_a_proxy_without_an_extractor_is_told_once(t *testing.T) {
	d := newDoor(t, nil)
	for range 3 {
		d.knock(header("X-Forwarded-For", "203.0.113.9"))
	}
	if got := strings.Count(d.log.String(), "requests carry X-Forwarded-For"); got != 1 {
		t.Errorf("warnings: got %d, want 1: %s", got, d.log)
	}
	if strings.Contains(d.log.String(), "remote_ip=203.0.113.9") {
		t.Error("H183: the forged address was believed")
	}
}
