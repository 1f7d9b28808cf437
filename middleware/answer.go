package middleware

import (
	"bytes"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"
)

// answer is what the app's own ErrorHandler wants a refused client to read:
// a response it has written, or an error for Echo.
type answer struct {
	written *rehearsal
	err     error
}

// rehearse runs the app's JWT middleware. Where the app has an ErrorHandler, it
// writes to a response that is held back, because the guard lets an answer of
// 400 and above stand and replaces any other.
func (a *Auth) rehearse(c echo.Context) (*answer, error) {
	if a.config.JWT.ErrorHandler == nil && !a.promotes {
		return nil, a.judge(c)
	}
	response := c.Response()
	held := newRehearsal(response.Header())
	c.SetResponse(echo.NewResponse(held, c.Echo()))
	defer c.SetResponse(response)
	err := a.judge(c)
	if held.status >= http.StatusBadRequest {
		return &answer{written: held}, err
	}
	if err != nil && statusOf(err) >= http.StatusBadRequest {
		return &answer{err: err}, err
	}
	return nil, err
}

// statusOf is what Echo makes of an error: its own code, or 500.
func statusOf(err error) int {
	var own *echo.HTTPError
	if errors.As(err, &own) {
		return own.Code
	}
	return http.StatusInternalServerError
}

// give sends the app's answer.
func (own *answer) give(c echo.Context) error {
	if own.written == nil {
		return own.err
	}
	c.Response().WriteHeader(own.written.status)
	_, err := c.Response().Write(own.written.body.Bytes())
	return err
}

// rehearsal is a response writer whose status and body are held back. Headers
// go where they were going to go.
type rehearsal struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newRehearsal(header http.Header) *rehearsal { return &rehearsal{header: header} }

func (r *rehearsal) Header() http.Header { return r.header }

func (r *rehearsal) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.body.Write(b)
}

func (r *rehearsal) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}
