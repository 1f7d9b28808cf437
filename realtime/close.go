package realtime

import (
	"errors"
	"fmt"

	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// Close is a reason to end a connection, as the peer's close frame carries it
// (RFC 6455, section 5.5.1).
//
// Clients of the Centrifugo protocol decide by the code whether they come back:
// 3000 to 3499 and 4000 to 4499 reconnect, 3500 to 3999 and 4500 to 4999 do
// not. An application's own codes lie in 4000 to 4999.
type Close struct {
	// Code is the status code of the close frame.
	Code int
	// Reason is plain text of 1 to 123 bytes that is not JSON: official
	// clients look at the code only beside a reason, and take a JSON reason
	// for legacy advice.
	Reason string
	// Flush lets what is queued for the peer go out first, for at most five
	// seconds. Without it the queue is dropped and the connection is gone from
	// TCP within a second, also when the peer has stopped reading.
	Flush bool
}

// Terminal reports whether clients of the Centrifugo protocol stay away after
// this code.
func (c Close) Terminal() bool {
	return c.Code == 1009 || (c.Code >= 3500 && c.Code < 4000) || (c.Code >= 4500 && c.Code < 5000)
}

// Error returns the reason, so that a handler can return a Close to end its
// connection.
func (c Close) Error() string { return c.Reason }

// Is reports whether target is a Close with the same code.
func (c Close) Is(target error) bool {
	other, ok := target.(Close)
	return ok && other.Code == c.Code
}

// asClose reports whether a handler's error is a [Close].
func asClose(err error) (Close, bool) {
	var reason Close
	ok := errors.As(err, &reason)
	return reason, ok
}

// The reasons for which this package ends connections. Numbers from 3000 are
// those of Centrifugo's client protocol (centrifugal.dev, server/codes), those
// below of RFC 6455, section 7.4.1. Of the protocol's, 3000 is never sent, and
// 3009 is not either: where a write fails, no close frame gets through. Nor are 3505
// and 3506: no client can cause them. docs/reference/close-codes.md has the whole table.
var (
	// CloseNormal is an orderly end.
	CloseNormal = Close{Code: 1000, Reason: "bye", Flush: true}
	// CloseInvalidUTF8: a text message that is not UTF-8 (RFC 6455, section 8.1).
	CloseInvalidUTF8 = Close{Code: 1007, Reason: "invalid utf-8"}
	// CloseTooBig: a message over the limit (RFC 6455, section 7.4.1).
	CloseTooBig = Close{Code: 1009, Reason: "message too big"}
	// CloseShutdown: this server goes away; come back elsewhere.
	CloseShutdown = Close{Code: 3001, Reason: "shutdown", Flush: true}
	// CloseInternal: a handler failed.
	CloseInternal = Close{Code: 3004, Reason: "internal server error"}
	// CloseExpired: the token's exp has passed.
	CloseExpired = Close{Code: 3005, Reason: "connection expired"}
	// CloseSubscriptionExpired: a subscription was to be refreshed with a token
	// whose time is over.
	CloseSubscriptionExpired = Close{Code: 3006, Reason: "subscription expired"}
	// CloseSlow: the peer reads more slowly than messages arrive.
	CloseSlow = Close{Code: 3008, Reason: "slow"}
	// CloseInsufficientState: a publication was lost on the way to this connection;
	// come back and recover it.
	CloseInsufficientState = Close{Code: 3010, Reason: "insufficient state"}
	// CloseReconnect: come back, by whichever way leads to another node. A node that no
	// longer reaches its engine says so.
	CloseReconnect = Close{Code: 3011, Reason: "force reconnect", Flush: true}
	// CloseBusy: there are as many connections as this server takes; come back later.
	CloseBusy = Close{Code: 3013, Reason: "too many connections"}
	// CloseNoPong: the peer did not answer a ping in time.
	CloseNoPong = Close{Code: 3012, Reason: "no pong"}
	// CloseFlood: too many messages from the peer.
	CloseFlood = Close{Code: 3013, Reason: "too many requests"}
	// CloseBadRequest: a message that the protocol does not allow.
	CloseBadRequest = Close{Code: 3501, Reason: "bad request", Flush: true}
	// CloseInvalidated: the principal has changed; come back with a new token.
	CloseInvalidated = Close{Code: 3014, Reason: "state invalidated"}
	// CloseInvalidToken: the token of a first message was refused.
	CloseInvalidToken = Close{Code: 3500, Reason: "invalid token"}
	// CloseStale: the peer did not ask to be let in in time. One that has asked, and
	// waits for a verdict, ends with [CloseInternal].
	CloseStale = Close{Code: 3502, Reason: "stale"}
	// CloseRevoked: the session was signed out, or the principal lost its right.
	CloseRevoked = Close{Code: 3503, Reason: "signed out"}
	// ClosePermissionDenied: the Connect hook has refused this connection for good.
	ClosePermissionDenied = Close{Code: 3507, Reason: "permission denied", Flush: true}
	// CloseNotAvailable: the application takes no such message.
	CloseNotAvailable = Close{Code: 3508, Reason: "not available", Flush: true}
	// CloseTooManyErrors: too many commands in a row have failed.
	CloseTooManyErrors = Close{Code: 3509, Reason: "too many errors", Flush: true}
	// CloseConnectionLimit: this user has as many connections as may be.
	CloseConnectionLimit = Close{Code: 3504, Reason: "connection limit"}
)

// ErrClose is wrapped by the error for a [Close], or the code and reason of an
// [Hub.Unsubscribe], that no peer may be sent. A handler, hook or rule that returns
// such a Close ends its connection with [CloseInternal], and the log says why.
const ErrClose = sentinel("realtime: a close that can't be sent")

// sendable is the reason itself where a peer may be sent it, and [CloseInternal] with an
// error where it may not.
func (c Close) sendable() (Close, error) {
	if problem := transport.Close(c).Problem(); problem != "" {
		return CloseInternal, fmt.Errorf("%w: %s", ErrClose, problem)
	}
	return c, nil
}

// wireClose is a reason for the transport, which sends what it is given.
func wireClose(c Close) transport.Close {
	c, _ = c.sendable()
	return transport.Close(c)
}
