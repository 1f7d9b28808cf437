package realtime

import (
	"errors"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/internal/verify"
)

// Error is what a command is answered with when it fails, with words of the
// application's own. Return one from a handler, or an [ErrorCode], to let the peer
// read it; any other error is answered with [ErrInternal] and logged.
type Error struct {
	// Code is the number that clients decide by. An application's own lie in 400
	// to 1999.
	Code ErrorCode
	// Message is a short text for developers.
	Message string
	// Temporary errors may be tried again.
	Temporary bool
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Is reports whether target has the same code, as an [ErrorCode] or an *Error.
func (e *Error) Is(target error) bool { return e.Code.Is(target) }

func (e *Error) wire() *protocol.Error {
	return &protocol.Error{Code: uint32(e.Code), Message: e.Message, Temporary: e.Temporary}
}

// mapped asks the application what an error means that the protocol does not
// know.
func (h *Hub) mapped(err error) error {
	var known *Error
	if err == nil || h.config.MapError == nil || errors.Is(err, errAnswered) || errors.As(err, &known) {
		return err
	}
	if _, ends := asClose(err); ends {
		return err
	}
	if meaning := h.config.MapError(err); meaning != nil {
		return meaning
	}
	return err
}

// ErrConfig is wrapped by every error of [New] and of a wrong declaration; the text
// says what to change.
const ErrConfig = sentinel("realtime: refused configuration")

// ErrClosed is returned for messages to a connection that has ended, and by calls on
// a hub that was shut down.
const ErrClosed = sentinel("realtime: closed")

// sentinel is an error that nobody can assign to. It is told by errors.Is.
type sentinel string

func (s sentinel) Error() string { return string(s) }

// Temporary tells other packages that no verdict could be reached.
func (s sentinel) Temporary() bool { return s == ErrCheckUnavailable }

// ErrCheckUnavailable: return it, wrapped or not, from Verify or Recheck when no
// verdict could be reached, such as when a database does not answer.
const ErrCheckUnavailable = sentinel("realtime: verification unavailable")

// ErrInvalidated: return it, wrapped or not, from Recheck when the principal has
// changed and may come back with a new token. The connection ends with
// [CloseInvalidated] instead of [CloseRevoked].
const ErrInvalidated = sentinel("realtime: the principal has changed")

// checkErrors are what the errors of an application's checks wrap.
var checkErrors = verify.Errors{Expired: ErrTokenExpired, Unavailable: ErrCheckUnavailable, Changed: ErrInvalidated, Answer: passes}
