// Package engine says what a hub needs of the place where channels live: in the
// process (package memory), or in a cluster (package nats). Whoever writes another
// one implements its interfaces, and package enginetest tests it. Applications
// need none of it but what memory.New() and nats.Open return.
package engine

import (
	"context"

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
	// Remover removes histories. Nil: [realtime.Hub.RemoveHistory] is
	// [realtime.ErrNotAvailable].
	Remover Remover
}

// Broker stores and carries publications. Its methods are safe for concurrent
// use. Package enginetest holds what each must keep to. A call whose context has
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

// Remover removes what is kept of channels. Safe for concurrent use.
type Remover interface {
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
