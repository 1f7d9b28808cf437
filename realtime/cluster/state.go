package cluster

import (
	"cmp"
	"strings"
	"time"
)

// ConnState is how one connection stands.
type ConnState struct {
	// Client is its id in the protocol.
	Client string
	// Node is the id of the one that it is connected to, in an [Info].
	Node string
	// User, Session and Carrier are its principal's.
	User, Session, Carrier string
	// Address is what the hub's Config.Address told of it.
	Address string
	// Since is when it was opened.
	Since time.Time
	// Channels are those that it is subscribed to, sorted.
	Channels []string
	// QueueBytes is what waits for the peer.
	QueueBytes int
	// RoundTrip is the time that its latest pong took; zero before the first.
	RoundTrip time.Duration
}

// Cursor is where the connection stands among others.
func (s ConnState) Cursor() Cursor { return Cursor{s.Since, s.Client} }

// Cursor is the place of a connection among others, the oldest first.
type Cursor struct {
	Since  time.Time
	Client string
}

// Compare is negative where the cursor comes before other, positive where it comes
// behind it.
func (c Cursor) Compare(other Cursor) int {
	return cmp.Or(c.Since.Compare(other.Since), strings.Compare(c.Client, other.Client))
}

// ChannelState is how one channel stands on a node, or on all of them.
type ChannelState struct {
	// Name is the channel's, Pattern the declared one which it fits.
	Name, Pattern string
	// Subscribers are the connections there.
	Subscribers int
	// Publications is how many have come since it has had subscribers there, and
	// PerSecond how many a second in the last ten.
	Publications uint64
	PerSecond    float64
}

// Compare orders the busiest first, by PerSecond and then by name.
func (s ChannelState) Compare(other ChannelState) int {
	return cmp.Or(cmp.Compare(other.PerSecond, s.PerSecond), cmp.Compare(s.Name, other.Name))
}
