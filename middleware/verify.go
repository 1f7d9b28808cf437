package middleware

import (
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"
	echomw "github.com/labstack/echo/v4/middleware"
)

// judgeFor turns the app's own configuration into the one verification path:
// the same middleware, fed with the token of the passage, that reports back
// whether it really accepted.
func judgeFor(config echojwt.Config, timeout time.Duration) (echo.HandlerFunc, error) {
	config.TokenLookup = ""
	if config.KeyFunc != nil {
		config.KeyFunc = patient(config.KeyFunc, timeout)
	}
	config.TokenLookupFuncs = []echomw.ValuesExtractor{tokenOfPassage}
	success := config.SuccessHandler
	config.SuccessHandler = func(c echo.Context) {
		passageFrom(c.Request().Context()).verified = true
		if success != nil {
			success(c)
		}
	}
	jwtMiddleware, err := config.ToMiddleware()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	judge := jwtMiddleware(func(c echo.Context) error {
		passageFrom(c.Request().Context()).ran = true
		return nil
	})
	if config.ParseTokenFunc == nil {
		return judge, nil
	}
	return withDeadline(judge, timeout), nil
}

var errNoToken = errors.New("no token in the request")

func tokenOfPassage(c echo.Context) ([]string, error) {
	p := passageFrom(c.Request().Context())
	if p == nil || p.token[0] == "" {
		return nil, errNoToken
	}
	return p.token[:], nil
}

// verdict is what became of a token.
type verdict struct {
	principal *Principal // by reference: what lies below it on the stack is deep already
	refusal   *refusal
	answer    *answer // the app's ErrorHandler's, in place of ours
}

func (v verdict) accepted() bool { return v.refusal == nil }

// verify runs the app's configuration on the token in the passage of c, then
// the socket's own conditions. It fails closed: accepted means that the app's
// parser passed the token, the app's middleware went on, and a principal stands
// in the context.
func (a *Auth) verify(c echo.Context, p *passage) (v verdict) {
	defer func() {
		if cause := recover(); cause != nil {
			v = verdict{refusal: refuse(ErrPanic, "panic")}
		}
	}()
	p.verified, p.ran = false, false
	c.Set(a.config.JWT.ContextKey, nil)
	own, err := a.rehearse(c)
	if passes(err) {
		return verdict{refusal: refuse(ErrUnavailable, "verification_unavailable")}
	}
	if err != nil || !p.ran {
		return verdict{refusal: refuse(tokenSentinel(p), reasonOf(err)), answer: own}
	}
	return a.principalOf(c, p)
}

// principalOf finds who a token that the app's configuration has passed stands for.
func (a *Auth) principalOf(c echo.Context, p *passage) verdict {
	if !p.verified || (!a.promotes && c.Get(a.config.JWT.ContextKey) == nil) {
		return verdict{refusal: refuse(ErrCredential, "not_verified")}
	}
	principal, err := a.config.Principal(c)
	if err != nil {
		return verdict{refusal: refuse(ErrCredential, "no_principal").because(err)}
	}
	if err := principal.validate(time.Now(), a.config.AllowNoExpiry); err != nil {
		return verdict{refusal: refuse(ErrCredential, "unfit_for_a_socket").because(err)}
	}
	if principal.Claims == nil {
		principal.Claims = claimsOf(c.Get(a.config.JWT.ContextKey))
	}
	return verdict{principal: &principal}
}

// claimsOf returns what may live on with the connection: never the raw token.
func claimsOf(value any) any {
	if token, ok := value.(*jwt.Token); ok {
		return token.Claims
	}
	return value
}

func tokenSentinel(p *passage) error {
	if p.token[0] == "" {
		return ErrMissing
	}
	return ErrCredential
}

// reasonOf names the class of a refusal for the log. It never prints the error:
// golang-jwt's errors can hold the token.
func reasonOf(err error) string {
	for _, class := range []struct {
		is     error
		reason string
	}{
		{jwt.ErrTokenExpired, "token_expired"},
		{jwt.ErrTokenNotValidYet, "token_not_yet_valid"},
		{jwt.ErrTokenUsedBeforeIssued, "token_not_yet_valid"},
		{jwt.ErrTokenMalformed, "token_malformed"},
		{jwt.ErrTokenSignatureInvalid, "token_signature"},
		{jwt.ErrTokenInvalidAudience, "token_audience"},
		{jwt.ErrTokenInvalidIssuer, "token_issuer"},
		{jwt.ErrTokenRequiredClaimMissing, "token_claim_missing"},
		{jwt.ErrTokenInvalidClaims, "token_claims"},
		{jwt.ErrTokenUnverifiable, "token_unverifiable"},
		{errNoToken, "credential_missing"},
	} {
		if errors.Is(err, class.is) {
			return class.reason
		}
	}
	return "token_refused"
}
