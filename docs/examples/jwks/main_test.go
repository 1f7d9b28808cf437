package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/gorilla/websocket"
)

// issuer signs tokens and publishes its keys.
type issuer struct {
	mu   sync.Mutex
	keys []map[string]string
}

func (i *issuer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	_ = json.NewEncoder(w).Encode(map[string]any{"keys": i.keys})
}

// newKey publishes a key and returns its signer.
func (i *issuer) newKey(t *testing.T, kid string) ed25519.PrivateKey {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = append(i.keys, map[string]string{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": base64.RawURLEncoding.EncodeToString(public)})
	return private
}

func sign(t *testing.T, kid string, key ed25519.PrivateKey, audience string) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.MapClaims{"iss": "https://login.example.com", "aud": audience, "sub": "u1", "exp": time.Now().Add(time.Hour).Unix()})
	token.Header["kid"] = kid
	signed, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func TestKeysComeFromTheIssuer(t *testing.T) {
	published := &issuer{}
	first := published.newKey(t, "2026-01")
	keys := httptest.NewServer(published)
	defer keys.Close()
	e, err := newServer(t.Context(), "https://login.example.com", keys.URL)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e)
	defer server.Close()
	_, stranger, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	second := published.newKey(t, "2026-02") // rotated while the server runs
	for name, test := range map[string]struct {
		token string
		want  int
	}{
		"the first key":    {sign(t, "2026-01", first, "chat"), 101},
		"the rotated key":  {sign(t, "2026-02", second, "chat"), 101},
		"a stranger's key": {sign(t, "2026-01", stranger, "chat"), 401},
		"another audience": {sign(t, "2026-01", first, "mail"), 401},
	} {
		conn, response, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(server.URL, "http")+"/ws", http.Header{"Authorization": {"Bearer " + test.token}})
		if response == nil || response.StatusCode != test.want {
			t.Errorf("%s: got %v, %v, want %d", name, response, err, test.want)
		}
		if conn != nil {
			_ = conn.Close()
		}
	}
}
