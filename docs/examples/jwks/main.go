// Command jwks is an application whose tokens are signed elsewhere: the keys come
// from the issuer's JWKS (RFC 7517) and rotate without a restart. The strict
// parser serves the HTTP routes and the sockets alike.
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"github.com/MicahParks/keyfunc/v3"
	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"
	"github.com/olahol/melody"

	"github.com/yodelrt/yodel/middleware"
)

func main() {
	e, err := newServer(context.Background(), os.Getenv("ISSUER"), os.Getenv("JWKS_URL"))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(e.Start("127.0.0.1:8080"))
}

func newServer(ctx context.Context, issuer, jwks string) (*echo.Echo, error) {
	keys, err := keyfunc.NewDefaultCtx(ctx, []string{jwks}) // fetches an unknown kid again, at a bounded rate
	if err != nil {
		return nil, err
	}
	parse, err := middleware.Strict{
		Issuers:  []middleware.Issuer{{Name: issuer, Methods: []string{"EdDSA", "RS256"}, KeyFunc: keys.Keyfunc}},
		Audience: "chat",
	}.Parser()
	if err != nil {
		return nil, err
	}
	jwtConfig := echojwt.Config{ParseTokenFunc: parse}
	auth, err := middleware.New(middleware.Config{JWT: jwtConfig})
	if err != nil {
		return nil, err
	}
	m := melody.New()
	e := echo.New()
	e.GET("/api/me", func(c echo.Context) error { return c.String(http.StatusOK, "you") }, echojwt.WithConfig(jwtConfig))
	e.GET("/ws", func(c echo.Context) error { return m.HandleRequest(c.Response(), c.Request()) }, auth.Upgrade())
	return e, nil
}
