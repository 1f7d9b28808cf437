package app

import (
	"net/http"
	"slices"

	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"
	echomw "github.com/labstack/echo/v4/middleware"

	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/web"
	"github.com/yodelrt/yodel/frontend"
)

// route lists every route of the application.
func (a *App) route(jwt echojwt.Config, cookie session.Cookie) error {
	sameOrigin, err := web.SameOrigin(a.place.origins)
	if err != nil {
		return err
	}
	byAddress, byAccount := a.config.throttles()
	h := &session.Handlers{
		Accounts: a.accounts, Sessions: a.sessions, Cookie: cookie, Ended: a.sessionEnded,
		ByAddress: byAddress, ByAccount: byAccount,
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect() // the peer; X-Forwarded-For is anybody's to write
	e.HTTPErrorHandler = web.ErrorHandler(a.log)
	e.Use(echomw.RequestID(), web.Log(a.log), echomw.Recover(), web.Headers(a.place.origins, a.place.https), sameOrigin)

	signedIn := []echo.MiddlewareFunc{echojwt.WithConfig(jwt), h.Require}
	only(e, http.MethodPost, "/api/login", h.Login)
	only(e, http.MethodPost, "/api/logout", h.Logout, signedIn...)
	only(e, http.MethodPost, "/api/token", h.Token, signedIn...)
	only(e, http.MethodGet, "/api/me", h.Me, signedIn...)
	e.GET("/ws/demo", echo.WrapHandler(a.demo), a.auth.Upgrade())
	e.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.GET("/readyz", a.ready)
	e.GET("/*", web.Pages(frontend.Dist()))

	a.handler = a.auth.Scrub(e)
	return nil
}

// only registers a route for one method; every other one is 405.
func only(e *echo.Echo, method, path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) {
	e.Add(method, path, h, m...)
	others := slices.DeleteFunc([]string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
	}, func(other string) bool { return other == method })
	e.Match(others, path, func(c echo.Context) error {
		c.Response().Header().Set("Allow", method)
		return echo.ErrMethodNotAllowed
	})
}
