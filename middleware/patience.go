package middleware

import (
	"context"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"
)

// maxSlowKeys is how many calls of a KeyFunc may be under way beyond their
// time before further ones are refused at once.
const maxSlowKeys = 256

// patient bounds the time that a KeyFunc may take; one that asks a key server
// may hang. Its answer is not waited for beyond that, and so many may be late.
func patient(keyFunc jwt.Keyfunc, timeout time.Duration) jwt.Keyfunc {
	type found struct {
		key   any
		err   error
		panic any
	}
	running := make(chan struct{}, maxSlowKeys)
	return func(token *jwt.Token) (any, error) {
		select {
		case running <- struct{}{}:
		default:
			return nil, fmt.Errorf("%w: too many slow key lookups", ErrUnavailable)
		}
		answer := make(chan found, 1)
		go func() {
			defer func() { <-running }()
			defer func() {
				if cause := recover(); cause != nil {
					answer <- found{panic: cause}
				}
			}()
			key, err := keyFunc(token)
			answer <- found{key: key, err: err}
		}()
		timer := time.NewTimer(timeout)
		defer timer.Stop()
		select {
		case got := <-answer:
			if got.panic != nil {
				panic(got.panic)
			}
			return got.key, got.err
		case <-timer.C:
			return nil, fmt.Errorf("%w: the key lookup took longer than %s", ErrUnavailable, timeout)
		}
	}
}

// withDeadline gives the judge a request whose context ends after that time.
func withDeadline(judge echo.HandlerFunc, timeout time.Duration) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		ctx, cancel := context.WithTimeout(request.Context(), timeout)
		defer cancel()
		c.SetRequest(request.WithContext(ctx))
		defer c.SetRequest(request)
		return judge(c)
	}
}
