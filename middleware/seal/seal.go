// Package seal encrypts what a random secret stands for under the secret itself,
// so that whoever stores it cannot read it.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
)

// ErrSealed says that the secret does not open it: another secret, another
// purpose, or altered bytes.
var ErrSealed = errors.New("sealed under another secret")

// Seal encrypts plain with AES-256-GCM under a key that HKDF-SHA256 (RFC 5869)
// derives from the secret. purpose keeps uses apart.
//
// The secret must be random, of at least 128 bits, and seal one value for a
// purpose ever: the nonce is constant.
func Seal(secret, purpose string, plain []byte) ([]byte, error) {
	aead, err := aead(secret, purpose)
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, make([]byte, aead.NonceSize()), plain, nil), nil
}

// Open returns what [Seal] was given, or [ErrSealed].
func Open(secret, purpose string, sealed []byte) ([]byte, error) {
	aead, err := aead(secret, purpose)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, make([]byte, aead.NonceSize()), sealed, nil)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

func aead(secret, purpose string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, purpose, 32)
	if err != nil {
		return nil, fmt.Errorf("derive a key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("derive a key: %w", err)
	}
	return cipher.NewGCM(block)
}
