package middleware

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"
)

// TicketRequest is the body of a mint, which may be left out.
type TicketRequest struct {
	// Route is one of Config.Routes; without it the first.
	Route string `json:"route,omitempty"`
	// FirstMessage asks for a ticket that opens a connection which still has to
	// authenticate.
	FirstMessage bool `json:"first_message,omitempty"`
}

// Minted is the answer to a mint.
type Minted struct {
	// Ticket opens one connection.
	Ticket    string    `json:"ticket"`
	ExpiresAt time.Time `json:"expires_at"`
}

const maxTicketRequest = 4 << 10 // bytes

// IssueTicket returns the handler that mints tickets: mount it for POST. It
// verifies by itself, so no JWT middleware is needed in front: the token travels
// in the header or cookie that the app's own configuration reads. A mint by
// cookie needs a listed Origin, so that no foreign page can start one.
//
// The body may be empty, or a [TicketRequest] such as `{"route":"/ws"}` with one of Config.Routes; the
// default is the first of them. With `"first_message":true` the ticket opens
// only a pending connection, on a route guarded by [Auth.UpgradePending]. The
// answer is a [Minted] that nobody may cache.
//
// Refusals are those of [Auth.Upgrade], and besides: 400 for a route or body
// that cannot be, 415 for another content type, 429 when the session has too
// many open tickets.
func (a *Auth) IssueTicket() echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		if c.Request().Method != http.MethodPost {
			c.Response().Header().Set("Allow", http.MethodPost)
			return echo.NewHTTPError(http.StatusMethodNotAllowed, bodies[http.StatusMethodNotAllowed]).SetInternal(ErrMethod)
		}
		minted, refused, own := a.mint(c)
		if refused != nil {
			return a.refuse(c, refused, own)
		}
		return c.JSON(http.StatusOK, minted)
	}
}

func (a *Auth) mint(c echo.Context) (Minted, *refusal, *answer) {
	p := &passage{}
	a.liftHeaders(c.Request(), p.lifted())
	a.liftCookies(c.Request(), p.lifted(), a.cookies)
	defer p.forget()
	c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), passageKey{}, p)))
	principal, refused, own := a.mayMint(c, p)
	if refused != nil {
		return Minted{}, refused, own
	}
	request, refused := a.readTicketRequest(c.Request())
	if refused != nil {
		return Minted{}, refused, nil
	}
	minted, refused := a.store(c.Request().Context(), ticketRecord{
		Token: p.token[0], User: principal.UserID, Session: principal.SessionID, Route: request.Route,
		Origin: principal.Origin, Address: remoteIP(c), Pending: request.FirstMessage || !a.fullTickets,
		Expires: a.ticketExpiry(principal),
	})
	return minted, refused, nil
}

// mayMint reaches the verdict of the HTTP route, and the rules that hold for a
// credential which a browser adds by itself.
func (a *Auth) mayMint(c echo.Context, p *passage) (*Principal, *refusal, *answer) {
	if a.tickets == nil {
		return nil, refuse(ErrUnavailable, "no_ticket_store"), nil
	}
	origin, allowed := a.allowOrigin(c.Request())
	if !allowed {
		return nil, refuse(ErrOrigin, "origin_not_listed"), nil
	}
	headers := *p.lifted()
	one, refused := a.chooseFrom(&headers, true)
	if refused != nil {
		return nil, refused, a.answerTo(c, p, refused)
	}
	if one.kind == kindCookie && origin == "" {
		return nil, refuse(ErrOrigin, "cookie_without_origin"), nil
	}
	return a.admitToken(c, p, one, origin)
}

// readTicketRequest reads the body, which may be absent.
func (a *Auth) readTicketRequest(r *http.Request) (TicketRequest, *refusal) {
	request := TicketRequest{Route: a.config.Routes[0]}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxTicketRequest+1))
	if err != nil || len(body) > maxTicketRequest {
		return request, refuse(ErrMalformed, "ticket_request")
	}
	if len(body) > 0 {
		media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || media != echo.MIMEApplicationJSON {
			return request, refuse(ErrMediaType, "ticket_request_type")
		}
		if err := json.Unmarshal(body, &request); err != nil {
			return request, refuse(ErrMalformed, "ticket_request")
		}
	}
	if !slices.Contains(a.config.Routes, request.Route) {
		return request, refuse(ErrMalformed, "ticket_route")
	}
	return request, nil
}

func (a *Auth) ticketExpiry(principal *Principal) time.Time {
	expires := time.Now().Add(a.config.TicketLife)
	if principal.ExpiresAt.IsZero() {
		return expires
	}
	if end := principal.ExpiresAt.Add(expiryLeeway); end.Before(expires) { // a token in its leeway may still enter
		return end
	}
	return expires
}

func (a *Auth) store(ctx context.Context, record ticketRecord) (Minted, *refusal) {
	ticket := newTicket()
	sealed, err := record.seal(ticket)
	if err != nil {
		return Minted{}, refuse(ErrUnavailable, "ticket_seal").because(err)
	}
	stored, err := a.tickets.Put(ctx, ticketID(ticket), sealed, ticketOwner(record.Session, record.User), record.Expires)
	if err != nil {
		return Minted{}, refuse(ErrUnavailable, "ticket_store").because(err)
	}
	if !stored {
		return Minted{}, refuse(ErrTooMany, "too_many_tickets")
	}
	return Minted{ticket, record.Expires.UTC()}, nil
}

// ticketOwner groups open tickets by session, or by user where tokens have none.
func ticketOwner(session, user string) string {
	if session != "" {
		return "s:" + session
	}
	return "u:" + user
}

// DropTickets makes every unused ticket of a session worthless; call it when a
// session ends, after its end was stored. An empty sessionID drops nothing.
func (a *Auth) DropTickets(ctx context.Context, sessionID string) error {
	if a.tickets == nil || sessionID == "" {
		return nil
	}
	if err := a.tickets.Drop(ctx, ticketOwner(sessionID, "")); err != nil {
		return fmt.Errorf("drop tickets: %w", errors.Join(ErrUnavailable, err))
	}
	return nil
}
