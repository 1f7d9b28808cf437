package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	echojwt "github.com/labstack/echo-jwt/v4"

	"github.com/yodelrt/yodel/app/demo"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/middleware"
	"github.com/yodelrt/yodel/realtime"
)

// socketRoutes are the routes that tickets can be minted for; the first is the
// default.
var socketRoutes = []string{"/ws/demo"}

// openSockets joins the guard with what flows over the sockets: the two packages
// do not know each other.
func (a *App) openSockets(jwt echojwt.Config, cookies session.Cookies) (err error) {
	a.demo, err = demo.New(realtime.PlainConfig{
		Principal: principal, Pending: pending, Verify: a.verify, Recheck: a.recheck, Logger: a.log,
		PingInterval: a.config.PingInterval, PongTimeout: a.config.PongTimeout,
	}, a.accounts)
	if err != nil {
		return err
	}
	tickets := middleware.NewMemoryTickets(0, 0)
	a.auth, err = middleware.New(middleware.Config{
		JWT: jwt,
		Carriers: []middleware.Carrier{
			middleware.Cookie(cookies.Access()), middleware.Header(), middleware.Query("token"), middleware.Subprotocol(), middleware.Ticket(tickets),
		},
		Origins: a.place.origins,
		Routes:  socketRoutes,
		Check:   a.check,
		Admit:   a.admit,
		Logger:  a.log,
	})
	if err != nil {
		return err
	}
	waiting := middleware.PendingConfig{Carriers: []middleware.Carrier{middleware.TwoStep(tickets)}, Admit: a.admitPending}
	if a.config.AllowFirstMessage {
		waiting.Carriers = append(waiting.Carriers, middleware.FirstMessage())
	}
	a.guard, err = a.auth.UpgradePending(waiting)
	return err
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

func (a *App) admit(*http.Request) error {
	if !a.demo.HasRoom() {
		return middleware.ErrUnavailable
	}
	return nil
}

func (a *App) admitPending(address string) error {
	switch err := a.demo.AdmitPending(address); {
	case errors.Is(err, realtime.ErrPendingPerAddress):
		return middleware.ErrTooMany
	case err != nil:
		return middleware.ErrUnavailable
	}
	return nil
}

func principal(ctx context.Context) (realtime.Principal, bool) {
	p, ok := middleware.PrincipalFrom(ctx)
	return realtime.Principal(p), ok
}

func pending(ctx context.Context) (realtime.Waiting, bool) {
	p, ok := middleware.PendingFrom(ctx)
	return realtime.Waiting{Address: p.Address, Origin: p.Origin}, ok
}

// verify judges a token that came in a message.
func (a *App) verify(ctx context.Context, token string) (context.Context, error) {
	verified, err := a.auth.VerifyMessage(ctx, token)
	switch {
	case errors.Is(err, middleware.ErrExpired):
		return nil, realtime.ErrTokenExpired
	case errors.Is(err, middleware.ErrUnavailable):
		return nil, realtime.ErrUnavailable
	}
	return verified, err
}

func (a *App) recheck(ctx context.Context, p realtime.Principal) error {
	err := a.check(ctx, middleware.Principal(p))
	switch {
	case errors.Is(err, session.ErrStale):
		return fmt.Errorf("%w: %w", realtime.ErrInvalidated, err)
	case errors.Is(err, middleware.ErrUnavailable):
		return fmt.Errorf("%w: %w", realtime.ErrUnavailable, err)
	}
	return err
}

// sessionEnded ends what a session has open, after the store has its end.
func (a *App) sessionEnded(ctx context.Context, id string) {
	a.demo.Disconnect(ctx, realtime.BySession(id), realtime.Revoked)
	if err := a.auth.DropTickets(ctx, id); err != nil {
		a.log.Error("the tickets of an ended session were not dropped; redeeming them is refused all the same", "error", err)
	}
}

// endedElsewhere and changedElsewhere follow what another process has written.
func (a *App) endedElsewhere(sessionID string) { a.sessionEnded(context.Background(), sessionID) }

func (a *App) changedElsewhere(accountID string) {
	a.demo.Rejudge(context.Background(), realtime.ByUser(accountID))
}
