package realtime

import (
	"strconv"

	"github.com/centrifugal/protocol"
)

// ErrorCode is an error of the client protocol by its number. It is an error
// itself: `return realtime.ErrPermissionDenied`, and
// `errors.Is(err, realtime.ErrPermissionDenied)`. With errors.As it reads as an
// *[Error] as well.
//
// Numbers 100 to 399 are those of Centrifugo's client protocol
// (centrifugal.dev, server/codes); an application's own lie in 400 to 1999.
type ErrorCode uint32

// The errors of the protocol (centrifugal.dev, server/codes), complete, so that
// handlers can return any of them. Clients try again what is temporary, and after
// [ErrTokenExpired] with a new token.
const (
	// ErrInternal: a handler or the engine failed; the log knows more. Temporary.
	ErrInternal ErrorCode = 100
	// ErrUnauthorized: who asks is nobody. The hub closes with [CloseInvalidToken]
	// or [CloseBadRequest] instead; for handlers.
	ErrUnauthorized ErrorCode = 101
	// ErrUnknownChannel: no pattern fits the name.
	ErrUnknownChannel ErrorCode = 102
	// ErrPermissionDenied: a rule does not allow it.
	ErrPermissionDenied ErrorCode = 103
	// ErrMethodNotFound: no handler of that name, or none for this user.
	ErrMethodNotFound ErrorCode = 104
	// ErrSubscribed: the connection is in that channel already.
	ErrSubscribed ErrorCode = 105
	// ErrLimit: a limit is reached, such as Limits.Channels.
	ErrLimit ErrorCode = 106
	// ErrBadRequest: a request that can't be read or that contradicts itself.
	ErrBadRequest ErrorCode = 107
	// ErrNotAvailable: the channel, or the hub, does not offer it.
	ErrNotAvailable ErrorCode = 108
	// ErrTokenExpired: the time of a token is over. Return it, wrapped or not, from
	// Verify and from [RequireToken]'s verify, so that the peer fetches a new one.
	ErrTokenExpired ErrorCode = 109
	// ErrConnectionExpired: the time of a connection or subscription is over,
	// without a token. The hub closes with [CloseExpired] instead; for handlers.
	ErrConnectionExpired ErrorCode = 110
	// ErrTooManyRequests: more commands than the rate allows. Temporary.
	ErrTooManyRequests ErrorCode = 111
	// ErrUnrecoverable: the position is not in the channel's history.
	ErrUnrecoverable ErrorCode = 112
	// ErrConcurrentPagination: what is paged through has changed; begin again.
	// For handlers. Temporary.
	ErrConcurrentPagination ErrorCode = 113
)

// Error returns the protocol's words for the code.
func (c ErrorCode) Error() string {
	switch c {
	case ErrInternal:
		return "internal server error"
	case ErrUnauthorized:
		return "unauthorized"
	case ErrUnknownChannel:
		return "unknown channel"
	case ErrPermissionDenied:
		return "permission denied"
	case ErrMethodNotFound:
		return "method not found"
	case ErrSubscribed:
		return "already subscribed"
	case ErrLimit:
		return "limit exceeded"
	case ErrBadRequest:
		return "bad request"
	case ErrNotAvailable:
		return "not available"
	case ErrTokenExpired:
		return "token expired"
	case ErrConnectionExpired:
		return "expired"
	case ErrTooManyRequests:
		return "too many requests"
	case ErrUnrecoverable:
		return "unrecoverable position"
	case ErrConcurrentPagination:
		return "concurrent pagination"
	}
	return "error " + strconv.FormatUint(uint64(c), 10)
}

// Temporary reports whether clients may try again.
func (c ErrorCode) Temporary() bool {
	return c == ErrInternal || c == ErrTooManyRequests || c == ErrConcurrentPagination
}

// Is reports whether target is the same code, or an *[Error] that has it.
func (c ErrorCode) Is(target error) bool {
	switch target := target.(type) {
	case ErrorCode:
		return target == c
	case *Error:
		return target != nil && target.Code == c
	}
	return false
}

// As lets errors.As read a code as an *[Error].
func (c ErrorCode) As(target any) bool {
	known, ok := target.(**Error)
	if ok {
		*known = c.full()
	}
	return ok
}

func (c ErrorCode) full() *Error {
	return &Error{Code: c, Message: c.Error(), Temporary: c.Temporary()}
}

func (c ErrorCode) wire() *protocol.Error { return c.full().wire() }
