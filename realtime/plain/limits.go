package plain

import (
	"slices"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/internal/limits"
)

// Limits are the bounds of a [Handler] on what others may take. They mean what those
// of the same name mean in [realtime.Limits]. Each counts what it refuses in
// [Handler.Refusals].
//
// Zero takes the default that stands with the field. Nothing turns a limit off, and a
// negative value is an error of [New]; set a large value where a limit is not wanted.
//
// Some limits need others. [New] checks these relations, and its error names both
// fields, their values and what to change. It checks what you set; defaults follow:
// Limits{Connections: 5} works alone, with 5 ConnectionsPerUser in place of 10. A
// default goes up to 32 times itself and no further.
type Limits struct {
	// MessageBytes bounds one incoming message, in bytes. A longer one ends its
	// connection with code 1009. At most QueueBytes. Default 65,536, or a smaller
	// QueueBytes.
	MessageBytes int
	// FirstMessageBytes bounds the message that authenticates, in bytes. A longer one
	// ends the connection with code 1009. At most MessageBytes. Default 16,384, or a
	// smaller MessageBytes. Too few bytes keep out everybody with a long token.
	FirstMessageBytes int
	// QueueBytes bounds what waits for one peer to read, in bytes; more ends its
	// connection with [realtime.CloseSlow]. A message as long as MessageBytes must fit,
	// since it may be sent on to others. Default 1,048,576, or more where MessageBytes
	// needs it.
	QueueBytes int

	// Connections bounds those of known users. One more is answered with 503.
	// Default 100,000.
	Connections int
	// ConnectionsPerUser bounds those of one user. One more ends the user's oldest of
	// the same session with [realtime.CloseConnectionLimit]. At most Connections.
	// Default 10, or fewer Connections.
	ConnectionsPerUser int
	// ConnectionsPerAddress bounds those of one address as [Config].Address tells it,
	// or of the /64 of an IPv6 address. One more is answered with 429. Without Address
	// it bounds nothing. At most Connections. Default 100, or fewer Connections.
	ConnectionsPerAddress int
	// Connecting bounds the connections of known users that Recheck has not let in
	// yet. One more is answered with 503. At most Connections. Default 1,000, or fewer
	// Connections.
	Connecting int
	// Pending bounds the connections that are nobody yet, which Connections does not
	// count. One more is answered with 503. Default 1,000.
	Pending int
	// PendingPerAddress bounds those of one address, as
	// [realtime.PendingInfo].Address tells it, or of the /64 of an IPv6 address. One
	// more is answered with 429. At most Pending. Default 20, or fewer Pending.
	PendingPerAddress int

	// MessagesPerSecond bounds the messages of one connection over time; what is
	// beyond is answered with [ErrTooManyRequests]. Default 20.
	MessagesPerSecond float64
	// MessageBurst bounds the messages of one connection at once, beside
	// MessagesPerSecond. Ten bursts beyond it in a row end the connection with
	// [realtime.CloseFlood]. Default 40.
	MessageBurst int

	// AuthDeadline is how long a connection may take from its upgrade until its
	// Connect hook has let it in; nothing that it sends extends it. Then it ends with
	// [realtime.CloseStale], or with [realtime.CloseInternal] where the delay is the
	// server's. Default 10 s.
	AuthDeadline time.Duration
	// Age is how long a connection may last, however often it refreshes. Then it ends
	// with [realtime.CloseExpired]. Zero: no bound.
	Age time.Duration
	// Idle is how long a connection may go without a message; pings and refreshes are
	// none. Then it ends with [realtime.CloseExpired]. At most Age, where both are set.
	// Zero: no bound.
	Idle time.Duration
}

// fields are the limits that are whole numbers, with their defaults: each behind
// those that it needs.
func (l *Limits) fields() []limits.Field {
	return []limits.Field{
		{Name: "Connections", Value: &l.Connections, Default: 100_000},
		{Name: "ConnectionsPerUser", Value: &l.ConnectionsPerUser, Default: 10},
		{Name: "ConnectionsPerAddress", Value: &l.ConnectionsPerAddress, Default: 100},
		{Name: "Connecting", Value: &l.Connecting, Default: 1000},
		{Name: "Pending", Value: &l.Pending, Default: 1000},
		{Name: "PendingPerAddress", Value: &l.PendingPerAddress, Default: 20},
		{Name: "QueueBytes", Value: &l.QueueBytes, Default: 1 << 20},
		{Name: "MessageBytes", Value: &l.MessageBytes, Default: 64 << 10},
		{Name: "FirstMessageBytes", Value: &l.FirstMessageBytes, Default: 16 << 10},
		{Name: "MessageBurst", Value: &l.MessageBurst, Default: 40},
	}
}

const (
	defaultMessagesPerSecond = 20
	defaultAuthDeadline      = 10 * time.Second
)

var relations = slices.Concat(limits.OfConnections, []limits.Relation{
	{Limit: "MessageBytes", Needs: "QueueBytes", Times: 1, Why: "a message that is sent on to others must fit into the queue"},
	{Limit: "FirstMessageBytes", Needs: "MessageBytes", Times: 1, Why: "no message could carry such a first one"},
})

// withDefaults completes limits and holds them against each other.
func (l Limits) withDefaults() (Limits, error) {
	table := limits.Table{Fields: l.fields(), Relations: relations, Refused: realtime.ErrConfig}
	if err := table.Complete(); err != nil {
		return l, err
	}
	times := limits.Times{RateName: "MessagesPerSecond", Rate: &l.MessagesPerSecond, AuthDeadline: &l.AuthDeadline, Age: &l.Age, Idle: &l.Idle}
	err := table.CompleteTimes(times, defaultMessagesPerSecond, defaultAuthDeadline)
	return l, err
}
