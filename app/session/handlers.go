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
	"github.com/yodelrt/yodel/app/web"
)

// Handlers answer the routes of signing in and out.
type Handlers struct {
	Accounts *account.Accounts
	Sessions *Sessions
	Cookie   Cookie
	// Ended is called after a session was ended in the store, to end what it
	// has open.
	Ended func(ctx context.Context, sessionID string)

	ByAddress *Throttle // attempts
	ByAccount *Throttle // failures
}

// user is what a page may know of the person who signed in.
type user struct {
	ID       string       `json:"id"`
	Username string       `json:"username"`
	Name     string       `json:"name"`
	Role     account.Role `json:"role"`
}

func userOf(a account.Account) user { return user{a.ID, a.Username, a.Name, a.Role} }

type loginRequest struct {
	Username string `json:"username"`
	Password string `json:"password"`
}

// Login answers POST /api/login.
func (h *Handlers) Login(c echo.Context) error {
	var request loginRequest
	if err := web.Decode(c, &request); err != nil {
		return err
	}
	address := c.RealIP()
	if !h.ByAddress.Open(address) {
		return tooMany(c, h.ByAddress)
	}
	h.ByAddress.Spend(address)
	if !h.ByAccount.Open(request.Username) {
		return tooMany(c, h.ByAccount)
	}
	found, err := h.Accounts.Authenticate(c.Request().Context(), request.Username, request.Password)
	switch {
	case errors.Is(err, account.ErrCredentials):
		h.ByAccount.Spend(request.Username)
		return web.NewError(http.StatusUnauthorized, "invalid_credentials", "That username and password don't match.")
	case errors.Is(err, account.ErrBusy):
		return tooMany(c, h.ByAddress)
	case err != nil:
		return err
	}
	issued, err := h.Sessions.Begin(c.Request().Context(), found)
	if err != nil {
		return err
	}
	c.SetCookie(h.Cookie.set(issued))
	return c.JSON(http.StatusOK, struct {
		User    user      `json:"user"`
		Expires time.Time `json:"expires_at"`
	}{userOf(found), issued.Expires.UTC()})
}

func tooMany(c echo.Context, throttle *Throttle) error {
	seconds := int(math.Ceil(throttle.RetryAfter().Seconds()))
	c.Response().Header().Set("Retry-After", strconv.Itoa(max(seconds, 1)))
	return web.NewError(http.StatusTooManyRequests, "too_many_requests", "Too many attempts. Wait a moment and try again.")
}

// Logout answers POST /api/logout: the store first, then what is open.
func (h *Handlers) Logout(c echo.Context) error {
	id := ClaimsOf(c).SessionID
	if err := h.Sessions.End(c.Request().Context(), id); err != nil {
		return err
	}
	h.Ended(c.Request().Context(), id)
	c.SetCookie(h.Cookie.clear())
	return c.NoContent(http.StatusNoContent)
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
	issued, err := h.Sessions.Token(found, claims)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct {
		Token   string    `json:"token"`
		Expires time.Time `json:"expires_at"`
	}{issued.Token, issued.Expires.UTC()})
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
