package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/middleware"
)

// handshake asks for a socket as a browser or client does.
func handshake(e *echo.Echo, target string, headers ...string) int {
	request := httptest.NewRequest(http.MethodGet, target, nil)
	headers = append(headers, "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, request)
	return recorder.Code
}

func exampleToken(user string) string {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": user, "exp": time.Now().Add(time.Hour).Unix()})
	signed, err := token.SignedString(key)
	if err != nil {
		panic(err)
	}
	return signed
}

// The configuration that guards the HTTP routes guards the socket. The handler
// stands for any WebSocket library; 200 stands for its 101.
func ExampleNew() {
	jwtConfig := echojwt.Config{SigningKey: key} // what the app has already
	auth, err := middleware.New(middleware.Config{
		JWT:      jwtConfig,
		Carriers: []middleware.Carrier{middleware.Header(), middleware.Cookie("session")},
		Origins:  []string{"https://app.example.com"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	e := echo.New()
	e.GET("/ws", func(c echo.Context) error {
		who, _ := middleware.PrincipalFrom(c.Request().Context())
		fmt.Println(who.UserID, "by", who.Carrier)
		return c.NoContent(http.StatusOK)
	}, auth.Upgrade())

	token := exampleToken("alice")
	fmt.Println(handshake(e, "/ws"))
	fmt.Println(handshake(e, "/ws", "Authorization", "Bearer "+token))
	fmt.Println(handshake(e, "/ws", "Cookie", "session="+token, "Origin", "https://app.example.com"))
	fmt.Println(handshake(e, "/ws", "Cookie", "session="+token, "Origin", "https://evil.example"))
	// Output:
	// 401
	// alice by header
	// 200
	// alice by cookie
	// 200
	// 403
}

// A ticket is minted by whom the HTTP routes let in, and opens one socket.
func ExampleAuth_IssueTicket() {
	auth, err := middleware.New(middleware.Config{
		JWT:      echojwt.Config{SigningKey: key},
		Carriers: []middleware.Carrier{middleware.Ticket(middleware.NewMemoryTickets(0, 0))},
		Logger:   quiet,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	e := echo.New()
	e.POST("/api/ws/ticket", auth.IssueTicket())
	e.GET("/ws", ok, auth.Upgrade())

	request := httptest.NewRequest(http.MethodPost, "/api/ws/ticket", nil)
	request.Header.Set("Authorization", "Bearer "+exampleToken("alice"))
	answer := httptest.NewRecorder()
	e.ServeHTTP(answer, request)
	ticket := strings.Split(answer.Body.String(), `"`)[3]

	fmt.Println(handshake(e, "/ws?ticket="+ticket))
	fmt.Println(handshake(e, "/ws?ticket="+ticket))
	// Output:
	// 200
	// 401
}

// One line stands in for echo-jwt over the whole server.
func ExampleAuth_Guard() {
	jwtConfig := echojwt.Config{SigningKey: key, Skipper: func(c echo.Context) bool { return c.Path() == "/public" }}
	auth, err := middleware.New(middleware.Config{JWT: jwtConfig, Logger: quiet})
	if err != nil {
		fmt.Println(err)
		return
	}
	e := echo.New()
	e.Use(auth.Guard()) // was: e.Use(echojwt.WithConfig(jwtConfig))
	e.GET("/ws", ok)
	e.GET("/public", ok)

	fmt.Println(handshake(e, "/public"), handshake(e, "/ws"), handshake(e, "/ws", "Authorization", "Bearer "+exampleToken("alice")))
	// Output: 200 401 200
}

// An unsafe set-up does not start, and the error names the fix.
func ExampleNew_unsafe() {
	_, err := middleware.New(middleware.Config{
		JWT:      echojwt.Config{SigningKey: key},
		Carriers: []middleware.Carrier{middleware.Cookie("session")},
	})
	fmt.Println(err)
	// Output: middleware: refused configuration: Cookie is a carrier and Origins is empty, so any page could open a socket as its visitor; list the origins of your own pages
}

// The strict parser serves HTTP routes and sockets alike; two keys are good
// while one replaces the other.
func ExampleStrict_Parser() {
	old, current := []byte(strings.Repeat("0123456789abcdef", 2)), []byte(strings.Repeat("fedcba9876543210", 2))
	parse, err := middleware.Strict{
		Issuers:  []middleware.Issuer{{Name: "https://login.example.com", Methods: []string{"HS256"}, Keys: map[string]any{"2025": old, "2026": current}}},
		Audience: "chat",
		Type:     "access",
	}.Parser()
	if err != nil {
		fmt.Println(err)
		return
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": "https://login.example.com", "aud": "chat", "typ": "refresh", "sub": "alice", "exp": time.Now().Add(time.Hour).Unix(),
	})
	token.Header["kid"] = "2026"
	signed, _ := token.SignedString(current)
	_, err = parse(nil, signed)
	fmt.Println(err)
	// Output: token has invalid claims: another type of token
}
