// Command global-guard is an application whose echo-jwt stands over the whole
// server, with public paths left out. One line of it changes.
package main

import (
	"log"
	"net/http"
	"os"

	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"
	"github.com/olahol/melody"

	"github.com/yodelrt/yodel/middleware"
)

func main() {
	e, err := newServer([]byte(os.Getenv("JWT_SECRET")))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(e.Start("127.0.0.1:8080"))
}

func newServer(key []byte) (*echo.Echo, error) {
	jwtConfig := echojwt.Config{
		SigningKey: key,
		Skipper:    func(c echo.Context) bool { return c.Path() == "/public" },
	}
	auth, err := middleware.New(middleware.Config{JWT: jwtConfig, Carriers: []middleware.Carrier{middleware.Header(), middleware.Subprotocol()}})
	if err != nil {
		return nil, err
	}
	e := echo.New()
	e.Use(auth.Guard()) // was: e.Use(echojwt.WithConfig(jwtConfig))

	m := melody.New()
	m.HandleMessage(func(_ *melody.Session, message []byte) { _ = m.Broadcast(message) })
	e.GET("/ws", func(c echo.Context) error { return m.HandleRequest(c.Response(), c.Request()) })
	e.GET("/public", func(c echo.Context) error { return c.String(http.StatusOK, "for everybody") })
	e.GET("/api/me", func(c echo.Context) error { return c.String(http.StatusOK, "you") })
	return e, auth.CheckRoutes(e)
}
