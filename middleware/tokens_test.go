package middleware_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// tokenCase is one token of the matrix and what becomes of it.
type tokenCase struct {
	name   string
	token  string
	strict bool // accepted by the strict parser
	bare   bool // accepted by echo-jwt's default parser, on its HTTP route
	socket bool // accepted by the guard over that default parser
}

// signed makes a token with any header and claims.
func signed(t *testing.T, method jwt.SigningMethod, key any, head map[string]any, c jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, c)
	maps.Copy(token.Header, head)
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// with changes alice's claims; a nil value takes one away.
func with(change jwt.MapClaims) jwt.MapClaims {
	c := claims("alice")
	c["iss"], c["aud"], c["typ"] = "https://app.example.com", "chat", "access"
	for name, value := range change {
		if value == nil {
			delete(c, name)
		} else {
			c[name] = value
		}
	}
	return c
}

// tokenCases are HS256 tokens for an issuer with one key, in all the ways in
// which they can be wrong.
func tokenCases(t *testing.T) []tokenCase {
	hs := jwt.SigningMethodHS256
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	valid := signed(t, hs, key, nil, with(nil))
	dot := strings.LastIndexByte(valid, '.')
	raw := func(head, payload string) string {
		encode := base64.RawURLEncoding.EncodeToString
		return encode([]byte(head)) + "." + encode([]byte(payload)) + "."
	}
	plain := func(name string, head map[string]any, change jwt.MapClaims, strict, bare, socket bool) tokenCase {
		return tokenCase{name, signed(t, hs, key, head, with(change)), strict, bare, socket}
	}
	now := time.Now()
	return []tokenCase{
		{"valid", valid, true, true, true},
		plain("H057 expired within the leeway", nil, jwt.MapClaims{"exp": now.Add(-10 * time.Second).Unix()}, true, false, false),
		plain("H057 expired beyond it", nil, jwt.MapClaims{"exp": now.Add(-time.Minute).Unix()}, false, false, false),
		plain("H060 not yet valid", nil, jwt.MapClaims{"nbf": now.Add(time.Minute).Unix()}, false, false, false),
		plain("H060 issued in the future", nil, jwt.MapClaims{"iat": now.Add(time.Minute).Unix()}, false, true, true),
		{"another key", signed(t, hs, []byte(strings.Repeat("k9", 20)), nil, with(nil)), false, false, false},
		{"H051 alg none", signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, with(nil)), false, false, false},
		{"H051 alg None", raw(`{"alg":"None"}`, `{"sub":"alice"}`), false, false, false},
		{"H051 alg empty", raw(`{"alg":""}`, `{"sub":"alice"}`), false, false, false},
		{"H051 alg missing", raw(`{}`, `{"sub":"alice"}`), false, false, false},
		{"H052 signed with a public key as a secret", signed(t, hs, publicPEM, nil, with(nil)), false, false, false},
		{"signed by RS256", signed(t, jwt.SigningMethodRS256, private, nil, with(nil)), false, false, false},
		plain("H053 a kid that nobody has", map[string]any{"kid": "../../etc/passwd"}, nil, false, true, true),
		plain("H053 a kid that is a list", map[string]any{"kid": []string{"a"}}, nil, false, true, true),
		plain("H053 a kid of 10 kB is over the token limit", map[string]any{"kid": strings.Repeat("k", 10_000)}, nil, false, true, false),
		plain("H054 keys and addresses in the header", map[string]any{"jku": "https://evil.example/k", "x5u": "https://evil.example/x", "jwk": map[string]string{"kty": "oct"}}, nil, true, true, true),
		plain("H056 an unknown critical field", map[string]any{"crit": []string{"b64"}}, nil, false, true, true),
		plain("H058 no exp", nil, jwt.MapClaims{"exp": nil}, false, true, false),
		plain("H058 exp 0", nil, jwt.MapClaims{"exp": 0}, false, true, false),
		plain("H061 another audience", nil, jwt.MapClaims{"aud": "mail"}, false, true, true),
		plain("H061 no audience", nil, jwt.MapClaims{"aud": nil}, false, true, true),
		plain("H061 a list with ours", nil, jwt.MapClaims{"aud": []string{"mail", "chat"}}, true, true, true),
		plain("H062 another issuer", nil, jwt.MapClaims{"iss": "https://evil.example"}, false, true, true),
		plain("H063 a refresh token", nil, jwt.MapClaims{"typ": "refresh"}, false, true, true),
		plain("H063 no type", nil, jwt.MapClaims{"typ": nil}, false, true, true),
		plain("H064 no subject", nil, jwt.MapClaims{"sub": nil}, true, true, false),
		plain("H064 an empty subject", nil, jwt.MapClaims{"sub": ""}, true, true, false),
		plain("H064 a subject that is a number", nil, jwt.MapClaims{"sub": 7}, true, true, false),
		{"H066 another last character", valid[:len(valid)-1] + string(lastTwin(valid[len(valid)-1])), false, true, true},
		{"H066 a line break in the signature", valid[:len(valid)-3] + "\n" + valid[len(valid)-3:], false, true, true},
		{"an altered signature", valid[:dot+1] + twin(valid[dot+1]) + valid[dot+2:], false, false, false},
		plain("H068 disabled", nil, jwt.MapClaims{"sub": "disabled"}, false, false, false),
		plain("H067 revoked", nil, jwt.MapClaims{"jti": "revoked"}, false, false, false),
		{"empty", "", false, false, false},
		{"one dot", ".", false, false, false},
		{"H040 16 kB", strings.Repeat("a", 16<<10), false, false, false},
		{"H041 100,000 dots", strings.Repeat(".", 100_000), false, false, false},
		{"unicode", "héllo.wörld.✓", false, false, false},
	}
}

// lastTwin is another character with the same leading bits: base64 of 32 bytes
// leaves two bits of its last character unused.
func lastTwin(c byte) byte {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return alphabet[strings.IndexByte(alphabet, c)^1]
}

func twin(c byte) string {
	if c == 'A' {
		return "B"
	}
	return "A"
}

// otherKeys are key pairs of the methods besides HMAC.
func otherKeys(t *testing.T) map[string]struct {
	method  jwt.SigningMethod
	private any
	public  any
} {
	t.Helper()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	edPublic, edPrivate, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	type pair = struct {
		method  jwt.SigningMethod
		private any
		public  any
	}
	return map[string]pair{
		"RS256": {jwt.SigningMethodRS256, rsaKey, &rsaKey.PublicKey},
		"EdDSA": {jwt.SigningMethodEdDSA, edPrivate, edPublic},
		"ES256": {jwt.SigningMethodES256, ecKey, &ecKey.PublicKey},
	}
}
