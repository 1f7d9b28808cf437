package realtime

import "time"

// Limits are the bounds of a [Hub] on what others may take. Each counts what it
// refuses in [Hub.Refusals]. Bounds of one channel are in [ChannelOptions].
//
// Zero takes the default that stands with the field. Nothing turns a limit off,
// and a negative value is an error of [New]; set a large value where a limit is
// not wanted.
//
// Some limits need others: a frame that is too short for all subscriptions ends
// every client that comes back. [New] checks these relations, and its error names
// both fields, their values and what to change. It checks what you set; defaults
// follow. Limits{Connections: 5} works alone, with 5 ConnectionsPerUser in place of
// 10. So does Limits{Channels: 500}, with 501 CommandsPerFrame in place of 256. A
// default goes up to 32 times itself and no further.
type Limits struct {
	// MessageBytes bounds one incoming frame, in bytes. A longer one ends its
	// connection with code 1009. Default 65,536, more
	// where Channels needs it, or half of a smaller QueueBytes.
	//
	// An official client sends its connect and all of its subscriptions in one
	// frame when it comes back, and never splits it. Too few bytes end it each time
	// that it comes. So MessageBytes must be 145 for each of Channels and one
	// more, which is a subscription in JSON with a name of 40 bytes. Where a channel
	// has [RequireToken] or [ReadToken] it must be 455, with a token of 300 bytes;
	// [Hub.Channel] checks that. Longer names or tokens need more: a subscribe
	// with which the client could not come back is answered with [ErrLimit].
	MessageBytes int
	// FirstMessageBytes bounds the first command of a pending connection, its
	// connect with the token, in bytes; not its frame. A longer one ends the
	// connection with code 1009. At most MessageBytes. Default 16,384, or a smaller
	// MessageBytes. Too few bytes keep out everybody with a long token.
	FirstMessageBytes int
	// QueueBytes bounds the pushes that wait for one peer to read, in bytes; more end
	// its connection with [CloseSlow], after which clients come back. Answers don't
	// count: a peer gets the next one when it has read. At least twice MessageBytes:
	// half of it is there for what comes while a subscription is made, and one
	// publication as long as a message must fit. Default 1,048,576, or more where
	// MessageBytes needs it. Too few bytes
	// end peers that are slow for a moment; many, times Connections, are memory that
	// peers who do not read can take.
	QueueBytes int
	// RecoveryBytes bounds what one subscribe may recover, or all subscriptions of
	// one connect together, in bytes of the publications and 64 for each. Who has
	// missed more is told recovered: false and gets nothing of it. Default
	// 1,048,576. It is part of an answer, so it may exceed QueueBytes. Many bytes are
	// memory that a herd which comes back can take.
	RecoveryBytes int
	// HistoryBytes bounds one answer to history, in bytes of its publications. A
	// longer one is cut, behind one publication at least, and the client asks for
	// the rest from the last one that came. Default 1,048,576. It may exceed
	// QueueBytes, as answers do.
	HistoryBytes int

	// Connections bounds those of known users. One more is answered with 503.
	// Default 100,000. More than the process has memory for end everybody.
	Connections int
	// ConnectionsPerUser bounds those of one user. One more ends the user's oldest of
	// the same session with [CloseConnectionLimit]; clients don't come back from it.
	// At most Connections. Default 10, or fewer Connections. Less than somebody has
	// tabs and devices ends those that are in use.
	ConnectionsPerUser int
	// ConnectionsPerAddress bounds those of one address as [Config].Address tells it,
	// or of the /64 of an IPv6 address. One more is answered with 429. Without Address it
	// bounds nothing. At most Connections. Default 100, or fewer Connections. A few
	// keep out people who share an address, such as an office.
	ConnectionsPerAddress int
	// Connecting bounds the connections of known users that have upgraded and not
	// connected yet, so that a herd that comes back is let in at the rate at which it
	// can be served. One more is answered with 503. At most Connections. Default
	// 1,000, or fewer Connections.
	Connecting int
	// Pending bounds the connections that are nobody yet, which Connections does
	// not count. One more is answered with 503. Default 1,000. Anybody can open
	// them, so a few are soon taken, and many cost memory.
	Pending int
	// PendingPerAddress bounds those of one address, as [PendingInfo].Address tells it,
	// or of the /64 of an IPv6 address. One more is answered with 429. At most Pending.
	// Default 20, or fewer Pending.
	PendingPerAddress int

	// CommandsPerFrame bounds the commands of one frame. One more is a bad request
	// and ends the connection with [CloseBadRequest], from which clients don't come
	// back. At least Channels and one more, see MessageBytes. Default 256, or more
	// where Channels needs it.
	CommandsPerFrame int
	// CommandsPerSecond bounds the commands of one connection over time; what is
	// beyond is answered with [ErrTooManyRequests]. Default 100.
	CommandsPerSecond float64
	// CommandBurst bounds the commands of one connection at once, beside
	// CommandsPerSecond. Ten bursts beyond it in a row end the connection with
	// [CloseFlood]. At least Channels and one more, which a client sends when it
	// comes back. Default 200, or more where Channels needs it.
	CommandBurst int
	// Channels bounds the subscriptions of one connection, those of the server
	// included. One more is answered with [ErrLimit]; too many that the Connect hook
	// names end the connection with [CloseInternal]. Default 128, or what
	// smaller CommandsPerFrame, CommandBurst and MessageBytes have room for.
	Channels int
	// ChannelBytes bounds a channel's name, in bytes. A longer one is answered with
	// [ErrBadRequest]. At most MessageBytes. Default 255, or a smaller MessageBytes.
	ChannelBytes int
	// Errors bounds the commands in a row that fail for a reason which does not pass
	// by itself: the one that makes it so many ends the connection with
	// [CloseTooManyErrors], from which clients don't come back. Default 1,000. A few
	// end a page that has a mistake in one of its calls.
	Errors int

	// AuthDeadline is how long a connection may take from its upgrade to its
	// `connect`; nothing else extends it. Then it ends with [CloseStale], from which
	// clients don't come back, if it could be heard: it has answered the ping that it
	// was sent at half of the time. It ends with [CloseNoPong] if not, and with
	// [CloseInternal] while its `connect` is at work. Default 10 s. A short one ends those whose network stalls; a long one lets
	// connections that say nothing stay in Connecting and Pending.
	AuthDeadline time.Duration
	// Age is how long a connection may last, however often it refreshes. Then it
	// ends with [CloseExpired]. Zero: no bound.
	Age time.Duration
	// Idle is how long a connection may go without a command; pings and refreshes,
	// which clients send by themselves, are none. Then it ends with [CloseExpired].
	// At most Age, where both are set. Zero: no bound.
	Idle time.Duration
}
