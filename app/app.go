// Package app is the reference application: accounts, sessions, pages and
// sockets, wired together on one page. Nothing imports it but its command.
package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/admin"
	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/live"
	"github.com/yodelrt/yodel/app/demo"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/store"
	"github.com/yodelrt/yodel/middleware"
	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/prom"
)

// App is the wired application. Build it with [New], then call Run, or serve
// Handler yourself and call Close.
type App struct {
	config Config
	plan
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
	if found := config.Check(); len(found) > 0 {
		return nil, problems(found)
	}
	planned, err := config.plan(log, true)
	if err != nil {
		return nil, err
	}
	a := newApp(config, planned, log)
	if a.store, err = store.OpenAny(ctx, config.DataDir, config.DatabaseURL); err != nil {
		return nil, err
	}
	if a.engine, err = config.openEngine(ctx, planned.nats); err != nil {
		return nil, errors.Join(err, a.store.Close())
	}
	if err = a.build(); err == nil {
		err = a.begin(ctx)
	}
	if err != nil {
		a.engine.close()
		return nil, errors.Join(err, a.store.Close())
	}
	return a, nil
}

func newApp(config Config, planned plan, log *slog.Logger) *App {
	return &App{config: config, plan: planned, log: log, histograms: prom.NewHistograms("yodel")}
}

// build wires everything. It asks neither the store nor the engine for anything.
func (a *App) build() (err error) {
	if a.tokens, err = session.NewTokens(a.keys, a.place.origin); err != nil {
		return err
	}
	a.accounts = account.New(a.store)
	a.sessions = session.New(a.store, a.store, a.tokens, a.config.AccessLife)
	a.invites = account.NewInvitations(a.store)
	a.audit = audit.New(a.store, a.log)
	a.relay = chat.NewRelay(a.store.Chat(), a.log)
	a.chat = chat.New(a.store.Chat(), a.relay, chat.Options{MessagesPer10s: a.config.MessageRate})
	cookies := session.NewCookies(a.place.https, a.place.port)
	jwt := a.tokens.Config(cookies.Access())
	if err := a.openSockets(jwt, cookies); err != nil {
		return err
	}
	if err := a.openAdmin(); err != nil {
		return err
	}
	return a.route(jwt, cookies)
}

// Handler returns the whole application.
func (a *App) Handler() http.Handler { return a.handler }

// URL is the application's origin.
func (a *App) URL() string { return a.place.origin }

// Accounts manages the application's accounts.
func (a *App) Accounts() *account.Accounts { return a.accounts }

func (a *App) ready(c echo.Context) error {
	if a.draining.Load() {
		return echo.ErrServiceUnavailable
	}
	if a.hub.EngineHealth().CutOff {
		return echo.ErrServiceUnavailable
	}
	if err := a.store.Ready(c.Request().Context()); err != nil {
		return echo.ErrServiceUnavailable.WithInternal(err)
	}
	return c.String(http.StatusOK, "ok\n")
}
