package realtime

import (
	"context"
	"time"
)

// Engine is where the state of channels lives: in the process, or in a cluster.
type Engine struct {
	Broker   Broker
	Presence Presence
	// Control joins the hubs that share the engine. Nil: this hub is alone.
	Control Control
	// Revocations keeps who was signed out, for the nodes that can't be told
	// now. Nil: a sign-out ends what is open here, and Recheck the rest.
	Revocations Revocations
}

// Broker stores and carries publications. Its methods are safe for concurrent
// use. Package contract holds what each must keep to.
type Broker interface {
	// Publish stores a publication where options ask for a history, gives it
	// its position, and hands it to every subscriber of the channel, all in
	// one order. It returns when it is stored and handed to the subscribers of
	// this node; those of others get it as soon as the network allows. An error
	// means that it may or may not have been stored; with the same key it may be
	// tried again.
	Publish(ctx context.Context, channel string, p Publication, options PublishOptions) (Position, error)
	// Subscribe calls deliver for each publication of a channel from now on,
	// one at a time, in order. deliver must not call the broker.
	Subscribe(ctx context.Context, channel string, deliver func(Publication)) error
	// Unsubscribe ends that; deliver is not called after it returns.
	Unsubscribe(ctx context.Context, channel string) error
	// History returns what is kept of a channel. A channel that nothing was
	// ever published to has an epoch as well.
	History(ctx context.Context, channel string, query HistoryQuery) (History, error)
}

// Presence knows which clients are in a channel. Safe for concurrent use.
type Presence interface {
	Enter(ctx context.Context, channel, client string, info ClientInfo) error
	Leave(ctx context.Context, channel, client string) error
	// Present returns the clients of a channel by their ids.
	Present(ctx context.Context, channel string) (map[string]ClientInfo, error)
}

// ClientInfo is what others may know of a client. Only public facts belong here.
type ClientInfo struct {
	User   string
	Client string
	// Conn and Channel are JSON of the application's own, empty for none.
	Conn, Channel []byte
}

// Kind tells publications from what is said about subscribers.
type Kind int

// The kinds. Joins and leaves are never kept in a history.
const (
	Published Kind = iota
	Joined
	Left
)

// Publication is one message of a channel.
type Publication struct {
	Kind Kind
	// Data is JSON, or any bytes in channels that are Binary.
	Data []byte
	// Info is who published; nil for the server.
	Info *ClientInfo
	// Tags are the publisher's own labels.
	Tags map[string]string
	// Offset is the position within the epoch, from 1; 0 in channels without
	// history.
	Offset uint64
	// Epoch is the one that Offset counts in. Where a subscriber has another,
	// it is told that its stream is no longer the same.
	Epoch string
	// At is when it was published.
	At time.Time
	// Except is the id of a client that does not get it, ExceptSession and
	// ExceptUser are a session and a user who do not; empty for nobody.
	Except, ExceptSession, ExceptUser string
}

// PublishOptions say what is kept of a publication.
type PublishOptions struct {
	// History is how many publications the channel keeps, 0 for none, and TTL
	// for how long.
	History int
	TTL     time.Duration
	// Key makes publishing idempotent: a second publication with it, within
	// five minutes, changes nothing and returns the first one's position.
	Key string
}

// Position is a place in a channel's stream.
type Position struct {
	Epoch  string
	Offset uint64
}

// HistoryQuery asks for publications.
type HistoryQuery struct {
	// Since is exclusive; nil begins at the oldest, or the newest in reverse.
	Since *Position
	// Limit 0 asks for the position alone, a negative one for all.
	Limit   int
	Reverse bool
	// TTL is for how long publications are kept.
	TTL time.Duration
}

// History is what a channel keeps.
type History struct {
	Publications []Publication
	// Top is the position of the latest publication.
	Top Position
}
