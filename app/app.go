// Package app is the reference application: accounts, sessions, pages and
// sockets, wired together on one page. Nothing imports it but its command.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/demo"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/store"
	"github.com/yodelrt/yodel/middleware"
	"github.com/yodelrt/yodel/realtime"
)

// App is the wired application. Build it with [New], then call Run, or serve
// Handler yourself and call Close.
type App struct {
	config   Config
	place    place
	log      *slog.Logger
	store    *store.Store
	accounts *account.Accounts
	sessions *session.Sessions
	auth     *middleware.Auth
	guards   map[string]echo.MiddlewareFunc // by socket route
	tokens   *session.Tokens
	demo     *demo.Demo
	hub      *realtime.Hub
	handler  http.Handler
	draining atomic.Bool
	watching sync.WaitGroup
	stop     context.CancelFunc
}

// New opens the data directory and wires everything. log receives everything
// that the application logs. Errors about settings wrap [ErrConfig] or
// [middleware.ErrConfig].
func New(ctx context.Context, config Config, log *slog.Logger) (*App, error) {
	where, err := config.place()
	if err != nil {
		return nil, err
	}
	a := &App{config: config, place: where, log: log}
	if a.store, err = store.Open(ctx, config.DataDir); err != nil {
		return nil, err
	}
	if err := a.wire(ctx); err != nil {
		return nil, errors.Join(err, a.store.Close())
	}
	return a, nil
}

func (a *App) wire(ctx context.Context) error {
	keys, err := a.config.keys()
	if err != nil {
		return err
	}
	if a.tokens, err = session.NewTokens(keys, a.place.origin); err != nil {
		return err
	}
	a.accounts = account.New(a.store)
	a.sessions = session.New(a.store, a.store, a.tokens)
	cookies := session.NewCookies(a.place.https)
	jwt := a.tokens.Config(cookies.Access())
	if err := a.openSockets(jwt, cookies); err != nil {
		return err
	}
	if a.config.Demo {
		if err := a.seed(ctx); err != nil {
			return err
		}
	}
	if err := a.route(jwt, cookies); err != nil {
		return err
	}
	watch, stop := context.WithCancel(context.WithoutCancel(ctx))
	a.stop = stop
	a.watching.Go(func() { session.Watch(watch, a.store, a.log, a.endedElsewhere, a.changedElsewhere) })
	return nil
}

// Handler returns the whole application.
func (a *App) Handler() http.Handler { return a.handler }

// URL is the application's origin.
func (a *App) URL() string { return a.place.origin }

// Accounts manages the application's accounts.
func (a *App) Accounts() *account.Accounts { return a.accounts }

// Run listens until ctx ends, then drains: not ready, sockets closed with 3001,
// requests finished, within the drain time. It writes one line with the address
// to out as soon as it listens.
func (a *App) Run(ctx context.Context, out io.Writer) error {
	listener, err := net.Listen("tcp", a.config.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	return a.Serve(ctx, listener, out)
}

// Serve is Run on a listener of the caller's; it closes it.
func (a *App) Serve(ctx context.Context, listener net.Listener, out io.Writer) error {
	secured, err := a.config.tlsConfig(a.place)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{
		Handler: a.handler, TLSConfig: secured, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 120 * time.Second,
		MaxHeaderBytes: 32 << 10,
	}
	admin, err := a.serveAdmin()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer admin()
	served := make(chan error, 1)
	go func() { served <- serve(server, listener) }()
	if _, err := fmt.Fprintf(out, "listening url=%s\n", a.place.origin); err != nil {
		a.log.Warn("address not printed", "error", err)
	}
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	return a.drain(server)
}

func serve(server *http.Server, listener net.Listener) error {
	if server.TLSConfig != nil {
		return server.ServeTLS(listener, "", "")
	}
	return server.Serve(listener)
}

func (a *App) drain(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), a.config.DrainTime)
	defer cancel()
	a.draining.Store(true)
	return errors.Join(a.endSockets(ctx), server.Shutdown(ctx), a.end())
}

// Close ends an application that Run does not run.
func (a *App) Close(ctx context.Context) error {
	a.draining.Store(true)
	return errors.Join(a.endSockets(ctx), a.end())
}

// end stops looking at the store and closes it.
func (a *App) end() error {
	a.stop()
	a.watching.Wait()
	return a.store.Close()
}

// seed makes the users of demo mode.
func (a *App) seed(ctx context.Context) error {
	for username, role := range map[string]account.Role{"admin": account.Admin, "alice": account.Member, "bob": account.Member} {
		_, err := a.accounts.Create(ctx, username, "", username+"-yodel-demo", role)
		if err != nil && !errors.Is(err, account.ErrTaken) {
			return fmt.Errorf("make the demo users: %w", err)
		}
	}
	a.log.Warn("demo mode: sign in as admin, alice or bob with the password <name>-yodel-demo")
	return nil
}

func (a *App) ready(c echo.Context) error {
	if a.draining.Load() {
		return echo.ErrServiceUnavailable
	}
	if err := a.store.Ping(c.Request().Context()); err != nil {
		return echo.ErrServiceUnavailable.WithInternal(err)
	}
	return c.String(http.StatusOK, "ok\n")
}
