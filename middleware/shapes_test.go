package middleware_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"
	echomw "github.com/labstack/echo/v4/middleware"

	"github.com/yodelrt/yodel/middleware"
)

// shape is an application as people write them, with its socket route plugged
// in. build returns it with two tokens: one that its HTTP route accepts and one
// that it refuses.
type shape struct {
	name  string
	build func(t *testing.T) (e *echo.Echo, good, bad string)
}

func guardOf(t *testing.T, config middleware.Config) *middleware.Auth {
	t.Helper()
	config.Logger = quiet
	auth, err := middleware.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return auth
}

func ok(c echo.Context) error { return c.NoContent(http.StatusOK) }

func signWith(t *testing.T, method jwt.SigningMethod, key any, c jwt.Claims) string {
	t.Helper()
	signed, err := jwt.NewWithClaims(method, c).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// appUser is what an app's own parser may return.
type appUser struct {
	ID  int
	End time.Time
}

type userIDClaims struct {
	jwt.RegisteredClaims
	UserID json.Number `json:"userId"`
}

var shapes = []shape{
	{"echo-jwt over the whole server, with a Skipper for public paths", func(t *testing.T) (*echo.Echo, string, string) {
		config := echojwt.Config{SigningKey: key, Skipper: func(c echo.Context) bool { return c.Path() == "/public" }}
		e := echo.New()
		e.Use(guardOf(t, middleware.Config{JWT: config}).Guard()) // was: e.Use(echojwt.WithConfig(config))
		e.GET("/ws", ok)
		e.GET("/api/me", ok)
		e.GET("/public", ok)
		return e, sign(t, key, claims("alice")), "bad"
	}},
	{"echo-jwt on a group", func(t *testing.T) (*echo.Echo, string, string) {
		config := echojwt.Config{SigningKey: key}
		e := echo.New()
		api := e.Group("/api", echojwt.WithConfig(config))
		api.GET("/me", ok)
		e.GET("/ws", ok, guardOf(t, middleware.Config{JWT: config}).Upgrade())
		return e, sign(t, key, claims("alice")), "bad"
	}},
	{"the guard on a group of the socket's own", func(t *testing.T) (*echo.Echo, string, string) {
		config := echojwt.Config{SigningKey: key}
		e := echo.New()
		e.Group("", guardOf(t, middleware.Config{JWT: config}).Upgrade()).GET("/ws", ok)
		e.GET("/api/me", ok, echojwt.WithConfig(config))
		return e, sign(t, key, claims("alice")), "bad"
	}},
	{"another ContextKey", func(t *testing.T) (*echo.Echo, string, string) {
		config := echojwt.Config{SigningKey: key, ContextKey: "jwt"}
		handler := func(c echo.Context) error {
			return c.String(200, c.Get("jwt").(*jwt.Token).Claims.(jwt.MapClaims)["sub"].(string))
		}
		return mounted(t, middleware.Config{JWT: config}, handler), sign(t, key, claims("alice")), "bad"
	}},
	{"a ParseTokenFunc that returns the app's own type", func(t *testing.T) (*echo.Echo, string, string) {
		config := echojwt.Config{ParseTokenFunc: func(_ echo.Context, token string) (any, error) {
			id, err := strconv.Atoi(strings.TrimPrefix(token, "user-"))
			if err != nil {
				return nil, errors.New("no such token")
			}
			return appUser{id, time.Now().Add(time.Hour)}, nil
		}}
		return mounted(t, middleware.Config{JWT: config, Principal: func(c echo.Context) (middleware.Principal, error) {
			user, known := c.Get("user").(appUser)
			if !known {
				return middleware.Principal{}, errors.New("nobody")
			}
			return middleware.Principal{UserID: strconv.Itoa(user.ID), ExpiresAt: user.End}, nil
		}}, ok), "user-7", "user-x"
	}},
	{"a KeyFunc with RSA keys while SigningKey is set too", func(t *testing.T) (*echo.Echo, string, string) {
		private, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		config := echojwt.Config{SigningKey: []byte("left over"), KeyFunc: func(token *jwt.Token) (any, error) {
			if token.Method != jwt.SigningMethodRS256 {
				return nil, errors.New("another method")
			}
			return &private.PublicKey, nil
		}}
		return mounted(t, middleware.Config{JWT: config}, ok), signWith(t, jwt.SigningMethodRS256, private, claims("alice")), sign(t, []byte("left over"), claims("alice"))
	}},
	{"HS512", func(t *testing.T) (*echo.Echo, string, string) {
		config := echojwt.Config{SigningKey: key, SigningMethod: "HS512"}
		return mounted(t, middleware.Config{JWT: config}, ok), signWith(t, jwt.SigningMethodHS512, key, claims("alice")), sign(t, key, claims("alice"))
	}},
	{"custom claims with a numeric userId instead of sub", func(t *testing.T) (*echo.Echo, string, string) {
		config := echojwt.Config{SigningKey: key, NewClaimsFunc: func(echo.Context) jwt.Claims { return new(userIDClaims) }}
		good := sign(t, key, jwt.MapClaims{"userId": 42, "exp": time.Now().Add(time.Hour).Unix()})
		return mounted(t, middleware.Config{JWT: config, Principal: func(c echo.Context) (middleware.Principal, error) {
			own := c.Get("user").(*jwt.Token).Claims.(*userIDClaims)
			return middleware.Principal{UserID: own.UserID.String(), ExpiresAt: own.ExpiresAt.Time}, nil
		}}, ok), good, "bad"
	}},
	{"a SuccessHandler that copies claims, and code that asserts *jwt.Token", func(t *testing.T) (*echo.Echo, string, string) {
		config := echojwt.Config{SigningKey: key, SuccessHandler: func(c echo.Context) {
			c.Set("id", c.Get("user").(*jwt.Token).Claims.(jwt.MapClaims)["sub"])
		}}
		handler := func(c echo.Context) error {
			if c.Get("id") != "alice" || !c.Get("user").(*jwt.Token).Valid {
				return errors.New("the context is not what the app expects")
			}
			return ok(c)
		}
		return mounted(t, middleware.Config{JWT: config}, handler), sign(t, key, claims("alice")), "bad"
	}},
	{"an ErrorHandler that answers in the app's envelope", func(t *testing.T) (*echo.Echo, string, string) {
		config := echojwt.Config{SigningKey: key, ErrorHandler: func(c echo.Context, _ error) error {
			return c.JSON(http.StatusUnauthorized, map[string]any{"ok": false, "why": "login"})
		}}
		return mounted(t, middleware.Config{JWT: config}, ok), sign(t, key, claims("alice")), "bad"
	}},
	{"a second middleware that loads the user and refuses", func(t *testing.T) (*echo.Echo, string, string) {
		config := echojwt.Config{SigningKey: key}
		load := func(next echo.HandlerFunc) echo.HandlerFunc {
			return func(c echo.Context) error {
				if c.Get("user").(*jwt.Token).Claims.(jwt.MapClaims)["sub"] != "alice" {
					return echo.ErrUnauthorized
				}
				return next(c)
			}
		}
		e := echo.New()
		e.GET("/ws", ok, guardOf(t, middleware.Config{JWT: config}).Upgrade(), load)
		e.GET("/api/me", ok, echojwt.WithConfig(config), load)
		return e, sign(t, key, claims("alice")), sign(t, key, claims("deleted"))
	}},
}

// mounted is the commonest arrangement: one handler behind the guard, the same
// behind echo-jwt.
func mounted(t *testing.T, config middleware.Config, handler echo.HandlerFunc) *echo.Echo {
	e := echo.New()
	e.GET("/ws", handler, guardOf(t, config).Upgrade())
	e.GET("/api/me", handler, echojwt.WithConfig(config.JWT))
	return e
}

func ask(e *echo.Echo, path, token string) (int, string) {
	request := httptest.NewRequest(http.MethodGet, path, nil)
	for name, value := range map[string]string{
		"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
	} {
		request.Header.Set(name, value)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, request)
	return recorder.Code, recorder.Body.String()
}

func TestShapesOfRealApps(t *testing.T) {
	for _, shape := range shapes {
		t.Run(shape.name, func(t *testing.T) {
			e, good, bad := shape.build(t)
			for token, want := range map[string]int{good: http.StatusOK, bad: http.StatusUnauthorized, "": http.StatusUnauthorized} {
				status, body := ask(e, "/ws", token)
				if status != want {
					t.Errorf("socket: got %d %s, want %d", status, body, want)
				}
				plainStatus, plainBody := ask(e, "/api/me", token)
				if (plainStatus == http.StatusOK) != (status == http.StatusOK) {
					t.Errorf("HTTP route: got %d, the socket %d", plainStatus, status)
				}
				if strings.Contains(shape.name, "envelope") && body != plainBody {
					t.Errorf("answer: got %s, the HTTP route gives %s", body, plainBody)
				}
			}
		})
	}
}

func TestGuardLeavesOtherRoutesAsTheyWere(t *testing.T) {
	e, good, _ := shapes[0].build(t)
	for _, test := range []struct {
		path, token string
		want        int
	}{{"/public", "", 200}, {"/api/me", good, 200}, {"/api/me", "", 401}, {"/ws", good, 200}} {
		request := httptest.NewRequest(http.MethodGet, test.path, nil)
		if test.token != "" {
			request.Header.Set("Authorization", "Bearer "+test.token)
		}
		if test.path == "/ws" {
			test.want = http.StatusUpgradeRequired // a plain GET
		}
		recorder := httptest.NewRecorder()
		e.ServeHTTP(recorder, request)
		if recorder.Code != test.want {
			t.Errorf("%s: got %d, want %d", test.path, recorder.Code, test.want)
		}
	}
	if status, _ := ask(e, "/public", ""); status != http.StatusOK {
		t.Errorf("a handshake to a public path: got %d, want 200 as without the guard", status)
	}
}

func TestH031_a_route_without_its_guard_is_found_at_start(t *testing.T) {
	auth := guardOf(t, middleware.Config{JWT: echojwt.Config{SigningKey: key}, Routes: []string{"/ws", "/rooms/:id/ws"}})
	e := echo.New()
	e.GET("/ws", ok, auth.Upgrade())
	if err := auth.CheckRoutes(e); !errors.Is(err, middleware.ErrConfig) || !strings.Contains(fmt.Sprint(err), "/rooms/:id/ws") {
		t.Errorf("an unregistered route: got %v", err)
	}
	e = echo.New()
	e.GET("/ws", ok, auth.Upgrade())
	e.GET("/rooms/:id/ws", ok)
	if err := auth.CheckRoutes(e); !errors.Is(err, middleware.ErrConfig) || !strings.Contains(fmt.Sprint(err), "without meeting") {
		t.Errorf("an unguarded route: got %v", err)
	}
	for name, test := range map[string]struct {
		around echo.MiddlewareFunc
		says   string
	}{
		"alone":               {func(next echo.HandlerFunc) echo.HandlerFunc { return next }, ""},
		"H028 Recover":        {echomw.Recover(), ""},
		"H028 Gzip":           {echomw.Gzip(), ""},
		"H028 BodyDump":       {echomw.BodyDump(func(echo.Context, []byte, []byte) {}), ""},
		"H028 BodyLimit":      {echomw.BodyLimit("1M"), ""},
		"H028 Secure":         {echomw.Secure(), ""},
		"H028 ContextTimeout": {echomw.ContextTimeout(time.Second), ""},
		//lint:ignore SA1019 applications still have it
		"H028 Timeout refuses": {echomw.TimeoutWithConfig(echomw.TimeoutConfig{Timeout: time.Second}), "Timeout"},
	} {
		e = echo.New()
		e.Use(test.around)
		e.GET("/ws", ok, auth.Upgrade())
		e.GET("/rooms/:id/ws", ok, auth.Upgrade())
		err := auth.CheckRoutes(e)
		if test.says == "" && err != nil || test.says != "" && (!errors.Is(err, middleware.ErrConfig) || !strings.Contains(err.Error(), test.says)) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestPromote(t *testing.T) {
	known := map[string]string{"t-alice": "alice", "t-bob": "bob"}
	tokenAuth := func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			user, found := known[strings.TrimPrefix(c.Request().Header.Get("Authorization"), "Token ")]
			if !found {
				return c.JSON(http.StatusUnauthorized, map[string]string{"detail": "Invalid token."})
			}
			c.Set("account", user)
			return next(c)
		}
	}
	store := middleware.NewMemoryTickets(0, 0)
	config := middleware.Config{
		Carriers:      []middleware.Carrier{middleware.Header(), middleware.Cookie("session"), middleware.Query("token"), middleware.Subprotocol(), middleware.Ticket(store)},
		Origins:       []string{origin},
		AllowNoExpiry: true,
		Logger:        quiet,
		Principal: func(c echo.Context) (middleware.Principal, error) {
			user, _ := c.Get("account").(string)
			return middleware.Principal{UserID: user}, nil
		},
	}
	auth, err := middleware.Promote(tokenAuth, "Authorization", "Token", config)
	if err != nil {
		t.Fatal(err)
	}
	d := &door{t: t, e: echo.New(), auth: auth}
	d.e.GET("/ws", func(c echo.Context) error {
		d.reached = c.Request()
		d.who, _ = middleware.PrincipalFrom(c.Request().Context())
		return ok(c)
	}, auth.Upgrade())
	d.e.POST("/ticket", auth.IssueTicket())
	for _, test := range []struct {
		name  string
		knock func(*http.Request)
		want  int
	}{
		{"header", header("Authorization", "Token t-alice"), 200},
		{"header of another scheme", header("Authorization", "Bearer t-alice"), 401},
		{"cookie", cookie("session=t-alice"), 200},
		{"query", query("token=t-alice"), 200},
		{"subprotocol", header("Sec-WebSocket-Protocol", "yodel, "+bearer("t-alice")), 200},
		{"H032 nothing", nil, 401},
		{"an unknown token", query("token=nobody"), 401},
		{"H036 two", all(query("token=t-alice"), header("Authorization", "Token t-alice")), 400},
		{"H034 another user's cookie", all(query("token=t-alice"), cookie("session=t-bob")), 400},
		{"H001 evil origin", all(query("token=t-alice"), header("Origin", "https://evil.example")), 403},
	} {
		d.want(d.knock(test.knock), test.want)
		if d.reached != nil && (d.who.UserID != "alice" || d.reached.Header.Get("Authorization") != "" || strings.Contains(d.reached.RequestURI, "t-alice")) {
			t.Errorf("%s: principal %+v, request %v", test.name, d.who, d.reached.Header)
		}
	}
	request := httptest.NewRequest(http.MethodPost, "/ticket", nil)
	request.Header.Set("Authorization", "Token t-alice")
	recorder := httptest.NewRecorder()
	d.e.ServeHTTP(recorder, request)
	var minted middleware.Minted
	if err := json.Unmarshal(recorder.Body.Bytes(), &minted); err != nil || recorder.Code != 200 {
		t.Fatalf("mint: got %d %s", recorder.Code, recorder.Body)
	}
	d.want(d.knock(query("ticket="+minted.Ticket)), 200)
	d.want(d.knock(query("ticket="+minted.Ticket)), 401)
	if answer := d.knock(query("token=nobody")); !strings.Contains(answer.Body.String(), "Invalid token.") {
		t.Errorf("the app's own answer: got %s", answer.Body)
	}

	config.Principal = nil
	if _, err := middleware.Promote(tokenAuth, "Authorization", "Token", config); !errors.Is(err, middleware.ErrConfig) {
		t.Errorf("without Principal: got %v", err)
	}
	if _, err := middleware.Promote(nil, "Authorization", "Token", config); !errors.Is(err, middleware.ErrConfig) {
		t.Errorf("without a middleware: got %v", err)
	}
}
