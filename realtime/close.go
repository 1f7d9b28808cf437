package realtime

import "github.com/gorilla/websocket"

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
	return c.Code == websocket.CloseMessageTooBig || (c.Code >= 3500 && c.Code < 4000) || (c.Code >= 4500 && c.Code < 5000)
}

// The reasons for which this package ends connections. Numbers from 3000 are
// those of Centrifugo's client protocol (centrifugal.dev, server/codes), those
// below of RFC 6455, section 7.4.1. Of the protocol's, 3000 is never sent, and
// 3009 is not either: where a write fails, no close frame gets through.
var (
	// Normal is an orderly end.
	Normal = Close{Code: websocket.CloseNormalClosure, Reason: "bye", Flush: true}
	// InvalidUTF8: a text message that is not UTF-8 (RFC 6455, section 8.1).
	InvalidUTF8 = Close{Code: websocket.CloseInvalidFramePayloadData, Reason: "invalid utf-8"}
	// TooBig: a message over the limit (RFC 6455, section 7.4.1).
	TooBig = Close{Code: websocket.CloseMessageTooBig, Reason: "message too big"}
	// Draining: this server goes away; come back elsewhere.
	Draining = Close{Code: 3001, Reason: "shutdown", Flush: true}
	// Internal: a handler failed.
	Internal = Close{Code: 3004, Reason: "internal server error"}
	// Expired: the token's exp has passed.
	Expired = Close{Code: 3005, Reason: "connection expired"}
	// SubscriptionTokenExpired: a subscription was to be refreshed with a token
	// whose time is over.
	SubscriptionTokenExpired = Close{Code: 3006, Reason: "subscription expired"}
	// Slow: the peer reads more slowly than messages arrive.
	Slow = Close{Code: 3008, Reason: "slow"}
	// InsufficientState: a publication was lost on the way to this connection;
	// come back and recover it.
	InsufficientState = Close{Code: 3010, Reason: "insufficient state"}
	// Elsewhere: come back, by whichever way leads to another node. A node that no
	// longer reaches its engine says so.
	Elsewhere = Close{Code: 3011, Reason: "force reconnect", Flush: true}
	// NoPong: the peer did not answer a ping in time.
	NoPong = Close{Code: 3012, Reason: "no pong"}
	// Flood: too many messages from the peer.
	Flood = Close{Code: 3013, Reason: "too many requests"}
	// BadRequest: a message that the protocol does not allow.
	BadRequest = Close{Code: 3501, Reason: "bad request", Flush: true}
	// Invalidated: the principal has changed; come back with a new token.
	Invalidated = Close{Code: 3014, Reason: "state invalidated"}
	// InvalidToken: the token of a first message was refused.
	InvalidToken = Close{Code: 3500, Reason: "invalid token"}
	// Stale: the peer did not authenticate in time.
	Stale = Close{Code: 3502, Reason: "stale"}
	// Revoked: the session was signed out, or the principal lost its right.
	Revoked = Close{Code: 3503, Reason: "signed out"}
	// ChannelLimit: the Connect hook has named more channels than MaxChannels.
	ChannelLimit = Close{Code: 3505, Reason: "channel limit", Flush: true}
	// PermissionDenied: the Connect hook has refused this connection for good.
	PermissionDenied = Close{Code: 3507, Reason: "permission denied", Flush: true}
	// NotAvailable: the application takes no such message.
	NotAvailable = Close{Code: 3508, Reason: "not available", Flush: true}
	// TooManyErrors: too many commands in a row have failed.
	TooManyErrors = Close{Code: 3509, Reason: "too many errors", Flush: true}
	// TooManyConnections: this user has as many connections as may be.
	TooManyConnections = Close{Code: 3504, Reason: "connection limit"}
)

// lost is reported for peers that went away without a close frame. It is never
// sent (RFC 6455, section 7.1.5).
var lost = Close{Code: websocket.CloseAbnormalClosure, Reason: "connection lost"}
