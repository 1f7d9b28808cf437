package middleware

import (
	"context"
	"fmt"
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
type probe struct{ met *Auth }

type probeKey struct{}

// CheckRoutes reports a route of Config.Routes that is not registered for GET,
// or that an unauthenticated handshake reaches without meeting this guard. Call
// it once, when all routes are registered. Errors wrap [ErrConfig].
//
// It knocks at each route with a handshake that has no credential; middleware in
// front of the guard sees that request.
func (a *Auth) CheckRoutes(e *echo.Echo) error {
	for _, route := range a.config.Routes {
		registered := slices.ContainsFunc(e.Routes(), func(r *echo.Route) bool { return r.Method == http.MethodGet && r.Path == route })
		if !registered {
			return fmt.Errorf("%w: Routes lists %s, which is not registered for GET", ErrConfig, route)
		}
		if !a.meets(e, route) {
			return fmt.Errorf("%w: a handshake reaches %s without meeting its guard; mount auth.Upgrade() on it", ErrConfig, route)
		}
	}
	return nil
}

// meets reports whether a handshake to the route comes to this guard.
func (a *Auth) meets(e *echo.Echo, route string) bool {
	asked := &probe{}
	request, err := http.NewRequestWithContext(context.WithValue(context.Background(), probeKey{}, asked), http.MethodGet, concrete(route), nil)
	if err != nil {
		return false
	}
	for name, value := range map[string]string{
		"Upgrade": "websocket", "Connection": "Upgrade", "Sec-Websocket-Version": "13", "Sec-Websocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
	} {
		request.Header[name] = []string{value}
	}
	request.RemoteAddr = "127.0.0.1:0"
	e.ServeHTTP(newRehearsal(http.Header{}), request)
	return asked.met == a
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
