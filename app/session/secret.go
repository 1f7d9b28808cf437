package session

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/yodelrt/yodel/middleware"
)

// SecretFile is the name of the secret in the data directory.
const SecretFile = "jwt.key"

// LoadSecret returns the signing secret: secret when it is set, else the content
// of file when that is set, else the one in dir, which it makes on first use,
// mode 0600. A weak one is an error that names the fix and not the secret.
func LoadSecret(secret, file, dir string) ([]byte, error) {
	switch {
	case secret != "":
		return []byte(secret), middleware.CheckHMACKey([]byte(secret))
	case file != "":
		return readSecret(file)
	}
	return kept(filepath.Join(dir, SecretFile))
}

func readSecret(file string) ([]byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the signing key: %w", err)
	}
	key := []byte(strings.TrimSpace(string(data)))
	return key, middleware.CheckHMACKey(key)
}

func kept(path string) ([]byte, error) {
	key, err := readSecret(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return nil, fmt.Errorf("make a signing key: %w", err)
	}
	key = []byte(hex.EncodeToString(raw))
	if err := os.WriteFile(path, append(key, '\n'), 0o600); err != nil {
		return nil, fmt.Errorf("keep the signing key: %w", err)
	}
	return key, nil
}
