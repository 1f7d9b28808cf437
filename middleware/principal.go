package middleware

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"
)

// Principal is who stands behind a connection, read from a token that the app's
// own echojwt.Config has accepted.
type Principal struct {
	// UserID is the token's `sub` (RFC 7519, section 4.1.2). Never empty.
	UserID string
	// SessionID is the claim `sid`, which ties a token to one login. May be
	// empty; connections can then not be ended by session.
	SessionID string
	// TokenID is the claim `jti` (RFC 7519, section 4.1.7). May be empty.
	TokenID string
	// Name is the claim `name`, for display only.
	Name string
	// Roles is the claim `roles`, a list of strings.
	Roles []string
	// ExpiresAt is the token's `exp` (RFC 7519, section 4.1.4). Zero only
	// where Config.AllowNoExpiry is set and the token has none.
	ExpiresAt time.Time
	// Carrier is the word for how the token travelled: "header", "cookie",
	// "query" or "subprotocol". Filled in by the guard.
	Carrier string
	// Origin is the Origin header that the guard accepted; empty when the
	// request had none. Filled in by the guard.
	Origin string
	// Claims is what the app's JWT middleware left under its ContextKey; for a
	// *jwt.Token it is the token's Claims, so that no copy of the raw token
	// lives on with the connection.
	Claims any
}

// PrincipalFrom returns the principal that the guard put into the request's
// context, and whether there is one.
func PrincipalFrom(ctx context.Context) (Principal, bool) {
	p := passageFrom(ctx)
	if p == nil || !p.admitted {
		return Principal{}, false
	}
	return p.principal, true
}

// Bounds of identifiers taken from claims. A user id, session id or token id
// ends up in registries and log lines, so it is short and printable.
const maxIDBytes = 256

var errUnmappable = errors.New("no principal in what the app's JWT middleware set; give Config.Principal a function that reads it")

// registeredPrincipal is the default of Config.Principal: the registered claims
// plus `sid`, `name` and `roles` of the token under the ContextKey.
func registeredPrincipal(contextKey string) func(echo.Context) (Principal, error) {
	return func(c echo.Context) (Principal, error) {
		var claims jwt.Claims
		switch value := c.Get(contextKey).(type) {
		case *jwt.Token:
			claims = value.Claims
		case jwt.Claims:
			claims = value
		}
		if claims == nil {
			return Principal{}, errUnmappable
		}
		return principalFromClaims(claims)
	}
}

func principalFromClaims(claims jwt.Claims) (Principal, error) {
	subject, err := claims.GetSubject()
	if err != nil || subject == "" {
		return Principal{}, fmt.Errorf("%w: claim sub is missing or not a string", errUnmappable)
	}
	principal := Principal{UserID: subject}
	expiry, err := claims.GetExpirationTime()
	if err != nil {
		return Principal{}, fmt.Errorf("%w: claim exp is not a number", errUnmappable)
	}
	if expiry != nil {
		principal.ExpiresAt = expiry.Time
	}
	if values, ok := claims.(jwt.MapClaims); ok {
		fillFromMap(&principal, values)
	} else {
		fillFromStruct(&principal, claims)
	}
	return principal, nil
}

func fillFromMap(principal *Principal, values jwt.MapClaims) {
	principal.SessionID, _ = values["sid"].(string)
	principal.TokenID, _ = values["jti"].(string)
	principal.Name, _ = values["name"].(string)
	switch roles := values["roles"].(type) {
	case []string:
		principal.Roles = roles
	case []any:
		for _, role := range roles {
			if text, ok := role.(string); ok {
				principal.Roles = append(principal.Roles, text)
			}
		}
	}
}

// validate holds a principal, wherever it came from, against what a socket
// needs to be addressable and to end in time.
func (p Principal) validate(now time.Time, allowNoExpiry bool) error {
	if p.UserID == "" {
		return errors.New("the principal has no user id")
	}
	for _, id := range []string{p.UserID, p.SessionID, p.TokenID} {
		if !plainID(id) {
			return fmt.Errorf("an id of the principal has over %d bytes or a control character", maxIDBytes)
		}
	}
	if p.ExpiresAt.IsZero() {
		if allowNoExpiry {
			return nil
		}
		return errors.New("the token has no exp; a socket needs one unless Config.AllowNoExpiry is set")
	}
	if now.After(p.ExpiresAt.Add(expiryLeeway)) {
		return errors.New("the token has expired")
	}
	return nil
}

// expiryLeeway is what an app's own parser may allow for clocks that differ.
// The guard only repeats the check for parsers that make none.
const expiryLeeway = 30 * time.Second

func plainID(id string) bool {
	if len(id) > maxIDBytes {
		return false
	}
	for _, r := range id {
		if r < 0x20 || r == 0x7f || (r >= 0x80 && r < 0xa0) {
			return false
		}
	}
	return true
}
