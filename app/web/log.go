package web

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// Log writes one line for each request: never its query, headers or body.
func Log(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			began := time.Now()
			err := next(c)
			if err != nil {
				c.Error(err)
			}
			log.Info("request", "method", c.Request().Method, "path", c.Request().URL.Path, "status", status(c),
				"took", time.Since(began), "remote_ip", c.RealIP(), "request_id", c.Response().Header().Get(echo.HeaderXRequestID))
			return nil
		}
	}
}

// status is what the client was answered; a socket's 101 never passes through
// Echo's response.
func status(c echo.Context) int {
	if !c.Response().Committed && c.IsWebSocket() {
		return http.StatusSwitchingProtocols
	}
	return c.Response().Status
}
