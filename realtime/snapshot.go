package realtime

import (
	"slices"

	"github.com/yodelrt/yodel/realtime/cluster"
)

// Snapshot returns how the selected connections stand, those that have not
// connected yet included. It takes each connection's lock for a moment and
// nothing else, so it may be polled.
func (h *Hub) Snapshot(by Selector) []cluster.ConnState {
	found := h.find(by)
	states := make([]cluster.ConnState, len(found))
	for i, c := range found {
		states[i] = c.state()
	}
	return states
}

func (c *Conn) state() cluster.ConnState {
	who := c.who()
	state := cluster.ConnState{
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
