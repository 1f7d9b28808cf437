package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/app/certificate"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/store"
	"github.com/yodelrt/yodel/app/web"
	"github.com/yodelrt/yodel/realtime/nats"
)

// plan is what the settings come to: all that is built of them before a database,
// an engine or a listener is opened.
type plan struct {
	place       place
	address     echo.IPExtractor // of a client
	keys        *session.Keys
	certificate *certificate.Certificate // nil for plain HTTP
	nats        *nats.Options            // nil for an engine in memory
}

// problems are what is wrong with the settings, each with its fix.
type problems []error

// Error puts each on a line.
func (p problems) Error() string { return errors.Join(p...).Error() }

// Unwrap is for [errors.Is].
func (p problems) Unwrap() []error { return p }

// Is says that all of them are about settings.
func (p problems) Is(target error) bool { return target == ErrConfig }

// plan builds it. What a first start makes, the data directory and the keys in it, it
// makes where makes says so; elsewhere it looks whether that would do.
func (c Config) plan(log *slog.Logger, makes bool) (p plan, err error) {
	var found problems
	note := func(err error) {
		if err != nil {
			found = append(found, err)
		}
	}
	p.place, err = c.place()
	note(err)
	note(c.checkAddresses())
	p.address, err = c.addresses(log)
	note(err)
	p.nats, err = c.natsOptions(log)
	note(err)
	_, err = c.Level()
	note(err)
	note(c.dataDir(makes))
	p.keys, err = c.planKeys(makes)
	note(err)
	p.certificate, err = c.planCertificate(p.place, makes)
	note(err)
	if len(found) > 0 {
		return p, found
	}
	return p, nil
}

func (c Config) addresses(log *slog.Logger) (echo.IPExtractor, error) {
	tell, err := web.Addresses(c.TrustedProxies, log)
	if err != nil {
		return nil, fmt.Errorf("%w: --trusted-proxies: %w", ErrConfig, err)
	}
	return tell, nil
}

func (c Config) checkAddresses() error {
	for _, listener := range []struct{ flag, address string }{{"--addr", c.Addr}, {"--admin-addr", c.AdminAddr}} {
		if listener.address == "" && listener.flag == "--admin-addr" {
			continue
		}
		_, port, err := net.SplitHostPort(listener.address)
		if err == nil {
			_, err = net.LookupPort("tcp", port)
		}
		if err != nil {
			return fmt.Errorf("%w: %s %q is not of the form host:port, such as 127.0.0.1:8080, with a port up to 65535", ErrConfig, listener.flag, listener.address)
		}
		if listener.flag == "--admin-addr" && c.AdminAddr == c.Addr && port != "0" {
			return fmt.Errorf("%w: --admin-addr and --addr are both %s; give operators an address of their own", ErrConfig, c.Addr)
		}
	}
	return nil
}

// dataDir makes the data directory, or looks whether it is one to write in. One that
// is not there yet is made at the start.
func (c Config) dataDir(makes bool) error {
	if makes {
		if err := store.MakeDir(c.DataDir); err != nil {
			return fmt.Errorf("%w: --data-dir: %w", ErrConfig, err)
		}
	}
	info, err := os.Stat(c.DataDir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("%w: --data-dir: %w", ErrConfig, err)
	case !info.IsDir():
		return fmt.Errorf("%w: --data-dir %s is a file; name a directory", ErrConfig, c.DataDir)
	}
	trial, err := os.CreateTemp(c.DataDir, ".trial")
	if err != nil {
		return fmt.Errorf("%w: nobody can write in --data-dir: %w; name a directory of the user that this runs as", ErrConfig, err)
	}
	return errors.Join(trial.Close(), os.Remove(trial.Name()))
}

// planKeys reads the keys. A secret that would be made at the first start is none
// that could be wrong.
func (c Config) planKeys(makes bool) (*session.Keys, error) {
	if !makes && c.JWTKeyFile == "" && c.JWTSecret == "" && c.JWTSecretFile == "" {
		kept := filepath.Join(c.DataDir, session.SecretFile)
		if _, err := os.Stat(kept); err == nil {
			c.JWTSecretFile = kept
		} else {
			c.JWTSecret = rand.Text() + rand.Text()
		}
	}
	return c.keys()
}

func (c Config) planCertificate(p place, makes bool) (*certificate.Certificate, error) {
	switch {
	case c.TLSCert != "" && c.TLSKey != "": // that they go together is checked elsewhere
		return certificate.Load(c.TLSCert, c.TLSKey)
	case c.TLSSelfSigned && makes:
		return certificate.SelfSigned(c.DataDir, p.hosts)
	}
	return nil, nil
}

// Check returns what is wrong with the settings, each with its fix, as far as that
// can be told without starting: it builds what [New] builds, without database, engine
// and listeners, and New begins with it. It leaves nothing behind: no directory and no key. No text holds a
// secret.
func (c Config) Check() []error {
	quiet := slog.New(slog.DiscardHandler)
	p, err := c.plan(quiet, false)
	var found problems
	if errors.As(err, &found) {
		return found
	}
	a := newApp(c, p, quiet)
	a.store, a.engine = new(store.Store), memoryEngine()
	if err := a.build(); err != nil {
		return []error{err}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := a.endSockets(ctx); err != nil { // there are none
		return []error{err}
	}
	return nil
}
