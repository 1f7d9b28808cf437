package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"github.com/yodelrt/yodel/app/certificate"
	"github.com/yodelrt/yodel/app/session"
)

// Check returns what is wrong with the settings, each with its fix, as far as that
// can be told without starting. It reads files and changes nothing: it makes no
// directory and no key, and reaches for no database and no engine. No text holds a
// secret.
func (c Config) Check() []error {
	var found []error
	for _, check := range []func() error{
		c.checkPlace, c.checkAddresses, c.checkDataDir, c.checkKeys, c.checkCertificate, c.checkEngine,
	} {
		if err := check(); err != nil {
			found = append(found, err)
		}
	}
	return found
}

func (c Config) checkPlace() error {
	_, err := c.place()
	return err
}

func (c Config) checkAddresses() error {
	for flag, address := range map[string]string{"--addr": c.Addr, "--admin-addr": c.AdminAddr} {
		if address == "" && flag == "--admin-addr" {
			continue
		}
		if _, _, err := net.SplitHostPort(address); err != nil {
			return fmt.Errorf("%w: %s %q is not of the form host:port, such as 127.0.0.1:8080", ErrConfig, flag, address)
		}
	}
	return nil
}

// checkDataDir refuses what is no directory; one that is not there yet is made at
// the start.
func (c Config) checkDataDir() error {
	info, err := os.Stat(c.DataDir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("%w: --data-dir: %w", ErrConfig, err)
	case !info.IsDir():
		return fmt.Errorf("%w: --data-dir %s is a file; name a directory", ErrConfig, c.DataDir)
	}
	return nil
}

// checkKeys reads the keys that there are. A secret that would be made at the
// first start is none that could be wrong.
func (c Config) checkKeys() error {
	if c.JWTKeyFile == "" && c.JWTSecret == "" && c.JWTSecretFile == "" {
		kept := filepath.Join(c.DataDir, session.SecretFile)
		if _, err := os.Stat(kept); err == nil {
			c.JWTSecretFile = kept
		} else {
			c.JWTSecret = rand.Text() + rand.Text()
		}
	}
	_, err := c.keys()
	return err
}

func (c Config) checkCertificate() error {
	if c.TLSCert == "" || c.TLSKey == "" {
		return nil // that they go together is checked elsewhere
	}
	_, err := certificate.Load(c.TLSCert, c.TLSKey)
	return err
}
