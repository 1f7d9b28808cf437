package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/app/chat/live"
	"github.com/yodelrt/yodel/app/demo"
	"github.com/yodelrt/yodel/app/lobby"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/middleware"
	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/observe"
	"github.com/yodelrt/yodel/realtime/plain"
)

// The socket routes. The first is the one that tickets are minted for by default.
const (
	hubRoute  = "/ws"
	demoRoute = "/ws/demo"
)

// socketHandler is what both kinds of sockets can be told.
type socketHandler interface {
	Disconnect(ctx context.Context, by realtime.Selector, reason realtime.Close) (int, error)
	Rejudge(ctx context.Context, by realtime.Selector) int
	HasRoom() bool
	Shutdown(ctx context.Context) error
}

func (a *App) sockets() []socketHandler { return []socketHandler{a.hub, a.demo} }

// openSockets joins the guard with what flows over the sockets: the two packages
// do not know each other.
func (a *App) openSockets(jwt echojwt.Config, cookies session.Cookies) (err error) {
	a.demo, err = demo.New(plain.Config{
		Principal: principal, Pending: pending, Verify: a.verify, Recheck: a.recheck, Logger: a.log, Epoch: epoch,
		Address: a.address, Limits: plain.Limits{ConnectionsPerAddress: a.config.AddressSockets},
		PingInterval: a.config.PingInterval, PongTimeout: a.config.PongTimeout, DrainRate: a.config.DrainRate,
	}, a.accounts)
	if err != nil {
		return err
	}
	a.live, err = live.New(realtime.Config{
		Principal: principal, Pending: pending, Verify: a.verify, Recheck: a.recheck, Logger: a.log, Engine: a.engine.Engine,
		Address: a.address, Limits: realtime.Limits{ConnectionsPerAddress: a.config.AddressSockets}, Epoch: epoch, Observers: []observe.Observer{a.histograms.Observer()},
		PingInterval: a.config.PingInterval, PongTimeout: min(a.config.PongTimeout, a.config.PingInterval/2), DrainRate: a.config.DrainRate,
	}, a.chat, a.log)
	if err != nil {
		return err
	}
	a.hub = a.live.Hub
	if err := lobby.Mount(a.hub, a.accounts); err != nil {
		return err
	}
	tickets := a.engine.tickets
	a.auth, err = middleware.New(middleware.Config{
		JWT: jwt,
		Carriers: []middleware.Carrier{
			middleware.Cookie(cookies.Access()), middleware.Header(), middleware.Query("token"), middleware.Subprotocol(), middleware.Ticket(tickets),
		},
		Origins: a.place.origins,
		Routes:  []string{hubRoute, demoRoute},
		Check:   a.check,
		Admit:   a.admit,
		Logger:  a.log,
	})
	if err != nil {
		return err
	}
	a.guards = map[string]echo.MiddlewareFunc{}
	for route, room := range map[string]func(address string) error{hubRoute: a.hub.AdmitPending, demoRoute: a.demo.AdmitPending} {
		if a.guards[route], err = a.auth.UpgradePending(a.pendingConfig(tickets, room)); err != nil {
			return err
		}
	}
	return nil
}

// pendingConfig says who may open a socket before anybody knows who it is.
func (a *App) pendingConfig(tickets middleware.TicketStore, room func(address string) error) middleware.PendingConfig {
	waiting := middleware.PendingConfig{
		Carriers: []middleware.Carrier{middleware.TwoStep(tickets)},
		Admit: func(address string) error {
			switch err := room(address); {
			case errors.Is(err, realtime.ErrPendingPerAddress):
				return middleware.ErrTooMany
			case err != nil:
				return middleware.ErrUnavailable
			}
			return nil
		},
	}
	if a.config.AllowFirstMessage {
		waiting.Carriers = append(waiting.Carriers, middleware.FirstMessage())
	}
	return waiting
}

// endSockets says goodbye to everybody, on all routes at the same time.
func (a *App) endSockets(ctx context.Context) error {
	ended := make(chan error)
	for _, handler := range a.sockets() {
		go func() { ended <- handler.Shutdown(ctx) }()
	}
	var failed error
	for range a.sockets() {
		failed = errors.Join(failed, <-ended)
	}
	return failed
}

// check is the one revocation check, for sockets here and for HTTP routes in
// session.Handlers.Require.
func (a *App) check(ctx context.Context, p middleware.Principal) error {
	claims, ok := p.Claims.(*session.Claims)
	if !ok {
		return session.ErrEnded
	}
	if err := a.sessions.Check(ctx, claims); session.Refused(err) {
		return err
	} else if err != nil {
		return fmt.Errorf("%w: %w", middleware.ErrUnavailable, err)
	}
	return nil
}

func (a *App) admit(r *http.Request) error {
	var handler socketHandler = a.hub
	if r.URL.Path == demoRoute {
		handler = a.demo
	}
	if !handler.HasRoom() {
		return middleware.ErrUnavailable
	}
	return nil
}

func principal(ctx context.Context) (realtime.Principal, bool) {
	p, ok := middleware.PrincipalFrom(ctx)
	return realtime.Principal(p), ok
}

// epoch is that of the account when the token was issued.
func epoch(p realtime.Principal) int64 {
	if claims, ok := p.Claims.(*session.Claims); ok {
		return claims.Epoch
	}
	return 0
}

func pending(ctx context.Context) (realtime.PendingInfo, bool) {
	p, ok := middleware.PendingFrom(ctx)
	return realtime.PendingInfo{Address: p.Address, Origin: p.Origin}, ok
}

// verify judges a token that came in a message.
func (a *App) verify(ctx context.Context, token string) (context.Context, error) {
	return a.auth.VerifyMessage(ctx, token)
}

func (a *App) recheck(ctx context.Context, p realtime.Principal) error {
	err := a.check(ctx, middleware.Principal(p))
	if errors.Is(err, session.ErrStale) {
		return fmt.Errorf("%w: %w", realtime.ErrInvalidated, err)
	}
	return err
}
