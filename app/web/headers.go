package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// Headers sets what browsers need to know before they run anything. origins are
// those of the application; its pages may open sockets to them and to nothing
// else.
func Headers(origins []string, https bool) echo.MiddlewareFunc {
	policy := strings.Join([]string{
		"default-src 'self'", "connect-src 'self' " + strings.Join(sockets(origins), " "), "img-src 'self' data:",
		"object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
	}, "; ")
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			header := c.Response().Header()
			header.Set("Content-Security-Policy", policy)
			header.Set("Cross-Origin-Opener-Policy", "same-origin")
			header.Set("Cross-Origin-Resource-Policy", "same-origin")
			header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
			header.Set("Referrer-Policy", "no-referrer")
			header.Set("X-Content-Type-Options", "nosniff")
			header.Set("X-Frame-Options", "DENY")
			header.Set("Cache-Control", "no-store")
			if https {
				header.Set("Strict-Transport-Security", "max-age=31536000")
			}
			return next(c)
		}
	}
}

// sockets turns http origins into the ws sources of the same places. The policy's
// grammar has no literal IPv6 address, and browsers complain of one; the page at
// such an address has 'self'.
func sockets(origins []string) (sources []string) {
	for _, origin := range origins {
		if !strings.Contains(origin, "[") {
			sources = append(sources, "ws"+strings.TrimPrefix(origin, "http"))
		}
	}
	return sources
}

// SameOrigin refuses state-changing requests that a foreign page has sent
// (net/http's CrossOriginProtection). Requests without any browser header pass:
// they carry no ambient cookie.
func SameOrigin(origins []string) (echo.MiddlewareFunc, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil {
				return echo.ErrForbidden.WithInternal(err)
			}
			return next(c)
		}
	}, nil
}
