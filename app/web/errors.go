// Package web is the application's HTTP edge: errors, headers, logs and pages.
package web

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/app/refusal"
	"github.com/yodelrt/yodel/middleware"
)

// NewError is an error whose code and message its reader may see.
func NewError(status int, code, message string) *echo.HTTPError {
	return echo.NewHTTPError(status, middleware.Body{Error: middleware.BodyError{Code: code, Message: message}})
}

// The codes of statuses that carry no body of their own.
var standard = map[int]middleware.BodyError{
	http.StatusBadRequest:           {Code: "bad_request", Message: "The request can't be read."},
	http.StatusUnauthorized:         {Code: "unauthorized", Message: "Sign in first."},
	http.StatusForbidden:            {Code: "forbidden", Message: "That isn't allowed from here."},
	http.StatusNotFound:             {Code: "not_found", Message: "There is nothing here."},
	http.StatusMethodNotAllowed:     {Code: "method_not_allowed", Message: "This address takes another method."},
	http.StatusUnsupportedMediaType: {Code: "unsupported_media_type", Message: "Send application/json."},
	http.StatusTooManyRequests:      {Code: "too_many_requests", Message: "Too many attempts. Wait a moment and try again."},
	http.StatusServiceUnavailable:   {Code: "unavailable", Message: "Try again in a moment."},
	http.StatusInternalServerError:  {Code: "internal", Message: "Something went wrong on this side. It was logged."},
}

// ErrorHandler turns every error into the one JSON shape. Causes are logged, with
// the request's id, and never shown.
func ErrorHandler(log *slog.Logger) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		if c.Response().Committed {
			return
		}
		status, body := answerFor(err)
		if status == http.StatusServiceUnavailable {
			c.Response().Header().Set("Retry-After", "5")
		}
		if errors.Is(err, refusal.SlowDown.Plain()) {
			c.Response().Header().Set("Retry-After", "2")
		}
		if status >= http.StatusInternalServerError {
			log.Error("request failed", "status", status, "path", c.Request().URL.Path, "error", err,
				"request_id", c.Response().Header().Get(echo.HeaderXRequestID))
		}
		if err := c.JSON(status, body); err != nil {
			log.Debug("answer not sent", "error", err)
		}
	}
}

// ErrUnavailable says that something this needs did not answer, such as the
// database: 503, for it may be back in a moment.
var ErrUnavailable = errors.New("unavailable")

func answerFor(err error) (int, middleware.Body) {
	status := http.StatusInternalServerError
	if errors.Is(err, ErrUnavailable) {
		status = http.StatusServiceUnavailable
	}
	var refused *refusal.Error
	if errors.As(err, &refused) {
		return refused.Status, middleware.Body{Error: middleware.BodyError{Code: refused.Word, Message: refused.Text}}
	}
	var known *echo.HTTPError
	if errors.As(err, &known) {
		if body, ok := known.Message.(middleware.Body); ok {
			return known.Code, body
		}
		status = known.Code
	}
	body, ok := standard[status]
	if !ok {
		body = middleware.BodyError{Code: "refused", Message: http.StatusText(status)}
	}
	return status, middleware.Body{Error: body}
}

const maxBody = 64 << 10 // bytes of a JSON request

// Decode reads a JSON body: 415 for another type, 413 for one over 64 KiB, 400
// for what is not exactly one JSON value. Unknown fields are ignored.
func Decode(c echo.Context, into any) error {
	kind, _, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	if err != nil || kind != echo.MIMEApplicationJSON {
		return echo.ErrUnsupportedMediaType
	}
	decoder := json.NewDecoder(http.MaxBytesReader(c.Response(), c.Request().Body, maxBody))
	if err := decoder.Decode(into); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return echo.ErrStatusRequestEntityTooLarge
		}
		return echo.ErrBadRequest
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return echo.ErrBadRequest
	}
	return nil
}
