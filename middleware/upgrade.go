package middleware

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"
)

// Upgrade returns the middleware that guards a socket route. The next handler
// runs only for a WebSocket handshake from a permitted origin whose token the
// app's own configuration has accepted; it finds the principal with
// [PrincipalFrom] in the request's context, and no credential anywhere in the
// request.
//
// A refused handshake is answered before the upgrade: 401 for credentials, 403
// for the origin, 400 for contradictory ones, 405, 426, 429, 500 or 503 for the
// rest, with a [Body] unless the app's own ErrorHandler answers.
func (a *Auth) Upgrade() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			request := a.begin(c.Request())
			c.SetRequest(request)
			p := passageFrom(request.Context())
			principal, refused, own := a.admit(c, p)
			p.forget()
			if refused != nil {
				return a.refuse(c, refused, own)
			}
			p.principal, p.admitted = principal, true
			return next(c)
		}
	}
}

// admit walks the guard's steps in their order: handshake, origin, room, one
// credential, the app's verdict, the ambient cookie, revocation.
func (a *Auth) admit(c echo.Context, p *passage) (Principal, *refusal, *answer) {
	if refused := checkHandshake(c.Request()); refused != nil {
		return Principal{}, refused, nil
	}
	origin, allowed := a.allowOrigin(c.Request())
	if !allowed {
		return Principal{}, refuse(ErrOrigin, "origin_not_listed"), nil
	}
	if refused := a.room(c.Request()); refused != nil {
		return Principal{}, refused, nil
	}
	one, refused := a.choose(&p.carried)
	if refused != nil {
		return Principal{}, refused, nil
	}
	if one.kind == kindCookie && origin == "" {
		return Principal{}, refuse(ErrOrigin, "cookie_without_origin"), nil
	}
	p.token[0] = one.token
	v := a.verify(c, p)
	if !v.accepted() {
		return Principal{}, v.refusal, v.answer
	}
	if refused := a.sameUser(c, one, v.principal); refused != nil {
		return Principal{}, refused, nil
	}
	v.principal.Carrier, v.principal.Origin = string(one.kind), origin
	return v.principal, a.check(c.Request().Context(), v.principal), nil
}

func (a *Auth) room(r *http.Request) *refusal {
	if a.config.Admit == nil {
		return nil
	}
	err := a.config.Admit(r)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrTooMany):
		return refuse(ErrTooMany, "too_many").because(err)
	}
	return refuse(ErrUnavailable, "no_room").because(err)
}

// sameUser judges the cookie that a browser added to an explicit credential: a
// valid one must name the same user. It is judged apart, on a context and a
// writer of its own, so that it can neither rescue nor disturb the verdict.
func (a *Auth) sameUser(c echo.Context, one chosen, principal Principal) *refusal {
	if one.ambient == "" || len(one.ambient) > a.config.MaxTokenBytes {
		return nil
	}
	p := &passage{token: [1]string{one.ambient}}
	request := c.Request().WithContext(context.WithValue(c.Request().Context(), passageKey{}, p))
	apart := c.Echo().NewContext(request, newRehearsal(http.Header{}))
	apart.SetPath(c.Path())
	ambient := a.verify(apart, p)
	if !ambient.accepted() || ambient.principal.UserID == principal.UserID {
		return nil
	}
	return refuse(ErrAmbiguous, "cookie_of_another_user").between(one.kind, kindCookie)
}

func (a *Auth) check(ctx context.Context, principal Principal) *refusal {
	if a.config.Check == nil {
		return nil
	}
	err := a.config.Check(ctx, principal)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrUnavailable):
		return refuse(ErrUnavailable, "check_unavailable").because(err)
	}
	return refuse(ErrRevoked, "check_refused").because(err)
}
