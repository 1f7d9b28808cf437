// Package observe has what a hub tells those who watch it for metrics and traces:
// sockets that open and end, commands, publications, and limits that have refused
// something. Packages prom and otelrt have an [Observer] each. It is of types
// alone, of the standard library.
package observe

import (
	"context"
	"strconv"
	"time"
)

// Observer hears what a hub does, for metrics and traces; packages prom and otelrt
// have one each. Any of its functions may be nil, and costs nothing then. They are
// called where the work is done: they must return at once, be safe for concurrent
// use, and not call the hub. Nothing that they are told comes from a client, and
// no token, channel name or user is among it.
type Observer struct {
	// Opened hears of a socket that was upgraded; carrier is that of its
	// principal, empty for one that is nobody yet.
	Opened func(carrier string)
	// Closed hears of the end of a socket.
	Closed func(ConnectionEnd)
	// Command is called before a command is carried out. Handlers get the context
	// that it returns, and done is called afterwards with 0, the code of the
	// error that the client was told, or the code of the close.
	Command func(ctx context.Context, command Command) (_ context.Context, done func(code uint32))
	// Published hears of a publication that was handed to the subscribers here.
	Published func(PublicationSent)
	// Refused hears of a limit that has refused something.
	Refused func(Limit)
}

// ConnectionEnd is the end of a socket.
type ConnectionEnd struct {
	// Code is the close code: the hub's or the peer's own, which may be any, or
	// 1006 for a peer that has vanished.
	Code int
	// Carrier is that of the principal at the end.
	Carrier string
	// Lasted is how long the socket stood.
	Lasted time.Duration
}

// Command is one that a hub carries out.
type Command struct {
	// Kind is the protocol's word: connect, subscribe, unsubscribe, publish,
	// presence, presence_stats, history, rpc, send, refresh or sub_refresh.
	Kind string
	// Call is the method of an rpc that has a handler, else empty.
	Call string
}

// PublicationSent is one publication on one node.
type PublicationSent struct {
	// Pattern is that of the channel, such as room:{id}.
	Pattern string
	// Bytes is the size of its data, Receivers how many connections it was
	// handed to.
	Bytes, Receivers int
}

// CodeLabel names a close code for a metric's label: peers choose the codes that
// they close with, and those that no hub sends are "other".
func CodeLabel(code int) string {
	if code >= 1000 && code <= 1015 || code >= 3000 && code <= 3014 || code >= 3500 && code <= 3509 {
		return strconv.Itoa(code)
	}
	return "other"
}
