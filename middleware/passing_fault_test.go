package middleware_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/yodelrt/yodel/middleware"
)

// passing is an error of the app's own that says whether another attempt may succeed.
type passing struct{ yes bool }

func (passing) Error() string     { return "the key server is away" }
func (p passing) Temporary() bool { return p.yes }

// saysTemporary asks an error as one does who does not know this package.
func saysTemporary(err error) bool {
	var e interface{ Temporary() bool }
	return errors.As(err, &e) && e.Temporary()
}

// TestH313_a_key_lookup_that_fails: what says nothing of the token is no verdict on
// it, by the upgrade and by a message alike.
func TestH313_a_key_lookup_that_fails(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	for name, test := range map[string]struct {
		find      func() (any, error)
		status    int
		temporary bool
		want      error
	}{
		"no connection":     {func() (any, error) { return nil, &url.Error{Op: "Get", URL: "https://keys.example", Err: refused} }, 503, true, middleware.ErrUnavailable},
		"says temporary":    {func() (any, error) { return nil, fmt.Errorf("keys: %w", passing{true}) }, 503, true, middleware.ErrUnavailable},
		"says unavailable":  {func() (any, error) { return nil, fmt.Errorf("keys: %w", middleware.ErrUnavailable) }, 503, true, middleware.ErrUnavailable},
		"says not at all":   {func() (any, error) { return nil, passing{false} }, 401, false, middleware.ErrCredential},
		"any other reason":  {func() (any, error) { return nil, errors.New("no such key") }, 401, false, middleware.ErrCredential},
		"a panic":           {func() (any, error) { panic("boom") }, 500, true, middleware.ErrPanic},
		"found after while": {func() (any, error) { return key, nil }, 200, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			change := func(c *middleware.Config) { c.JWT.KeyFunc = func(*jwt.Token) (any, error) { return test.find() } }
			d := newDoor(t, change)
			d.want(d.knock(header("Authorization", "Bearer "+sign(t, key, claims("alice")))), test.status)
			p := newPorchWith(t, change, middleware.FirstMessage())
			if got := p.enter(func(*http.Request) {}); got != http.StatusOK || !p.isNew {
				t.Fatalf("enter: got %d, pending %v", got, p.isNew)
			}
			_, err := p.auth.VerifyMessage(p.ctx, sign(t, key, claims("alice")))
			if !errors.Is(err, test.want) || saysTemporary(err) != test.temporary {
				t.Errorf("verdict: got %v, temporary %t, want %v, %t", err, saysTemporary(err), test.want, test.temporary)
			}
		})
	}
}

// TestH313_an_expired_token: the error says so by a method.
func TestH313_an_expired_token(t *testing.T) {
	p := newPorch(t, middleware.FirstMessage())
	p.enter(func(*http.Request) {})
	expired := claims("alice")
	expired["exp"] = time.Now().Add(-time.Hour).Unix()
	_, err := p.auth.VerifyMessage(p.ctx, sign(t, key, expired))
	var says interface{ TokenExpired() bool }
	if !errors.As(err, &says) || !says.TokenExpired() || !errors.Is(err, middleware.ErrCredential) || saysTemporary(err) {
		t.Errorf("got %v, want an error whose method TokenExpired reports true", err)
	}
}
