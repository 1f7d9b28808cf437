package session

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/throttle"
	"github.com/yodelrt/yodel/app/web"
)

// Handlers answer the routes of signing in and out.
type Handlers struct {
	Accounts *account.Accounts
	Sessions *Sessions
	Devices  DeviceStore
	Cookies  Cookies
	// Ended is called after a session was ended in the store, to end what it
	// has open.
	Ended func(ctx context.Context, sessionID string)
	// Changed is called when a device of an account has signed in or out.
	Changed func(ctx context.Context, accountID string)
	// Audit keeps who signed in and out, and who was refused.
	Audit *audit.Log
	// Invitations let people make accounts of their own.
	Invitations *account.Invitations

	ByAddress *throttle.Throttle // attempts
	ByAccount *throttle.Throttle // failures
	Refreshes *throttle.Throttle // by address
}

// user is what a page may know of the person who signed in.
type user struct {
	ID       string       `json:"id"`
	Username string       `json:"username"`
	Name     string       `json:"name"`
	Role     account.Role `json:"role"`
}

func userOf(a account.Account) user { return user{a.ID, a.Username, a.Name, a.Role} }

// loginRequest is what somebody signs in with.
type loginRequest struct {
	Username string `json:"username"`
	Password string `json:"password"`
}

// signedIn says who is signed in, and until when without a refresh.
type signedIn struct {
	User    user      `json:"user"`
	Expires time.Time `json:"expires_at"`
}

// heldToken is an access token to hold in hand. It is kept in memory alone.
type heldToken struct {
	Token   string    `json:"token"`
	Expires time.Time `json:"expires_at"`
}

// Login answers POST /api/login. A session that the browser had before is ended:
// the new one has an id of its own.
func (h *Handlers) Login(c echo.Context) error {
	var request loginRequest
	if err := web.Decode(c, &request); err != nil {
		return err
	}
	if !h.ByAddress.Take(network(c)) {
		return tooMany(c, h.ByAddress)
	}
	if !h.ByAccount.Open(request.Username) {
		return tooMany(c, h.ByAccount)
	}
	found, err := h.Accounts.Authenticate(c.Request().Context(), request.Username, request.Password)
	if err != nil {
		return h.wrongPassword(c, request.Username, err)
	}
	return h.begin(c, found, audit.LoginAccepted)
}

// begin opens a session for somebody whom the request has proved to be.
func (h *Handlers) begin(c echo.Context, who account.Account, action string) error {
	ctx := c.Request().Context()
	grant, err := h.Sessions.Begin(ctx, who, c.Request().UserAgent(), c.RealIP())
	if err != nil {
		return err
	}
	h.note(c, action, who.ID, who.ID)
	h.Changed(ctx, who.ID)
	return h.signedIn(c, who, grant)
}

// note writes an audit entry; either id may be empty.
func (h *Handlers) note(c echo.Context, action, actorID, targetID string) {
	h.Audit.Record(c.Request().Context(), audit.Entry{Action: action, ActorID: actorID, TargetID: targetID})
}

// wrongPassword counts a failure and answers it.
func (h *Handlers) wrongPassword(c echo.Context, username string, err error) error {
	switch {
	case errors.Is(err, account.ErrCredentials):
		h.ByAccount.Take(username)
		known, err := h.Accounts.ByUsername(c.Request().Context(), username)
		if err != nil && !errors.Is(err, account.ErrNotFound) {
			return err
		}
		h.note(c, audit.LoginRefused, "", known.ID)
		return web.NewError(http.StatusUnauthorized, "invalid_credentials", "That username and password don't match.")
	case errors.Is(err, account.ErrBusy):
		return tooMany(c, h.ByAddress)
	}
	return err
}

// signedIn hands the cookies over and says who is signed in, until when.
func (h *Handlers) signedIn(c echo.Context, a account.Account, grant Grant) error {
	for _, cookie := range h.Cookies.set(grant) {
		c.SetCookie(cookie)
	}
	return c.JSON(http.StatusOK, signedIn{userOf(a), grant.Access.Expires.UTC()})
}

func tooMany(c echo.Context, budget *throttle.Throttle) error {
	seconds := int(math.Ceil(budget.RetryAfter().Seconds()))
	c.Response().Header().Set("Retry-After", strconv.Itoa(max(seconds, 1)))
	return web.NewError(http.StatusTooManyRequests, "too_many_requests", "Too many attempts. Wait a moment and try again.")
}

// Refresh answers POST /api/refresh: roles and epoch are read afresh.
func (h *Handlers) Refresh(c echo.Context) error {
	if !h.Refreshes.Take(network(c)) {
		return tooMany(c, h.Refreshes)
	}
	cookie, err := c.Cookie(h.Cookies.refresh)
	if err != nil || cookie.Value == "" {
		return h.signedOut(c)
	}
	ctx := c.Request().Context()
	grant, who, sessionID, err := h.Sessions.Refresh(ctx, cookie.Value, c.RealIP(), h.Accounts.ByID)
	switch {
	case errors.Is(err, ErrReused):
		h.Ended(ctx, sessionID)
		h.note(c, audit.RefreshReused, "", who.ID)
		return h.signedOut(c)
	case Refused(err):
		return h.signedOut(c)
	case err != nil:
		return echo.ErrServiceUnavailable.WithInternal(err)
	}
	return h.signedIn(c, who, grant)
}

func (h *Handlers) signedOut(c echo.Context) error {
	h.forget(c)
	return echo.ErrUnauthorized
}

func (h *Handlers) forget(c echo.Context) {
	for _, cookie := range h.Cookies.clear() {
		c.SetCookie(cookie)
	}
}

// Logout answers POST /api/logout: the store first, then what is open.
func (h *Handlers) Logout(c echo.Context) error {
	claims := ClaimsOf(c)
	if err := h.end(c.Request().Context(), claims.Subject, claims.SessionID); err != nil {
		return err
	}
	h.note(c, audit.Logout, claims.Subject, claims.Subject)
	h.forget(c)
	return c.NoContent(http.StatusNoContent)
}

func (h *Handlers) end(ctx context.Context, accountID, sessionID string) error {
	if _, err := h.Sessions.End(ctx, accountID, sessionID); err != nil {
		return err
	}
	h.Ended(ctx, sessionID)
	h.Changed(ctx, accountID)
	return nil
}

// Me answers GET /api/me.
func (h *Handlers) Me(c echo.Context) error {
	found, err := h.Accounts.ByID(c.Request().Context(), ClaimsOf(c).Subject)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, userOf(found))
}

// Token answers POST /api/token with a short token to hold in hand.
func (h *Handlers) Token(c echo.Context) error {
	claims := ClaimsOf(c)
	found, err := h.Accounts.ByID(c.Request().Context(), claims.Subject)
	if err != nil {
		return err
	}
	issued, err := h.Sessions.Token(c.Request().Context(), found, claims.SessionID)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, heldToken{issued.Token, issued.Expires.UTC()})
}

// Require refuses tokens whose session no longer stands. Mount it behind the JWT
// middleware.
func (h *Handlers) Require(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		claims := ClaimsOf(c)
		if claims == nil {
			return echo.ErrUnauthorized
		}
		err := h.Sessions.Check(c.Request().Context(), claims)
		if Refused(err) {
			return echo.ErrUnauthorized.WithInternal(err)
		}
		if err != nil {
			return echo.ErrServiceUnavailable.WithInternal(err)
		}
		return next(c)
	}
}
