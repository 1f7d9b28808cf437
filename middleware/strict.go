package middleware

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"
)

// Strict is a parser for an app's echojwt.Config that closes what the default
// one leaves open: tokens without exp, with another signing method, issuer,
// audience or type than expected, with a signature in malleable base64, or with
// critical header fields that nobody here understands.
//
// Use it for the HTTP routes and the sockets alike, so that the verdict stays
// one:
//
//	parse, err := middleware.Strict{Issuers: []middleware.Issuer{{Methods: []string{"HS256"}, Keys: keys}}}.Parser()
//	jwtConfig := echojwt.Config{ParseTokenFunc: parse}
type Strict struct {
	// Issuers are those whose tokens are accepted. Required. Keys belong to
	// their issuer: a key id of one is never looked up at another.
	Issuers []Issuer
	// Audience must be among the token's `aud` (RFC 7519, section 4.1.3).
	// Empty checks none.
	Audience string
	// Type must equal the claim `typ`, which keeps refresh tokens and the like
	// apart from access tokens. Empty checks none.
	Type string
	// Leeway is for clocks that differ. Zero means 30 s; a negative value
	// means none.
	Leeway time.Duration
	// NewClaims returns what claims are decoded into, a pointer. Nil means
	// jwt.MapClaims.
	NewClaims func() jwt.Claims
}

// Issuer is one who signs tokens.
type Issuer struct {
	// Name must equal the claim `iss` (RFC 7519, section 4.1.1). Empty is
	// allowed for a single issuer, whose `iss` is then not looked at.
	Name string
	// Methods are the signing methods to accept, such as "HS256", "RS256" or
	// "EdDSA" (RFC 7518, section 3.1). Required; "none" is refused.
	Methods []string
	// Keys are verification keys by `kid` (RFC 7515, section 4.1.4): to rotate,
	// add the new one, sign with it, and take the old one away when its last
	// token has expired. The key under "" is for tokens without a kid. HMAC
	// keys are []byte of at least 32 bytes.
	Keys map[string]any
	// KeyFunc finds keys instead of Keys, for example in a JWKS.
	KeyFunc jwt.Keyfunc
}

var (
	errStrictType = fmt.Errorf("%w: another type of token", jwt.ErrTokenInvalidClaims)
	errCritical   = fmt.Errorf("%w: critical header fields", jwt.ErrTokenUnverifiable)
	errKeyID      = fmt.Errorf("%w: no such key", jwt.ErrTokenUnverifiable)
)

// Parser returns a function for echojwt.Config.ParseTokenFunc. What it returns
// is a *jwt.Token. It is safe for concurrent use; errors of Parser wrap
// [ErrConfig].
func (s Strict) Parser() (func(echo.Context, string) (any, error), error) {
	parsers, err := s.parsers()
	if err != nil {
		return nil, err
	}
	newClaims := s.NewClaims
	if newClaims == nil {
		newClaims = func() jwt.Claims { return jwt.MapClaims{} }
	}
	return func(_ echo.Context, raw string) (any, error) {
		parser, err := parserFor(parsers, raw)
		if err != nil {
			return nil, err
		}
		return s.parse(parser, raw, newClaims())
	}, nil
}

// issuerParser is the parser of one issuer's tokens.
type issuerParser struct {
	name   string
	parser *jwt.Parser
	key    jwt.Keyfunc
}

func (s Strict) parsers() ([]issuerParser, error) {
	if len(s.Issuers) == 0 {
		return nil, fmt.Errorf("%w: Strict has no Issuers; name at least one, with its Methods and Keys", ErrConfig)
	}
	var found []issuerParser
	for _, issuer := range s.Issuers {
		if issuer.Name == "" && len(s.Issuers) > 1 {
			return nil, fmt.Errorf("%w: one of several Issuers has no Name, so its keys would serve tokens of the others", ErrConfig)
		}
		if err := issuer.validate(); err != nil {
			return nil, err
		}
		found = append(found, issuerParser{issuer.Name, s.parserOf(issuer), issuer.keyFunc()})
	}
	return found, nil
}

func (i Issuer) validate() error {
	if len(i.Methods) == 0 {
		return fmt.Errorf("%w: issuer %q has no Methods; name those that it signs with, such as HS256", ErrConfig, i.Name)
	}
	if (i.KeyFunc == nil) == (len(i.Keys) == 0) {
		return fmt.Errorf("%w: issuer %q needs either Keys or a KeyFunc", ErrConfig, i.Name)
	}
	for _, method := range i.Methods {
		if jwt.GetSigningMethod(method) == nil || method == jwt.SigningMethodNone.Alg() {
			return fmt.Errorf("%w: issuer %q accepts the method %q, which proves nothing; use HS256, RS256 or EdDSA", ErrConfig, i.Name, method)
		}
	}
	for kid, key := range i.Keys {
		secret, isHMAC := key.([]byte)
		if !isHMAC {
			continue
		}
		if err := CheckHMACKey(secret); err != nil {
			return fmt.Errorf("issuer %q, key %q: %w", i.Name, kid, err)
		}
	}
	return nil
}

func (i Issuer) keyFunc() jwt.Keyfunc {
	if i.KeyFunc != nil {
		return i.KeyFunc
	}
	return func(token *jwt.Token) (any, error) {
		kid, present := token.Header["kid"]
		text, isText := kid.(string)
		if present && !isText {
			return nil, errKeyID
		}
		key, known := i.Keys[text]
		if !known {
			return nil, errKeyID
		}
		return key, nil
	}
}

const defaultLeeway = 30 * time.Second

func (s Strict) parserOf(issuer Issuer) *jwt.Parser {
	leeway := s.Leeway
	if leeway == 0 {
		leeway = defaultLeeway
	}
	options := []jwt.ParserOption{
		jwt.WithValidMethods(issuer.Methods), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithLeeway(max(leeway, 0)), jwt.WithStrictDecoding(),
	}
	if issuer.Name != "" {
		options = append(options, jwt.WithIssuer(issuer.Name))
	}
	if s.Audience != "" {
		options = append(options, jwt.WithAudience(s.Audience))
	}
	return jwt.NewParser(options...)
}

// parserFor picks the parser by the issuer that the token claims; the parser
// then verifies with that issuer's keys alone.
func parserFor(parsers []issuerParser, raw string) (issuerParser, error) {
	if len(parsers) == 1 {
		return parsers[0], nil
	}
	var claimed struct {
		Issuer string `json:"iss"`
	}
	if err := decodePayload(raw, &claimed); err != nil {
		return issuerParser{}, err
	}
	for _, one := range parsers {
		if one.name == claimed.Issuer {
			return one, nil
		}
	}
	return issuerParser{}, jwt.ErrTokenInvalidIssuer
}

func (s Strict) parse(with issuerParser, raw string, claims jwt.Claims) (any, error) {
	if strings.ContainsAny(raw, "\r\n") { // which Go's decoder would skip: one token, many texts
		return nil, jwt.ErrTokenMalformed
	}
	token, err := with.parser.ParseWithClaims(raw, claims, with.key)
	if err != nil {
		return nil, err
	}
	if _, critical := token.Header["crit"]; critical { // RFC 7515, section 4.1.11
		return nil, errCritical
	}
	if s.Type == "" {
		return token, nil
	}
	var claimed struct {
		Type string `json:"typ"`
	}
	if err := decodePayload(raw, &claimed); err != nil {
		return nil, err
	}
	if claimed.Type != s.Type {
		return nil, errStrictType
	}
	return token, nil
}

// decodePayload reads claims of a token in compact form (RFC 7515, section 7.1).
func decodePayload(raw string, into any) error {
	_, rest, _ := strings.Cut(raw, ".")
	payload, _, _ := strings.Cut(rest, ".")
	data, err := base64.RawURLEncoding.Strict().DecodeString(payload)
	if err != nil {
		return errors.Join(jwt.ErrTokenMalformed, err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return errors.Join(jwt.ErrTokenMalformed, err)
	}
	return nil
}
