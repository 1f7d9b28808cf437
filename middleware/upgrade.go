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
func (a *Auth) Upgrade() echo.MiddlewareFunc { return door{auth: a}.middleware }

// door is one guarded way in; its zero options are those of [Auth.Upgrade].
type door struct {
	auth         *Auth
	messages     bool // may carry tokens
	twoStep      bool
	firstMessage bool
	admitPending func(address string) error
}

func (d door) middleware(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if asked, ok := c.Request().Context().Value(probeKey{}).(*probe); ok {
			asked.note(d.auth, c)
			return echo.ErrUnauthorized
		}
		d.auth.warnOfProxy(c)
		request := d.auth.begin(c.Request())
		c.SetRequest(request)
		p := passageFrom(request.Context())
		entry, refused, own := d.admit(c, p)
		p.forget()
		if refused != nil {
			return d.auth.refuse(c, refused, own)
		}
		d.letIn(c, p, entry)
		return next(c)
	}
}

// letIn leaves in the passage what the handler behind the guard asks for.
func (d door) letIn(c echo.Context, p *passage, in entry) {
	p.snapshot, p.admitted = in.pending, in.pending == nil
	if !p.admitted {
		return
	}
	p.principal = *in.principal
	if d.messages {
		p.snapshot = keep(c, Pending{
			UserID: in.principal.UserID, SessionID: in.principal.SessionID,
			Carrier: in.principal.Carrier, Origin: in.principal.Origin, Address: remoteIP(c),
		})
	}
}

// entry is who may come in: a principal, or a connection that is nobody yet.
type entry struct {
	principal *Principal
	pending   *snapshot
}

// admit walks the guard's steps in their order: handshake, origin, room, one
// credential, the app's verdict, the ambient cookie, revocation, the ticket's
// one use.
func (d door) admit(c echo.Context, p *passage) (entry, *refusal, *answer) {
	a := d.auth
	if refused := checkHandshake(c.Request()); refused != nil {
		return entry{}, refused, nil
	}
	origin, allowed := a.allowOrigin(c.Request())
	if !allowed {
		return entry{}, refuse(ErrOrigin, "origin_not_listed"), nil
	}
	if refused := a.room(c.Request()); refused != nil {
		return entry{}, refused, nil
	}
	one, refused := a.choose(p.lifted())
	if refused != nil {
		if d.firstMessage && errors.Is(refused.sentinel, ErrMissing) {
			return d.admitNobody(c, Pending{Carrier: string(kindFirstMessage), Origin: origin})
		}
		return entry{}, refused, a.answerTo(c, p, refused)
	}
	if one.kind == kindCookie && origin == "" {
		return entry{}, refuse(ErrOrigin, "cookie_without_origin"), nil
	}
	if one.kind == kindTicket {
		return d.admitTicket(c, p, one, origin)
	}
	principal, refused, own := a.admitToken(c, p, one, origin)
	return entry{principal: principal}, refused, own
}

// answerTo lets the app's own ErrorHandler answer a request without any
// credential, as it does on the HTTP routes.
func (a *Auth) answerTo(c echo.Context, p *passage, refused *refusal) *answer {
	if !errors.Is(refused.sentinel, ErrMissing) {
		return nil
	}
	p.token[0] = ""
	return a.verify(c, p).answer
}

// admitToken reaches the verdict for a token in hand.
func (a *Auth) admitToken(c echo.Context, p *passage, one chosen, origin string) (*Principal, *refusal, *answer) {
	p.token[0] = one.token
	v := a.verify(c, p)
	if !v.accepted() {
		return nil, v.refusal, v.answer
	}
	if refused := a.sameUser(c, one, v.principal); refused != nil {
		return nil, refused, nil
	}
	v.principal.Carrier, v.principal.Origin = string(one.kind), origin
	return v.principal, a.check(c.Request().Context(), v.principal), nil
}

// admitTicket judges the token that a ticket stands for, then everything else,
// and uses the ticket up last.
func (d door) admitTicket(c echo.Context, p *passage, one chosen, origin string) (entry, *refusal, *answer) {
	a := d.auth
	found, refused := a.peek(c, one.token)
	if refused != nil {
		return entry{}, refused, nil
	}
	if found.record.Pending && !d.twoStep {
		return entry{}, refuse(ErrCredential, "ticket_needs_first_message").about(found.ticket), nil
	}
	stands := one
	stands.token = found.record.Token
	principal, refused, own := a.admitToken(c, p, stands, origin)
	if refused != nil {
		return entry{}, refused, own
	}
	if refused := a.bound(c, found, principal, origin); refused != nil {
		return entry{}, refused, nil
	}
	in := entry{principal: principal}
	if found.record.Pending {
		if in, refused, own = d.admitNobody(c, Pending{
			UserID: principal.UserID, SessionID: principal.SessionID, Carrier: string(kindTwoStep), Origin: origin,
		}); refused != nil {
			return entry{}, refused, own
		}
	}
	return in, a.take(c.Request().Context(), found), nil
}

// admitNobody lets a connection in that has proved nothing yet, if there is room
// for one more of them.
func (d door) admitNobody(c echo.Context, who Pending) (entry, *refusal, *answer) {
	who.Address = remoteIP(c)
	if err := d.admitPending(who.Address); err != nil {
		return entry{}, roomRefusal(err), nil
	}
	c.Set(d.auth.config.JWT.ContextKey, nil)
	return entry{pending: keep(c, who)}, nil, nil
}

func (a *Auth) room(r *http.Request) *refusal {
	if a.config.Admit == nil {
		return nil
	}
	if err := a.config.Admit(r); err != nil {
		return roomRefusal(err)
	}
	return nil
}

func roomRefusal(err error) *refusal {
	if errors.Is(err, ErrTooMany) {
		return refuse(ErrTooMany, "too_many").because(err)
	}
	return refuse(ErrUnavailable, "no_room").because(err)
}

// sameUser judges the cookie that a browser added to an explicit credential: a
// valid one must name the same user, and beside a ticket the same session. It
// is judged apart, on a context and a writer of its own, so that it can neither
// rescue nor disturb the verdict.
func (a *Auth) sameUser(c echo.Context, one chosen, principal *Principal) *refusal {
	if one.ambient == "" || len(one.ambient) > a.config.MaxTokenBytes {
		return nil
	}
	p := &passage{token: [1]string{one.ambient}}
	defer p.forget()
	request := c.Request().WithContext(context.WithValue(c.Request().Context(), passageKey{}, p))
	apart := c.Echo().NewContext(request, newRehearsal(http.Header{}))
	apart.SetPath(c.Path())
	ambient := a.verify(apart, p)
	if !ambient.accepted() {
		return nil
	}
	if ambient.principal.UserID != principal.UserID {
		return refuse(ErrAmbiguous, "cookie_of_another_user").between(one.kind, kindCookie)
	}
	if one.kind == kindTicket && ambient.principal.SessionID != principal.SessionID {
		return refuse(ErrAmbiguous, "cookie_of_another_session").between(one.kind, kindCookie)
	}
	return nil
}

func (a *Auth) check(ctx context.Context, principal *Principal) *refusal {
	if a.config.Check == nil {
		return nil
	}
	err := a.config.Check(ctx, *principal)
	switch {
	case err == nil:
		return nil
	case passes(err):
		return refuse(ErrUnavailable, "check_unavailable").because(err)
	}
	return refuse(ErrRevoked, "check_refused").because(err)
}
