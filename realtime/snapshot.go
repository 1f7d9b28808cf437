package realtime

import (
	"slices"
	"time"
)

// ConnState is how one connection stands.
type ConnState struct {
	// Client is its id in the protocol.
	Client string
	// Node is the id of the one that it is connected to, in a [ClusterInfo].
	Node string
	// User, Session and Carrier are its principal's.
	User, Session, Carrier string
	// Address is what Config.Address told of it.
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

// Snapshot returns how the selected connections stand, those that have not
// connected yet included. It takes each connection's lock for a moment and
// nothing else, so it may be polled.
func (h *Hub) Snapshot(by Selector) []ConnState {
	found := h.find(by)
	states := make([]ConnState, len(found))
	for i, c := range found {
		states[i] = c.state()
	}
	return states
}

func (c *Conn) state() ConnState {
	who := c.who()
	state := ConnState{
		Client: c.ID(), User: who.UserID, Session: who.SessionID, Carrier: who.Carrier, Address: c.from, Since: c.since, QueueBytes: c.link.Socket.QueueBytes(),
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.subs {
		state.Channels = append(state.Channels, s.params.Channel)
	}
	slices.Sort(state.Channels)
	state.RoundTrip = c.roundTrip
	return state
}

// Channels returns the channels that have subscribers here, and how many.
func (h *Hub) Channels() map[string]int {
	counts := map[string]int{}
	for _, shard := range h.channels.shards {
		shard.mu.Lock()
		for name, ch := range shard.channels {
			ch.mu.Lock()
			counts[name] = len(ch.subs)
			ch.mu.Unlock()
		}
		shard.mu.Unlock()
	}
	return counts
}
