package app

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"
	echomw "github.com/labstack/echo/v4/middleware"

	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/chat/rest"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/web"
	"github.com/yodelrt/yodel/frontend"
)

// route lists every route of the application.
func (a *App) route(jwt echojwt.Config, cookies session.Cookies) error {
	sameOrigin, err := web.SameOrigin(a.place.origins)
	if err != nil {
		return err
	}
	pages, err := web.Pages(frontend.Dist())
	if err != nil {
		return err
	}
	h := &session.Handlers{
		Accounts: a.accounts, Sessions: a.sessions, Devices: a.store, Cookies: cookies, Audit: a.audit, Invitations: a.invites,
		Ended: effects{a}.SessionEnded, Changed: effects{a}.DevicesChanged,
		Budgets: session.NewBudgets(a.config.LoginRate),
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = a.address
	e.HTTPErrorHandler = web.ErrorHandler(a.log)
	e.Use(web.RequestID(), web.Log(a.log), echomw.Recover(), web.Headers(a.place.origins, a.place.https), sameOrigin, addressed)

	signedIn := []echo.MiddlewareFunc{echojwt.WithConfig(jwt), h.Require}
	methods(e, "/api/login", map[string]echo.HandlerFunc{http.MethodPost: h.Login})
	methods(e, "/api/register", map[string]echo.HandlerFunc{http.MethodPost: h.Register})
	methods(e, "/api/refresh", map[string]echo.HandlerFunc{http.MethodPost: h.Refresh})
	methods(e, "/api/logout", map[string]echo.HandlerFunc{http.MethodPost: h.Logout}, signedIn...)
	methods(e, "/api/password", map[string]echo.HandlerFunc{http.MethodPost: h.Password}, signedIn...)
	methods(e, "/api/token", map[string]echo.HandlerFunc{http.MethodPost: h.Token}, signedIn...)
	methods(e, "/api/me", map[string]echo.HandlerFunc{http.MethodGet: h.Me}, signedIn...)
	methods(e, "/api/sessions", map[string]echo.HandlerFunc{http.MethodGet: h.List, http.MethodDelete: h.SignOutOthers}, signedIn...)
	methods(e, "/api/sessions/:id", map[string]echo.HandlerFunc{http.MethodDelete: h.SignOut}, signedIn...)
	methods(e, "/api/ws/ticket", map[string]echo.HandlerFunc{http.MethodPost: a.auth.IssueTicket()})
	rest.Rest{Chat: a.chat, Who: session.UserID}.Routes(func(path string, handlers map[string]echo.HandlerFunc) {
		methods(e, path, handlers, signedIn...)
	})
	a.admin.Routes(session.UserID, func(path string, handlers map[string]echo.HandlerFunc) {
		methods(e, path, handlers, slices.Concat(signedIn, []echo.MiddlewareFunc{a.admin.Only(session.UserID)})...)
	})
	e.GET(hubRoute, echo.WrapHandler(a.hub), a.guards[hubRoute])
	e.GET(demoRoute, echo.WrapHandler(a.demo), a.guards[demoRoute])
	for path, handler := range map[string]echo.HandlerFunc{"/healthz": healthy, "/readyz": a.ready, "/*": pages} {
		e.Match([]string{http.MethodGet, http.MethodHead}, path, handler)
	}

	a.handler = a.auth.Scrub(e)
	return a.auth.CheckRoutes(e)
}

func healthy(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// addressed notes for the audit log where a request comes from; a socket keeps it
// for its calls.
func addressed(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		c.SetRequest(request.WithContext(audit.From(request.Context(), c.RealIP())))
		return next(c)
	}
}

// methods registers a path for these methods, and for HEAD where there is GET (RFC
// 9110, section 9.1); every other one is 405.
func methods(e *echo.Echo, path string, handlers map[string]echo.HandlerFunc, m ...echo.MiddlewareFunc) {
	if get, ok := handlers[http.MethodGet]; ok {
		handlers = maps.Clone(handlers)
		handlers[http.MethodHead] = get
	}
	allowed := slices.Sorted(maps.Keys(handlers))
	for _, method := range []string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
	} {
		if handler, ok := handlers[method]; ok {
			e.Add(method, path, handler, m...)
			continue
		}
		e.Add(method, path, func(c echo.Context) error {
			c.Response().Header().Set("Allow", strings.Join(allowed, ", "))
			return echo.ErrMethodNotAllowed
		})
	}
}
