package realtime

import (
	"slices"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/limits"
)

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
		{Name: "RecoveryBytes", Value: &l.RecoveryBytes, Default: 1 << 20},
		{Name: "HistoryBytes", Value: &l.HistoryBytes, Default: 1 << 20},
		{Name: "MessageBytes", Value: &l.MessageBytes, Default: 64 << 10},
		{Name: "FirstMessageBytes", Value: &l.FirstMessageBytes, Default: 16 << 10},
		{Name: "ChannelBytes", Value: &l.ChannelBytes, Default: 255},
		{Name: "CommandsPerFrame", Value: &l.CommandsPerFrame, Default: 256},
		{Name: "CommandBurst", Value: &l.CommandBurst, Default: 200},
		{Name: "Channels", Value: &l.Channels, Default: 128},
		{Name: "Errors", Value: &l.Errors, Default: 1000},
	}
}

const (
	defaultCommandsPerSecond = 100
	defaultAuthDeadline      = 10 * time.Second
)

// Bytes of a subscribe of the official JavaScript client in JSON, in the frame with
// which it comes back: with a name of 40 bytes, and with a token of 300 beside it.
const (
	subscribeBytes      = 145
	tokenSubscribeBytes = 455
	subscribeOverhead   = subscribeBytes - 40 // beside the name and the token
)

var relations = slices.Concat(limits.OfConnections, []limits.Relation{
	{Limit: "MessageBytes", Needs: "QueueBytes", Times: 2, Why: "a publication as long as a message must fit into the half of the queue that is there while a subscription is made"},
	{Limit: "FirstMessageBytes", Needs: "MessageBytes", Times: 1, Why: "no frame could carry such a first command"},
	{Limit: "ChannelBytes", Needs: "MessageBytes", Times: 1, Why: "no frame could carry such a name"},
	{Limit: "Channels", Needs: "CommandsPerFrame", Plus: 1, Times: 1, Why: "a client that comes back sends its connect and all subscriptions in one frame"},
	{Limit: "Channels", Needs: "CommandBurst", Plus: 1, Times: 1, Why: "a client that comes back sends its connect and all subscriptions at once"},
	{Limit: "Channels", Needs: "MessageBytes", Plus: 1, Times: subscribeBytes, Follows: tokenSubscribeBytes, Why: "a client that comes back sends its connect and all subscriptions in one frame, about 145 bytes for each, 455 with a subscription token"},
})

// tokenRelation holds where a channel takes subscription tokens.
var tokenRelation = limits.Relation{
	Limit: "Channels", Needs: "MessageBytes", Plus: 1, Times: tokenSubscribeBytes,
	Why: "a client that comes back sends its connect and all subscriptions with their tokens in one frame, about 455 bytes for each",
}

// withDefaults completes limits and holds them against each other.
func (l Limits) withDefaults() (Limits, error) {
	table := limits.Table{Fields: l.fields(), Relations: relations, Refused: ErrConfig}
	if err := table.Complete(); err != nil {
		return l, err
	}
	times := limits.Times{RateName: "CommandsPerSecond", Rate: &l.CommandsPerSecond, AuthDeadline: &l.AuthDeadline, Age: &l.Age, Idle: &l.Idle}
	err := table.CompleteTimes(times, defaultCommandsPerSecond, defaultAuthDeadline)
	return l, err
}

// fitTokens holds the limits against channels that take subscription tokens. It
// lowers the default of Channels, and refuses one that the application has set.
func (h *Hub) fitTokens() error {
	set := &h.config.Limits
	err := tokenRelation.Check(ErrConfig, set.Channels, set.MessageBytes)
	if most := tokenRelation.Most(set.MessageBytes); err != nil && !h.channelsSet && most > 0 {
		set.Channels = most
		return nil
	}
	return err
}
