package middleware

import (
	"bytes"
	"fmt"
	"strings"

	echojwt "github.com/labstack/echo-jwt/v4"
)

// minHMACBytes is the least size of an HMAC key: that of SHA-256's output
// (RFC 7518, section 3.2).
const minHMACBytes = 32

// knownSecrets are beginnings of keys that stand in tutorials and examples.
var knownSecrets = []string{"secret", "changeme", "change-me", "your-256-bit-secret", "your_jwt_secret", "supersecret", "password", "test"}

// checkKeys refuses HMAC keys that can be guessed. Keys behind a KeyFunc or a
// ParseTokenFunc are out of sight, and echo-jwt then ignores the others.
func checkKeys(config echojwt.Config) error {
	if config.KeyFunc != nil || config.ParseTokenFunc != nil {
		return nil
	}
	method := config.SigningMethod
	if method == "" {
		method = echojwt.AlgorithmHS256
	}
	if method == "none" {
		return fmt.Errorf(`%w: SigningMethod "none" admits everybody; use HS256, RS256 or EdDSA`, ErrConfig)
	}
	if !strings.HasPrefix(method, "HS") {
		return nil
	}
	if len(config.SigningKeys) == 0 {
		if config.SigningKey == nil {
			return fmt.Errorf("%w: JWT has no SigningKey, SigningKeys, KeyFunc or ParseTokenFunc; hand over the configuration that guards your HTTP routes", ErrConfig)
		}
		return checkHMACKey("SigningKey", config.SigningKey)
	}
	for kid, key := range config.SigningKeys {
		if err := checkHMACKey(fmt.Sprintf("SigningKeys[%q]", kid), key); err != nil {
			return err
		}
	}
	return nil
}

func checkHMACKey(name string, key any) error {
	secret, ok := key.([]byte)
	if !ok {
		return fmt.Errorf("%w: %s is a %T; HMAC needs a []byte", ErrConfig, name, key)
	}
	if err := CheckHMACKey(secret); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// CheckHMACKey refuses an HMAC key that can be guessed: one of less than 32
// bytes (RFC 7518, section 3.2), one byte repeated, or one that begins like a
// known example. The error wraps [ErrConfig], names the fix and never holds the
// key. [New] applies it to the keys that it can see; call it for those that
// your KeyFunc or ParseTokenFunc uses.
func CheckHMACKey(secret []byte) error {
	if len(secret) < minHMACBytes {
		return fmt.Errorf("%w: the HMAC key has %d bytes and needs at least %d random ones, for example from `openssl rand -hex 32`", ErrConfig, len(secret), minHMACBytes)
	}
	if bytes.Count(secret, secret[:1]) == len(secret) {
		return fmt.Errorf("%w: the HMAC key is one byte repeated; use random ones, for example from `openssl rand -hex 32`", ErrConfig)
	}
	lower := strings.ToLower(string(secret))
	for _, known := range knownSecrets {
		if strings.HasPrefix(lower, known) {
			return fmt.Errorf("%w: the HMAC key begins like an example from a tutorial; use random bytes, for example from `openssl rand -hex 32`", ErrConfig)
		}
	}
	return nil
}
