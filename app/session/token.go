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

const (
	accessType = "access"
	leeway     = 30 * time.Second // between clocks
)

// Tokens signs and checks access tokens with HS256. Safe for concurrent use.
type Tokens struct {
	key    []byte
	issuer string
	parser *jwt.Parser
}

// NewTokens returns tokens signed with key. issuer is the address of this
// application; it is the audience as well.
func NewTokens(key []byte, issuer string) *Tokens {
	return &Tokens{key: key, issuer: issuer, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(leeway), jwt.WithStrictDecoding(),
		jwt.WithIssuer(issuer), jwt.WithAudience(issuer),
	)}
}

func (t *Tokens) issue(a account.Account, sessionID string, expires time.Time) (Issued, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Issued{}, fmt.Errorf("make a token id: %w", err)
	}
	now := jwt.NewNumericDate(time.Now())
	claims := Claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: t.issuer, Audience: jwt.ClaimStrings{t.issuer}, Subject: a.ID, ID: id.String(),
			IssuedAt: now, NotBefore: now, ExpiresAt: jwt.NewNumericDate(expires),
		},
		SessionID: sessionID, Epoch: a.Epoch, Type: accessType, Name: a.Name, Roles: []string{string(a.Role)},
	}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(t.key)
	if err != nil {
		return Issued{}, fmt.Errorf("sign a token: %w", err)
	}
	return Issued{Token: signed, Expires: expires}, nil
}

// Config is the one JWT configuration of the application: its HTTP routes use it
// as it is, and so does the guard of its sockets.
func (t *Tokens) Config(cookie string) echojwt.Config {
	return echojwt.Config{
		TokenLookup:    "header:Authorization:Bearer ,cookie:" + cookie,
		ParseTokenFunc: func(_ echo.Context, raw string) (any, error) { return t.parse(raw) },
	}
}

var errNotAccess = errors.New("not an access token of this application")

func (t *Tokens) parse(raw string) (*jwt.Token, error) {
	claims := new(Claims)
	token, err := t.parser.ParseWithClaims(raw, claims, func(*jwt.Token) (any, error) { return t.key, nil })
	if err != nil {
		return nil, err
	}
	if _, critical := token.Header["crit"]; critical { // RFC 7515, section 4.1.11: none is understood here
		return nil, errNotAccess
	}
	if claims.Type != accessType || claims.Subject == "" || claims.SessionID == "" {
		return nil, errNotAccess
	}
	return token, nil
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
