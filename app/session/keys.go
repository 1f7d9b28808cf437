package session

import (
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"

	"github.com/golang-jwt/jwt/v5"

	"github.com/yodelrt/yodel/middleware"
)

// Keys are one key to sign with and those to verify with, by key id.
type Keys struct {
	method  jwt.SigningMethod
	signing any
	id      string
	verify  map[string]any
	methods []string
}

// SecretKeys signs with HS256.
func SecretKeys(secret []byte) (*Keys, error) {
	if err := middleware.CheckHMACKey(secret); err != nil {
		return nil, err
	}
	k := &Keys{verify: map[string]any{}}
	k.use(jwt.SigningMethodHS256, secret, secret)
	return k, nil
}

// LoadPrivateKey signs with the Ed25519 or RSA key in a PEM file (PKCS #8), RSA
// of at least 2,048 bits (RFC 7518, section 3.3).
func LoadPrivateKey(file string) (*Keys, error) {
	parsed, err := readPEM(file)
	if err != nil {
		return nil, err
	}
	k := &Keys{verify: map[string]any{}}
	switch key := parsed.(type) {
	case ed25519.PrivateKey:
		k.use(jwt.SigningMethodEdDSA, key, key.Public())
	case *rsa.PrivateKey:
		if key.N.BitLen() < 2048 {
			return nil, fmt.Errorf("%w: the RSA key in %s has %d bits and needs 2048; make one with `openssl genpkey -algorithm ed25519`", middleware.ErrConfig, file, key.N.BitLen())
		}
		k.use(jwt.SigningMethodRS256, key, &key.PublicKey)
	default:
		return nil, fmt.Errorf("%w: %s holds a %T, which cannot sign; make a key with `openssl genpkey -algorithm ed25519`", middleware.ErrConfig, file, parsed)
	}
	return k, nil
}

// AddPrevious lets tokens in that an earlier key has signed: a PEM file with a
// public or private key, or one with an earlier secret.
func (k *Keys) AddPrevious(file string) error {
	parsed, err := readPEM(file)
	if errors.Is(err, errNoPEM) {
		secret, err := readSecret(file)
		if err != nil {
			return err
		}
		k.accept(jwt.SigningMethodHS256, secret)
		return nil
	}
	if err != nil {
		return err
	}
	switch key := parsed.(type) {
	case ed25519.PrivateKey:
		k.accept(jwt.SigningMethodEdDSA, key.Public())
	case ed25519.PublicKey:
		k.accept(jwt.SigningMethodEdDSA, key)
	case *rsa.PrivateKey:
		k.accept(jwt.SigningMethodRS256, &key.PublicKey)
	case *rsa.PublicKey:
		k.accept(jwt.SigningMethodRS256, key)
	default:
		return fmt.Errorf("%w: %s holds a %T; a previous key is Ed25519, RSA or a secret", middleware.ErrConfig, file, parsed)
	}
	return nil
}

func (k *Keys) use(method jwt.SigningMethod, signing, verifying any) {
	k.method, k.signing = method, signing
	k.id = k.accept(method, verifying)
}

func (k *Keys) accept(method jwt.SigningMethod, verifying any) string {
	id := keyID(verifying)
	k.verify[id] = verifying
	k.methods = append(k.methods, method.Alg())
	return id
}

// keyID names a key by what it is, so that every node names it alike. That of a
// secret is a hash of it with a label, cut short: it gives nothing away of 256
// random bits.
func keyID(key any) string {
	var material []byte
	if secret, ok := key.([]byte); ok {
		material = append([]byte("yodel key id\x00"), secret...)
	} else {
		material, _ = x509.MarshalPKIXPublicKey(key) // of a type checked before
	}
	sum := sha256.Sum256(material)
	return hex.EncodeToString(sum[:8])
}

var errNoPEM = errors.New("not a PEM file")

func readPEM(file string) (any, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read a key: %w", err)
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("%w: %s: %w", middleware.ErrConfig, file, errNoPEM)
	}
	for _, parse := range []func([]byte) (any, error){
		x509.ParsePKCS8PrivateKey, x509.ParsePKIXPublicKey,
		func(der []byte) (any, error) { return x509.ParsePKCS1PrivateKey(der) },
	} {
		if key, err := parse(block.Bytes); err == nil {
			return key, nil
		}
	}
	return nil, fmt.Errorf("%w: %s holds no key that can be read; write it as PKCS #8", middleware.ErrConfig, file)
}
