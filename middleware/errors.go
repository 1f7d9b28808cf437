package middleware

import (
	"context"
	"errors"
	"net"
)

// ErrConfig is wrapped by every error of [New]. The text says what is unsafe or
// wrong and how to mend it.
var ErrConfig = errors.New("middleware: refused configuration")

// The reasons for which an upgrade is refused. They are wrapped in the
// *echo.HTTPError that reaches the application's HTTPErrorHandler; use
// errors.Is. None of them ever contains a credential.
var (
	// ErrMethod: the method is not GET (RFC 6455, section 4.1). Status 405.
	ErrMethod = errors.New("the socket route takes GET")
	// ErrHandshake: the request is no WebSocket handshake of version 13
	// (RFC 6455, section 4.2.1). Status 400 or 426.
	ErrHandshake = errors.New("not a WebSocket handshake")
	// ErrOrigin: the Origin is not listed, doubled, or absent where a cookie
	// would decide. Status 403.
	ErrOrigin = errors.New("origin refused")
	// ErrMissing: no credential was presented. Status 401.
	ErrMissing = errors.New("no credential")
	// ErrAmbiguous: more than one explicit credential, or one beside another
	// user's cookie. Status 400.
	ErrAmbiguous = errors.New("more than one credential")
	// ErrMalformed: a credential that cannot be read, such as a bearer
	// subprotocol without a real one beside it. Status 400.
	ErrMalformed = errors.New("malformed credential")
	// ErrCredential: the app's own configuration refused the token, or the
	// token lacks what a socket needs. Status 401.
	ErrCredential = errors.New("credential refused")
	// ErrRevoked: Config.Check refused the principal. Status 401.
	ErrRevoked = errors.New("principal refused")
	// ErrMediaType: a body that is not application/json. Status 415.
	ErrMediaType = errors.New("not JSON")
	// ErrUnavailable: a check could not be made. Return it, wrapped or not, from
	// Config.Check, Config.Admit or a KeyFunc to answer 503 instead of a verdict.
	// A KeyFunc's net.Error, such as of a key server that is away, and an error
	// whose method Temporary reports true are taken for it. It has that method.
	ErrUnavailable error = &temporaryError{"check unavailable"}
	// ErrTooMany: return it from Config.Admit to answer 429. Its method Temporary
	// reports true.
	ErrTooMany error = &temporaryError{"too many connections"}
	// ErrPanic: a function of the app's configuration panicked. Status 500. Its
	// method Temporary reports true, because the fault is not the client's.
	ErrPanic error = &temporaryError{"panic in the app's JWT configuration"}
)

// temporaryError is a sentinel for what may be otherwise at the next attempt. Who
// handles it needs not know this package: the method says so.
type temporaryError struct{ text string }

// Error returns the text.
func (e *temporaryError) Error() string { return e.text }

// Temporary returns true.
func (e *temporaryError) Temporary() bool { return true }

// expiredError is the sentinel for a token whose time is over.
type expiredError struct{}

// Error returns the text.
func (*expiredError) Error() string { return ErrCredential.Error() + ": expired" }

// Unwrap returns ErrCredential.
func (*expiredError) Unwrap() error { return ErrCredential }

// TokenExpired returns true: another token may be accepted.
func (*expiredError) TokenExpired() bool { return true }

// passes reports whether an error of the app's own functions says that no verdict
// could be reached now, rather than that the token is bad.
func passes(err error) bool {
	var temporary interface{ Temporary() bool }
	var network net.Error
	return errors.Is(err, ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) ||
		(errors.As(err, &temporary) && temporary.Temporary())
}
