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
	"github.com/yodelrt/yodel/app/admin"
	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/live"
	"github.com/yodelrt/yodel/app/demo"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/store"
	"github.com/yodelrt/yodel/app/web"
	"github.com/yodelrt/yodel/middleware"
	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/prom"
)

// App is the wired application. Build it with [New], then call Run, or serve
// Handler yourself and call Close.
type App struct {
	config     Config
	place      place
	address    echo.IPExtractor // of a client
	log        *slog.Logger
	store      *store.Store
	accounts   *account.Accounts
	sessions   *session.Sessions
	auth       *middleware.Auth
	guards     map[string]echo.MiddlewareFunc // by socket route
	tokens     *session.Tokens
	demo       *demo.Demo
	chat       *chat.Service
	relay      *chat.Relay
	live       *live.Live
	hub        *realtime.Hub // of the chat
	engine     openedEngine
	histograms *prom.Histograms
	admin      *admin.Admin
	audit      *audit.Log
	invites    *account.Invitations
	first      string // the secret of the first administrator's invitation, empty for none
	handler    http.Handler
	draining   atomic.Bool
	watching   sync.WaitGroup
	stop       context.CancelFunc
}

// New opens the data directory and wires everything. log receives everything
// that the application logs. Errors about settings wrap [ErrConfig] or
// [middleware.ErrConfig].
func New(ctx context.Context, config Config, log *slog.Logger) (*App, error) {
	where, err := config.place()
	if err != nil {
		return nil, err
	}
	a := &App{config: config, place: where, log: log, histograms: prom.NewHistograms("yodel")}
	if a.address, err = web.Addresses(config.TrustedProxies, log); err != nil {
		return nil, fmt.Errorf("%w: --trusted-proxies: %w", ErrConfig, err)
	}
	if a.store, err = store.OpenAny(ctx, config.DataDir, config.DatabaseURL); err != nil {
		return nil, err
	}
	if a.engine, err = config.openEngine(ctx, log); err != nil {
		return nil, errors.Join(err, a.store.Close())
	}
	if err := a.wire(ctx); err != nil {
		a.engine.close()
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
	a.sessions = session.New(a.store, a.store, a.tokens, a.config.AccessLife)
	a.invites = account.NewInvitations(a.store)
	a.audit = audit.New(a.store, a.log)
	if err := a.audit.Forget(ctx); err != nil {
		return err
	}
	a.relay = chat.NewRelay(a.store.Chat(), a.log)
	a.chat = chat.New(a.store.Chat(), a.relay, chat.Options{MessagesPer10s: a.config.MessageRate})
	cookies := session.NewCookies(a.place.https)
	jwt := a.tokens.Config(cookies.Access())
	if err := a.openSockets(jwt, cookies); err != nil {
		return err
	}
	if err := a.openAdmin(); err != nil {
		return err
	}
	if err := a.begin(ctx); err != nil {
		return err
	}
	if err := a.route(jwt, cookies); err != nil {
		return err
	}
	watch, stop := context.WithCancel(context.WithoutCancel(ctx))
	a.stop = stop
	a.watching.Go(func() { a.relay.Run(watch, a.live) })
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
// to out as soon as it listens, see [App.Announcement].
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
	if _, err := fmt.Fprint(out, a.Announcement()); err != nil {
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
	a.engine.close()
	return a.store.Close()
}

func (a *App) ready(c echo.Context) error {
	if a.draining.Load() {
		return echo.ErrServiceUnavailable
	}
	if a.hub.EngineHealth().CutOff {
		return echo.ErrServiceUnavailable
	}
	if err := a.store.Ping(c.Request().Context()); err != nil {
		return echo.ErrServiceUnavailable.WithInternal(err)
	}
	return c.String(http.StatusOK, "ok\n")
}
