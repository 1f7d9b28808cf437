// Command own-middleware is an application that checks opaque tokens with a
// middleware of its own, `Authorization: Token …`, and no JWT at all.
package main

import (
	"errors"
	"log"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/olahol/melody"

	"github.com/yodelrt/yodel/middleware"
)

// login is what the application knows of a token.
type login struct {
	User string
	End  time.Time
}

// tokenAuth is the middleware that guards the application's HTTP routes.
func tokenAuth(logins map[string]login) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			token, found := strings.CutPrefix(c.Request().Header.Get("Authorization"), "Token ")
			who, known := logins[token]
			if !found || !known || time.Now().After(who.End) {
				return c.JSON(http.StatusUnauthorized, map[string]string{"detail": "Invalid token."})
			}
			c.Set("login", who)
			return next(c)
		}
	}
}

func main() {
	e, err := newServer(map[string]login{"example-token-of-alice": {"alice", time.Now().Add(time.Hour)}})
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(e.Start("127.0.0.1:8080"))
}

func newServer(logins map[string]login) (*echo.Echo, error) {
	own := tokenAuth(logins)
	e := echo.New()
	e.GET("/api/me", func(c echo.Context) error { return c.String(http.StatusOK, c.Get("login").(login).User) }, own)

	tickets := middleware.NewMemoryTickets(0, 0)
	auth, err := middleware.Promote(own, "Authorization", "Token", middleware.Config{
		Carriers: []middleware.Carrier{middleware.Header(), middleware.Subprotocol(), middleware.Ticket(tickets)},
		Origins:  []string{"https://app.example.com"},
		Principal: func(c echo.Context) (middleware.Principal, error) {
			who, ok := c.Get("login").(login)
			if !ok {
				return middleware.Principal{}, errors.New("nobody")
			}
			return middleware.Principal{UserID: who.User, ExpiresAt: who.End}, nil
		},
	})
	if err != nil {
		return nil, err
	}
	m := melody.New()
	m.Upgrader.CheckOrigin = func(*http.Request) bool { return true } // the guard has compared it already
	m.Upgrader.Subprotocols = []string{"chat"}
	m.HandleConnect(func(s *melody.Session) {
		who, _ := middleware.PrincipalFrom(s.Request.Context())
		_ = s.Write([]byte("hello " + who.UserID))
	})
	e.GET("/ws", func(c echo.Context) error { return m.HandleRequest(c.Response(), c.Request()) }, auth.Upgrade())
	e.POST("/api/ws/ticket", auth.IssueTicket())
	return e, auth.CheckRoutes(e)
}
