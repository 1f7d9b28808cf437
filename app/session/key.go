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

// LoadKey returns the signing key: secret when it is set, else the content of
// file when that is set, else the key in dir, which it makes on first use, mode
// 0600. A weak key is an error that names the fix and not the key.
func LoadKey(secret, file, dir string) ([]byte, error) {
	if secret == "" && file == "" {
		return kept(filepath.Join(dir, "jwt.key"))
	}
	if secret == "" {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read the signing key: %w", err)
		}
		secret = strings.TrimSpace(string(data))
	}
	return []byte(secret), middleware.CheckHMACKey([]byte(secret))
}

func kept(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err == nil {
		key := []byte(strings.TrimSpace(string(data)))
		return key, middleware.CheckHMACKey(key)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the signing key: %w", err)
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return nil, fmt.Errorf("make a signing key: %w", err)
	}
	key := []byte(hex.EncodeToString(raw))
	if err := os.WriteFile(path, append(key, '\n'), 0o600); err != nil {
		return nil, fmt.Errorf("keep the signing key: %w", err)
	}
	return key, nil
}
