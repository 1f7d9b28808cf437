package cluster

import (
	"context"
	"time"
)

// Control joins the hubs that share an engine. Its methods are safe for
// concurrent use.
type Control interface {
	// Join makes this node known to the others until leave is called, tells it
	// what they send, and returns its id and name. It fails when the engine is not
	// reached.
	Join(ctx context.Context, member Member) (self Node, leave func(), err error)
	// Send hands a message to every other node that is reached now; those of one
	// node stay in order. It never waits for them.
	Send(ctx context.Context, message []byte) error
	// Nodes returns the nodes that are alive, this one included.
	Nodes(ctx context.Context) ([]Node, error)
	// Reached is when the engine last confirmed to have stored something for
	// this node.
	Reached() time.Time
}

// Member is a hub, as its [Control] sees it.
type Member struct {
	// Self says how the hub stands; it is asked with each sign of life.
	Self func() Node
	// Receive takes a message that another node has sent, one at a time.
	Receive func(message []byte)
	// Missed says that messages may have been lost on the way here.
	Missed func()
}

// Node is one process that serves connections.
type Node struct {
	// ID is the engine's, new whenever the process starts, and Name the
	// operator's.
	ID, Name string
	// Started is when it joined and Seen its latest sign of life.
	Started, Seen time.Time
	// Connections are the active ones, Channels those with subscribers there.
	Connections, Channels int
}
