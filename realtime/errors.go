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

// The errors of the protocol (centrifugal.dev, server/codes), complete, so that
// handlers can return any of them. Clients try again what is temporary, and after
// [ErrExpired] with a new token.
var (
	// ErrInternal: a handler or the engine failed; the log knows more.
	ErrInternal = &Error{100, "internal server error", true}
	// ErrUnauthorized: who asks is nobody. The hub closes with [CloseInvalidToken] or
	// [CloseBadRequest] instead; for handlers.
	ErrUnauthorized = &Error{101, "unauthorized", false}
	// ErrUnknownChannel: no pattern fits the name.
	ErrUnknownChannel = &Error{102, "unknown channel", false}
	// ErrPermissionDenied: a rule does not allow it.
	ErrPermissionDenied = &Error{103, "permission denied", false}
	// ErrMethodNotFound: no handler of that name, or none for this user.
	ErrMethodNotFound = &Error{104, "method not found", false}
	// ErrSubscribed: the connection is in that channel already.
	ErrSubscribed = &Error{105, "already subscribed", false}
	// ErrLimit: a limit is reached, such as MaxChannels.
	ErrLimit = &Error{106, "limit exceeded", false}
	// ErrBadRequest: a request that can't be read or that contradicts itself.
	ErrBadRequest = &Error{107, "bad request", false}
	// ErrNotAvailable: the channel, or the hub, does not offer it.
	ErrNotAvailable = &Error{108, "not available", false}
	// ErrExpired: the time of a token is over.
	ErrExpired = &Error{109, "token expired", false}
	// ErrConnectionExpired: the time of a connection or subscription is over,
	// without a token. The hub closes with [CloseExpired] instead; for handlers.
	ErrConnectionExpired = &Error{110, "expired", false}
	// ErrTooMany: more commands than the rate allows.
	ErrTooMany = &Error{111, "too many requests", true}
	// ErrUnrecoverable: the position is not in the channel's history.
	ErrUnrecoverable = &Error{112, "unrecoverable position", false}
	// ErrConcurrentPagination: what is paged through has changed; begin again.
	// For handlers.
	ErrConcurrentPagination = &Error{113, "concurrent pagination", true}
)

func (e *Error) wire() *protocol.Error {
	return &protocol.Error{Code: e.Code, Message: e.Message, Temporary: e.Temporary}
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

// Error returns the reason, so that a handler can return a Close to end its
// connection.
func (c Close) Error() string { return c.Reason }

// asClose reports whether a handler's error is a [Close].
func asClose(err error) (Close, bool) {
	var reason Close
	ok := errors.As(err, &reason)
	return reason, ok
}
