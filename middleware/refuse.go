package middleware

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"

	"github.com/labstack/echo/v4"
)

// refusal is one reason not to open a socket: a sentinel for code, a word for
// the log, and nothing that the client presented.
type refusal struct {
	sentinel error
	reason   string
	cause    error
	carriers string
	ticket   string // the beginning of its hash
}

func refuse(sentinel error, reason string) *refusal {
	return &refusal{sentinel: sentinel, reason: reason}
}

// because adds a cause of the guard's own making; it reaches the log alone.
func (r *refusal) because(cause error) *refusal {
	r.cause = cause
	return r
}

// about names a ticket by the beginning of its hash.
func (r *refusal) about(ticket string) *refusal {
	r.ticket = hashPrefix(ticket)
	return r
}

// between names the carriers that contradict each other.
func (r *refusal) between(one, other kind) *refusal {
	r.carriers = string(one) + "," + string(other)
	return r
}

// Body is what a refused client reads. All refusals have this shape, and those
// of one status are alike to the byte.
type Body struct {
	Error BodyError `json:"error"`
}

// BodyError is the content of a [Body].
type BodyError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// String returns the message, for error handlers that print what they get.
func (b Body) String() string { return b.Error.Message }

var bodies = map[int]Body{
	http.StatusBadRequest:           {BodyError{"bad_request", "The handshake or its credentials are malformed."}},
	http.StatusUnauthorized:         {BodyError{"unauthorized", "A valid credential is required."}},
	http.StatusForbidden:            {BodyError{"forbidden", "This origin may not open a socket here."}},
	http.StatusMethodNotAllowed:     {BodyError{"method_not_allowed", "Open the socket with GET."}},
	http.StatusUpgradeRequired:      {BodyError{"upgrade_required", "This route speaks WebSocket, version 13."}},
	http.StatusUnsupportedMediaType: {BodyError{"unsupported_media_type", "Send JSON as application/json."}},
	http.StatusTooManyRequests:      {BodyError{"too_many_requests", "Too many connections. Try again later."}},
	http.StatusServiceUnavailable:   {BodyError{"unavailable", "Try again later."}},
	http.StatusInternalServerError:  {BodyError{"internal", "Something went wrong on this side."}},
}

// status returns the HTTP status that a sentinel stands for.
func status(r *refusal) int {
	switch r.sentinel {
	case ErrMethod:
		return http.StatusMethodNotAllowed
	case ErrHandshake:
		if r.reason == "handshake_key" {
			return http.StatusBadRequest
		}
		return http.StatusUpgradeRequired
	case ErrOrigin:
		return http.StatusForbidden
	case ErrAmbiguous, ErrMalformed:
		return http.StatusBadRequest
	case ErrMediaType:
		return http.StatusUnsupportedMediaType
	case ErrUnavailable:
		return http.StatusServiceUnavailable
	case ErrTooMany:
		return http.StatusTooManyRequests
	case ErrPanic:
		return http.StatusInternalServerError
	}
	return http.StatusUnauthorized
}

// refuse logs the refusal and turns it into the error for Echo. own is what the
// app's ErrorHandler wants in its place, nil for nothing.
func (a *Auth) refuse(c echo.Context, r *refusal, own *answer) error {
	code := status(r)
	a.logRefusal(c, r, code)
	if own != nil {
		return own.give(c)
	}
	header := c.Response().Header()
	header.Set("Cache-Control", "no-store")
	switch code {
	case http.StatusUpgradeRequired:
		header.Set("Sec-Websocket-Version", "13")
		header.Set("Upgrade", "websocket")
	case http.StatusMethodNotAllowed:
		header.Set("Allow", http.MethodGet)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		header.Set("Retry-After", "5")
	}
	return echo.NewHTTPError(code, bodies[code]).SetInternal(r.sentinel)
}

const maxLoggedOrigin = 256

func (a *Auth) logRefusal(c echo.Context, r *refusal, code int) {
	request := c.Request()
	origin := request.Header.Get("Origin")
	if len(origin) > maxLoggedOrigin {
		origin = origin[:maxLoggedOrigin]
	}
	attributes := []slog.Attr{
		slog.String("event", eventOf(r)), slog.String("reason", r.reason), slog.Int("status", code),
		slog.String("remote_ip", remoteIP(c)), slog.String("origin", origin), slog.String("path", c.Path()),
	}
	if r.carriers != "" {
		attributes = append(attributes, slog.String("carriers", r.carriers))
	}
	if r.ticket != "" {
		attributes = append(attributes, slog.String("ticket", r.ticket))
	}
	if r.cause != nil {
		attributes = append(attributes, slog.String("cause", r.cause.Error()))
	}
	a.config.Logger.LogAttrs(request.Context(), slog.LevelWarn, "socket refused", attributes...)
}

// logMessage writes the line of a refused first message.
func (a *Auth) logMessage(ctx context.Context, waiting *snapshot, r *refusal) {
	attributes := []slog.Attr{
		slog.String("event", "first_message_refused"), slog.String("reason", r.reason),
		slog.String("remote_ip", waiting.Address), slog.String("path", waiting.path), slog.String("user", waiting.UserID),
	}
	if r.cause != nil {
		attributes = append(attributes, slog.String("cause", r.cause.Error()))
	}
	a.config.Logger.LogAttrs(ctx, slog.LevelWarn, "first message refused", attributes...)
}

func eventOf(r *refusal) string {
	if errors.Is(r.sentinel, ErrOrigin) {
		return "origin_refused"
	}
	return "upgrade_refused"
}

// warnOfProxy says once that addresses are those of a proxy.
func (a *Auth) warnOfProxy(c echo.Context) {
	if c.Echo().IPExtractor != nil || c.Request().Header.Get(echo.HeaderXForwardedFor) == "" {
		return
	}
	a.proxied.Do(func() {
		a.config.Logger.Warn("requests carry X-Forwarded-For and the Echo instance has no IPExtractor, so the peer's address is used; set e.IPExtractor if a proxy of yours sends it")
	})
}

// remoteIP is the app's idea of the client's address where it has one, else the
// peer's: without an IPExtractor, Echo would believe any X-Forwarded-For.
func remoteIP(c echo.Context) string {
	if c.Echo().IPExtractor != nil {
		return c.RealIP()
	}
	host, _, err := net.SplitHostPort(c.Request().RemoteAddr)
	if err != nil {
		return c.Request().RemoteAddr
	}
	return host
}
