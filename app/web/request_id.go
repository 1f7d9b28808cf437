package web

import (
	"regexp"

	"github.com/labstack/echo/v4"
	echomw "github.com/labstack/echo/v4/middleware"
)

// requestID is what an id of a request may be. It stands in answers and in log lines.
var requestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// RequestID gives each request an id: the one that it carries in X-Request-Id, such
// as a proxy's, where that is plain and short, or a new one.
func RequestID() echo.MiddlewareFunc {
	assign := echomw.RequestID()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		next = assign(next)
		return func(c echo.Context) error {
			header := c.Request().Header
			if !requestID.MatchString(header.Get(echo.HeaderXRequestID)) {
				header.Del(echo.HeaderXRequestID)
			}
			return next(c)
		}
	}
}
