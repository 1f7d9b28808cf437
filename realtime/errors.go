package realtime

import (
	"errors"

	"github.com/centrifugal/protocol"
)

// Error is what a command is answered with when it fails. Return one from a
// handler to let the peer read it; any other error is answered with
// [ErrInternal] and logged.
//
// Numbers 100 to 399 are those of Centrifugo's client protocol
// (centrifugal.dev, server/codes); an application's own lie in 400 to 1999.
type Error struct {
	// Code is the number that clients decide by.
	Code uint32
	// Message is a short text for developers.
	Message string
	// Temporary errors may be tried again.
	Temporary bool
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// The errors of the protocol.
var (
	ErrInternal         = &Error{100, "internal server error", true}
	ErrUnknownChannel   = &Error{102, "unknown channel", false}
	ErrPermissionDenied = &Error{103, "permission denied", false}
	ErrMethodNotFound   = &Error{104, "method not found", false}
	ErrSubscribed       = &Error{105, "already subscribed", false}
	ErrLimit            = &Error{106, "limit exceeded", false}
	ErrBadRequest       = &Error{107, "bad request", false}
	ErrNotAvailable     = &Error{108, "not available", false}
	ErrExpired          = &Error{109, "token expired", false}
	ErrTooMany          = &Error{111, "too many requests", true}
	ErrUnrecoverable    = &Error{112, "unrecoverable position", false}
)

func (e *Error) wire() *protocol.Error {
	return &protocol.Error{Code: e.Code, Message: e.Message, Temporary: e.Temporary}
}

// Error returns the reason, so that a handler can return a Close to end its
// connection.
func (c Close) Error() string { return c.Reason }

// asClose reports whether a handler's error is a [Close].
func asClose(err error) (Close, bool) {
	var reason Close
	ok := errors.As(err, &reason)
	return reason, ok
}
