package middleware

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"
)

// Promote builds a guard for an app whose tokens are checked by a middleware of
// its own instead of echo-jwt. The one token that a handshake carries is put
// into the request header that this middleware reads, as
// "<scheme> <token>", or bare for an empty scheme; whoever it lets through is
// in. Origin, single credential, tickets, first messages and scrubbing work as
// with [New].
//
//	auth, err := middleware.Promote(tokenAuth, "Authorization", "Token", middleware.Config{
//		Carriers:  []middleware.Carrier{middleware.Cookie("session"), middleware.Query("token")},
//		Origins:   []string{"https://app.example.com"},
//		Principal: func(c echo.Context) (middleware.Principal, error) { … },
//	})
//
// config.JWT must be empty and config.Principal is required: it reads who it is
// from what own put into the context. own runs once for each handshake, once
// more for a cookie beside an explicit credential, and again for the token of a
// first message, each time on a request without any other credential. Errors
// wrap [ErrConfig].
func Promote(own echo.MiddlewareFunc, header, scheme string, config Config) (*Auth, error) {
	if own == nil || header == "" {
		return nil, fmt.Errorf("%w: Promote needs the app's own middleware and the header that it reads, such as Authorization", ErrConfig)
	}
	if config.Principal == nil {
		return nil, fmt.Errorf("%w: Principal is nil; give Promote a function that reads who it is from what your middleware set", ErrConfig)
	}
	if config.JWT.SigningKey != nil || config.JWT.SigningKeys != nil || config.JWT.KeyFunc != nil || config.JWT.ParseTokenFunc != nil {
		return nil, fmt.Errorf("%w: Promote is for apps without echo-jwt; with a JWT configuration use New", ErrConfig)
	}
	prefix := ""
	if scheme != "" {
		prefix = scheme + " "
	}
	source := headerSource{name: http.CanonicalHeaderKey(header), prefix: prefix}
	a, err := build(config, lookup{headers: []headerSource{source}}, promoter(own, source))
	if err != nil {
		return nil, err
	}
	a.promotes, a.ownMiddleware = true, own
	return a, nil
}

// promoter is the judge of [Promote]: accepted is who reaches the handler behind
// the app's middleware.
func promoter(own echo.MiddlewareFunc, source headerSource) echo.HandlerFunc {
	judge := own(func(c echo.Context) error {
		p := passageFrom(c.Request().Context())
		p.ran = p.token[0] != "" // it may admit guests, a socket does not
		p.verified = p.ran
		return nil
	})
	return func(c echo.Context) error {
		p := passageFrom(c.Request().Context())
		if p.token[0] == "" {
			return judge(c)
		}
		header := c.Request().Header
		header[source.name] = []string{source.prefix + p.token[0]}
		defer delete(header, source.name)
		return judge(c)
	}
}
