package realtime

import (
	"context"
	"errors"
	"time"

	"github.com/yodelrt/yodel/realtime/cluster"
)

// Engine is where the state of channels lives: in the process, or in a cluster.
type Engine struct {
	Broker   Broker
	Presence Presence
	// Control joins the hubs that share the engine. Nil: this hub is alone.
	Control cluster.Control
	// Revocations keeps who was signed out, for the nodes that can't be told
	// now. Nil: a sign-out ends what is open here, and Recheck the rest.
	Revocations cluster.Revocations
	// Remover removes histories. Nil: [Hub.RemoveHistory] is [ErrNotAvailable].
	Remover HistoryRemover
}

// Broker stores and carries publications. Its methods are safe for concurrent
// use. Package contract holds what each must keep to. A call whose context has
// ended does nothing and returns the context's error, or does the whole of it.
type Broker interface {
	// Publish stores a publication where options ask for a history, gives it
	// its position, and hands it to every subscriber of the channel, all in
	// one order. It returns when it is stored and handed to the subscribers of
	// this node; those of others get it as soon as the network allows. An error
	// means that it may or may not have been stored; with the same key it may be
	// tried again. [ErrKeysFull] and [ErrKeyTooLong] mean that it was not.
	Publish(ctx context.Context, channel string, p Publication, options PublishOptions) (Position, error)
	// Subscribe calls deliver for each publication of a channel from now on,
	// one at a time, in order. deliver must not call the broker.
	Subscribe(ctx context.Context, channel string, deliver func(Publication)) error
	// Unsubscribe ends that, also when its context has ended. deliver is not
	// called after it returns, with an error neither: that says that the engine
	// may still send what nobody here takes. The channel may be subscribed to
	// again in any case.
	Unsubscribe(ctx context.Context, channel string) error
	// History returns what is kept of a channel, at a cost that grows with what
	// is returned and not with what is kept. A channel that nothing was ever
	// published to has an epoch as well.
	History(ctx context.Context, channel string, query HistoryQuery) (History, error)
}

// HistoryRemover removes what is kept of channels. Safe for concurrent use.
type HistoryRemover interface {
	// RemoveHistory removes the whole history of a channel, for reading and for
	// recovery, and begins a new epoch at offset 0. Subscribers are handed a
	// publication of kind [Renewed] with that epoch. Idempotency keys are still
	// remembered: what is tried again with one is not published again. A channel
	// that nothing was published to stays as it is. After an error it may or may
	// not have been removed; it may be tried again.
	RemoveHistory(ctx context.Context, channel string) error
}

// Presence knows which clients are in a channel. Safe for concurrent use. A call
// whose context has ended does nothing and returns the context's error, or does
// the whole of it.
type Presence interface {
	// Enter adds a client, or changes its info.
	Enter(ctx context.Context, channel, client string, info ClientInfo) error
	// Leave takes a client out, also when the context has ended. An error means
	// that it may still be listed.
	Leave(ctx context.Context, channel, client string) error
	// Present returns the clients of a channel by their ids, when they are at
	// most limit; a negative limit is none. More are [ErrTooManyPresent], and
	// finding that out costs no more than limit clients do.
	Present(ctx context.Context, channel string, limit int) (map[string]ClientInfo, error)
	// Stats counts a channel of any size. Where several nodes are asked it may be a
	// second old.
	Stats(ctx context.Context, channel string) (PresenceStats, error)
}

// PresenceStats counts who is in a channel.
type PresenceStats struct {
	// Clients are connections, Users are the different ClientInfo.User of them.
	Clients, Users int
}

// What an engine refuses. Errors of engines wrap them.
var (
	// ErrTooManyPresent: a channel has more clients than Present was to return.
	ErrTooManyPresent = errors.New("more clients are present than the limit")
	// ErrKeysFull: the engine remembers as many bytes of idempotency keys as it
	// may. Nothing was published; the same publication may be tried again later,
	// when keys have reached the end of their five minutes.
	ErrKeysFull = errors.New("no room for one more idempotency key")
	// ErrKeyTooLong: an idempotency key has more than [MaxKeyBytes]. Nothing was
	// published.
	ErrKeyTooLong = errors.New("the idempotency key is longer than 255 bytes")
)

// MaxKeyBytes is the length of the longest idempotency key.
const MaxKeyBytes = 255

// KeyLife is how long an idempotency key is remembered.
const KeyLife = 5 * time.Minute

// ClientInfo is what others may know of a client. Only public facts belong here.
type ClientInfo struct {
	User   string
	Client string
	// Conn and Channel are JSON of the application's own, empty for none.
	Conn, Channel []byte
}

// Kind tells publications from what is said about subscribers.
type Kind int

// The kinds. Only what is Published is kept in a history.
const (
	Published Kind = iota
	Joined
	Left
	// Renewed is the engine's own: the stream has begun anew with Epoch, and
	// nothing of the earlier one is kept. Subscribers with another epoch have lost
	// their position.
	Renewed
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

// Size is how many bytes of a publication its publisher has chosen: data, tags,
// and what it says of the client.
func (p *Publication) Size() int {
	size := len(p.Data)
	for key, value := range p.Tags {
		size += len(key) + len(value)
	}
	if p.Info != nil {
		size += len(p.Info.User) + len(p.Info.Client) + len(p.Info.Conn) + len(p.Info.Channel)
	}
	return size
}

// PublishOptions say what is kept of a publication.
type PublishOptions struct {
	// History is how many publications the channel keeps, 0 for none, and TTL
	// for how long.
	History int
	TTL     time.Duration
	// Key makes publishing idempotent: a second publication with it to the same
	// channel, within [KeyLife], changes nothing and returns the first one's
	// position, however many other keys there are. At most [MaxKeyBytes], else
	// [ErrKeyTooLong]; empty for none. Engines bound what keys take: beyond it a
	// publication with a new key is [ErrKeysFull], and no key is forgotten early.
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
	// MaxBytes cuts the answer where the next publication would take it over that
	// many bytes of [Publication.Size]. The first one is always returned, however
	// large. Zero: no bound.
	MaxBytes int
	// TTL is for how long publications are kept.
	TTL time.Duration
}

// History is what a channel keeps.
type History struct {
	Publications []Publication
	// More reports that Limit or MaxBytes has cut the answer: the channel keeps
	// more of what was asked. The next question begins at the last publication. It
	// is false where Limit is 0.
	More bool
	// Top is the position of the latest publication.
	Top Position
}
