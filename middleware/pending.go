package middleware

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/labstack/echo/v4"
)

// PendingConfig configures [Auth.UpgradePending].
type PendingConfig struct {
	// Carriers are [TwoStep], [FirstMessage] or both. None: nobody is let in as
	// pending, and messages carry the tokens of refreshes alone. Those of
	// Config.Carriers are accepted on the route as well and need no message.
	Carriers []Carrier

	// Admit is asked before a connection is let in as pending, with the
	// client's address: are there too many from there, or in all? Errors are
	// answered as those of Config.Admit. Required beside Carriers: pending
	// connections cost memory and prove nothing.
	Admit func(address string) error
}

// Pending is a connection that the guard has let in without a verdict yet. Its
// handler must deliver nothing to it, carry nothing out for it, and end it
// after a short while, until [Auth.VerifyMessage] has accepted its token.
type Pending struct {
	// UserID and SessionID are those of its ticket; empty without one.
	UserID, SessionID string
	// Carrier is "two-step" or "first-message".
	Carrier string
	// Origin is the accepted Origin header, empty without one.
	Origin string
	// Address is the client's, as the guard counts it.
	Address string
}

// snapshot is what the verification of a token in a message needs of the upgrade
// request, scrubbed. It lives as long as the connection.
type snapshot struct {
	Pending
	echo     *echo.Echo
	request  *http.Request
	path     string
	attempts atomic.Int32
}

// PendingFrom returns the pending connection that the guard put into the
// request's context, and whether there is one. A connection that was
// authenticated by the upgrade, or that no guard has seen, is not pending.
func PendingFrom(ctx context.Context) (Pending, bool) {
	p := passageFrom(ctx)
	if p == nil || p.snapshot == nil || p.admitted {
		return Pending{}, false
	}
	return p.snapshot.Pending, true
}

// UpgradePending returns the guard for routes whose handler accepts tokens in
// messages: in a refresh, and in the first message where config has Carriers.
// Everything that [Auth.Upgrade] refuses is refused here,
// but for a handshake with a ticket for two-step, or without any credential
// where [FirstMessage] is listed: those reach the handler as a [Pending], and
// [PrincipalFrom] finds nobody.
//
// Call it before the server starts. Errors wrap [ErrConfig].
func (a *Auth) UpgradePending(config PendingConfig) (echo.MiddlewareFunc, error) {
	twoStep, firstMessage, err := a.pendingCarriers(config)
	if err != nil {
		return nil, err
	}
	door := door{auth: a, messages: true, twoStep: twoStep, firstMessage: firstMessage, admitPending: config.Admit}
	return door.middleware, nil
}

func (a *Auth) pendingCarriers(config PendingConfig) (twoStep, firstMessage bool, err error) {
	if config.Admit == nil && len(config.Carriers) > 0 {
		return false, false, fmt.Errorf("%w: PendingConfig.Admit is nil, so anybody could hold any number of sockets open; bound them, for example with realtime's Plain.AdmitPending", ErrConfig)
	}
	for _, carrier := range config.Carriers {
		switch carrier.kind {
		case kindTwoStep:
			if err := a.useTickets(carrier.tickets); err != nil {
				return false, false, err
			}
			twoStep = true
		case kindFirstMessage:
			firstMessage = true
			a.config.Logger.Warn("sockets are opened without any credential and wait for one in their first message; tickets are safer")
		default:
			return false, false, fmt.Errorf("%w: %s is no carrier for UpgradePending; list it in Config.Carriers", ErrConfig, carrier)
		}
	}
	return twoStep, firstMessage, nil
}

// The reasons for which [Auth.VerifyMessage] refuses, beside [ErrCredential],
// [ErrRevoked], [ErrUnavailable] and [ErrPanic].
var (
	// ErrNotPending: the context is of no connection that messages can carry
	// tokens for.
	ErrNotPending = errors.New("not a connection of UpgradePending")
	// ErrAttempts: a connection may present one token.
	ErrAttempts = errors.New("a second attempt")
	// ErrMismatch: the token names another user or session than the ticket.
	ErrMismatch = errors.New("not the principal of the ticket")
	// ErrExpired: the token has expired. It wraps [ErrCredential], and its method
	// TokenExpired reports true.
	ErrExpired error = &expiredError{}
)

// VerifyMessage reaches the verdict for a token that came in a message, by the
// app's own configuration, and returns a context in which [PrincipalFrom] finds
// who it is. ctx is that of a connection on a route of [Auth.UpgradePending].
//
// For a pending connection it is the first message, of which there is one
// attempt; the principal must be the user, and the session, of the ticket that
// opened the connection, if one did. For a connection that is somebody's already
// it is a refresh: user and session must stay the same.
//
// Errors are sentinels of this package; none contains the token. Those that say
// nothing of the token have a method `Temporary() bool` that returns true, and
// [ErrExpired] has `TokenExpired() bool`, so that a handler that does not know
// this package can tell the client to come again. Safe for concurrent use.
func (a *Auth) VerifyMessage(ctx context.Context, token string) (context.Context, error) {
	held := passageFrom(ctx)
	if held == nil || held.snapshot == nil {
		a.config.Logger.Error("a token came in a message on a route where messages can't carry any; guard it by UpgradePending, with an empty PendingConfig for refreshes alone")
		return nil, ErrNotPending
	}
	waiting := held.snapshot
	if !held.admitted && waiting.attempts.Add(1) > 1 {
		return nil, ErrAttempts
	}
	principal, refused := a.judgeMessage(ctx, waiting, token)
	if refused != nil {
		a.logMessage(ctx, waiting, refused)
		if refused.reason == "token_expired" {
			return nil, ErrExpired
		}
		return nil, refused.sentinel
	}
	return context.WithValue(ctx, passageKey{}, &passage{admitted: true, principal: *principal, snapshot: waiting.of(principal)}), nil
}

func (a *Auth) judgeMessage(ctx context.Context, waiting *snapshot, token string) (*Principal, *refusal) {
	if token == "" {
		return nil, refuse(ErrCredential, "credential_missing")
	}
	if len(token) > a.config.MaxTokenBytes {
		return nil, refuse(ErrCredential, "token_too_long")
	}
	p := &passage{token: [1]string{token}}
	defer p.forget()
	request := waiting.request.Clone(context.WithValue(ctx, passageKey{}, p))
	apart := waiting.echo.NewContext(request, newRehearsal(http.Header{}))
	apart.SetPath(waiting.path)
	v := a.verify(apart, p)
	if !v.accepted() {
		return nil, v.refusal
	}
	if waiting.UserID != "" && (waiting.UserID != v.principal.UserID || waiting.SessionID != v.principal.SessionID) {
		return nil, refuse(ErrMismatch, "principal_mismatch")
	}
	v.principal.Carrier, v.principal.Origin = waiting.Carrier, waiting.Origin
	return v.principal, a.check(ctx, v.principal)
}

// of is the snapshot of a connection that has become somebody's.
func (s *snapshot) of(principal *Principal) *snapshot {
	who := s.Pending
	who.UserID, who.SessionID = principal.UserID, principal.SessionID
	return &snapshot{Pending: who, echo: s.echo, request: s.request, path: s.path}
}

// keep takes of the upgrade request what a later verification needs: no
// credential, no body, no echo.Context.
func keep(c echo.Context, who Pending) *snapshot {
	request := c.Request()
	kept := &http.Request{
		Method: request.Method, URL: request.URL, Host: request.Host, Header: request.Header.Clone(),
		RemoteAddr: request.RemoteAddr, RequestURI: request.RequestURI, TLS: request.TLS,
		Proto: request.Proto, ProtoMajor: request.ProtoMajor, ProtoMinor: request.ProtoMinor, Body: http.NoBody,
	}
	return &snapshot{Pending: who, echo: c.Echo(), request: kept, path: c.Path()}
}
