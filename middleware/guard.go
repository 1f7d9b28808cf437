package middleware

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// Guard stands in for the one line that mounts echo-jwt over a whole server or
// group:
//
//	e.Use(auth.Guard())   // was: e.Use(echojwt.WithConfig(jwtConfig))
//
// On the routes of Config.Routes it is [Auth.Upgrade]; on every other it is the
// app's own middleware, unchanged, its Skipper included.
func (a *Auth) Guard() echo.MiddlewareFunc {
	upgrade := a.Upgrade()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		socket, plain := upgrade(next), a.ownMiddleware(next)
		return func(c echo.Context) error {
			if slices.Contains(a.config.Routes, c.Path()) {
				return socket(c)
			}
			return plain(c)
		}
	}
}

// probe asks a route whether this guard stands in front of it.
type probe struct {
	met      *Auth
	takeover error // what taking the connection over would fail with
}

// note is called by the guard that the probe has come to.
func (p *probe) note(a *Auth, c echo.Context) {
	p.met = a
	_, _, err := c.Response().Hijack()
	if !errors.Is(err, errProbed) {
		p.takeover = err
	}
}

var errProbed = errors.New("only probed")

// probed is the response of a probe: it can be taken over in name.
type probed struct{ *rehearsal }

// Hijack fails with errProbed when it is reached at all.
func (probed) Hijack() (net.Conn, *bufio.ReadWriter, error) { return nil, nil, errProbed }

type probeKey struct{}

// CheckRoutes reports a route of Config.Routes that is not registered for GET,
// that an unauthenticated handshake reaches without meeting this guard, or whose
// connection cannot be taken over because of a middleware in front, such as
// Echo's Timeout. Call it once, when all routes are registered. Errors wrap
// [ErrConfig].
//
// It knocks at each route with a handshake that has no credential; middleware in
// front of the guard sees that request.
func (a *Auth) CheckRoutes(e *echo.Echo) error {
	for _, route := range a.config.Routes {
		registered := slices.ContainsFunc(e.Routes(), func(r *echo.Route) bool { return r.Method == http.MethodGet && r.Path == route })
		if !registered {
			return fmt.Errorf("%w: Routes lists %s, which is not registered for GET", ErrConfig, route)
		}
		asked := a.probe(e, route)
		if asked.takeover != nil {
			return fmt.Errorf("%w: a middleware in front of %s keeps the connection to itself, such as Echo's Timeout; leave it off this route, or use ContextTimeout", ErrConfig, route)
		}
		if asked.met != a {
			return fmt.Errorf("%w: a handshake reaches %s without meeting its guard; mount auth.Upgrade() on it", ErrConfig, route)
		}
	}
	return nil
}

// probe sends a handshake to the route and returns what it has met.
func (a *Auth) probe(e *echo.Echo, route string) *probe {
	asked := &probe{}
	request, err := http.NewRequestWithContext(context.WithValue(context.Background(), probeKey{}, asked), http.MethodGet, concrete(route), nil)
	if err != nil {
		return asked // a path that cannot be asked for meets nobody
	}
	for name, value := range map[string]string{
		"Upgrade": "websocket", "Connection": "Upgrade", "Sec-Websocket-Version": "13", "Sec-Websocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
	} {
		request.Header[name] = []string{value}
	}
	request.RemoteAddr = "127.0.0.1:0"
	e.ServeHTTP(probed{newRehearsal(http.Header{})}, request)
	return asked
}

// concrete turns a registered path into one that it matches.
func concrete(route string) string {
	segments := strings.Split(route, "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, ":") || segment == "*" {
			segments[i] = "x"
		}
	}
	return strings.Join(segments, "/")
}
