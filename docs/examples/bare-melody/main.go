// Command bare-melody is an Echo application with a login of its own, whose bare
// melody route Yodel guards. The lines that Yodel added end in "+".
package main

import (
	"log"
	"net/http"
	"os"

	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"
	"github.com/olahol/melody"

	"github.com/yodelrt/yodel/middleware" // +
)

func main() {
	e, err := newServer([]byte(os.Getenv("JWT_SECRET")))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(e.Start("127.0.0.1:8080"))
}

func newServer(key []byte) (*echo.Echo, error) {
	jwtConfig := echojwt.Config{SigningKey: key}
	e := echo.New()
	e.GET("/api/me", func(c echo.Context) error { return c.String(http.StatusOK, "you") }, echojwt.WithConfig(jwtConfig))

	auth, err := middleware.New(middleware.Config{ // +
		JWT:      jwtConfig,                                                                                                                    // +
		Carriers: []middleware.Carrier{middleware.Header(), middleware.Cookie("session"), middleware.Query("token"), middleware.Subprotocol()}, // +
		Origins:  []string{"https://app.example.com"},                                                                                          // +
	}) // +
	if err != nil { // +
		return nil, err // +
	} // +
	m := melody.New()
	m.HandleMessage(func(_ *melody.Session, message []byte) { _ = m.Broadcast(message) })
	m.Upgrader.CheckOrigin = func(*http.Request) bool { return true } // the guard has compared it already
	m.Upgrader.Subprotocols = []string{"chat"}
	e.GET("/ws", func(c echo.Context) error { return m.HandleRequest(c.Response(), c.Request()) }, auth.Upgrade()) // + the last argument
	return e, nil
}
