package session

import (
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/middleware"
)

// Claims are those of an access token (RFC 7519).
type Claims struct {
	jwt.RegisteredClaims
	SessionID string   `json:"sid"`
	Epoch     int64    `json:"ep"`
	Type      string   `json:"typ"`
	Name      string   `json:"name"`
	Roles     []string `json:"roles"`
}

// The types of tokens.
const (
	accessType = "access"
	deviceType = "device"
)

// Tokens signs and checks access tokens. Safe for concurrent use.
type Tokens struct {
	keys   *Keys
	issuer string
	parse  func(echo.Context, string) (any, error)
	device func(echo.Context, string) (any, error)
}

// NewTokens returns tokens signed with keys. issuer is the address of this
// application; it is the audience as well.
func NewTokens(keys *Keys, issuer string) (*Tokens, error) {
	rules := middleware.Strict{
		Issuers:   []middleware.Issuer{{Name: issuer, Methods: keys.methods, Keys: keys.verify}},
		Audience:  issuer,
		Type:      accessType,
		NewClaims: func() jwt.Claims { return new(Claims) },
	}
	strict, err := rules.Parser()
	if err != nil {
		return nil, err
	}
	rules.Type = deviceType
	device, err := rules.Parser()
	if err != nil {
		return nil, err
	}
	return &Tokens{keys: keys, issuer: issuer, device: device, parse: func(c echo.Context, raw string) (any, error) {
		token, err := strict(c, raw)
		if err != nil {
			return nil, err
		}
		if claims := token.(*jwt.Token).Claims.(*Claims); claims.Subject == "" || claims.SessionID == "" {
			return nil, errNotAccess
		}
		return token, nil
	}}, nil
}

var errNotAccess = errors.New("not an access token of this application")

func (t *Tokens) issue(a account.Account, sessionID string, expires time.Time) (Issued, error) {
	return t.sign(Claims{
		RegisteredClaims: jwt.RegisteredClaims{Subject: a.ID},
		SessionID:        sessionID, Epoch: a.Epoch, Type: accessType, Name: a.Name, Roles: []string{string(a.Role)},
	}, expires)
}

// sign fills in what all tokens have, and signs.
func (t *Tokens) sign(claims Claims, expires time.Time) (Issued, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Issued{}, fmt.Errorf("make a token id: %w", err)
	}
	now := jwt.NewNumericDate(time.Now())
	claims.Issuer, claims.Audience, claims.ID = t.issuer, jwt.ClaimStrings{t.issuer}, id.String()
	claims.IssuedAt, claims.NotBefore, claims.ExpiresAt = now, now, jwt.NewNumericDate(expires)
	token := jwt.NewWithClaims(t.keys.method, claims)
	token.Header["kid"] = t.keys.id
	signed, err := token.SignedString(t.keys.signing)
	if err != nil {
		return Issued{}, fmt.Errorf("sign a token: %w", err)
	}
	return Issued{Token: signed, Expires: expires}, nil
}

// Config is the one JWT configuration of the application: its HTTP routes use it
// as it is, and so does the guard of its sockets.
func (t *Tokens) Config(cookie string) echojwt.Config {
	return echojwt.Config{TokenLookup: "header:Authorization:Bearer ,cookie:" + cookie, ParseTokenFunc: t.parse}
}

// ClaimsOf returns the claims of the token that the JWT middleware has accepted,
// nil where there is none.
func ClaimsOf(c echo.Context) *Claims {
	token, ok := c.Get("user").(*jwt.Token)
	if !ok {
		return nil
	}
	claims, _ := token.Claims.(*Claims)
	return claims
}

// UserID is the account of who has signed in, empty for nobody.
func UserID(c echo.Context) string {
	if claims := ClaimsOf(c); claims != nil {
		return claims.Subject
	}
	return ""
}
