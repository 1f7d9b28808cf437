package cluster

import (
	"slices"
	"time"
)

// InfoQuery is what each node is asked. Counters are always told.
type InfoQuery struct {
	// By selects the connections that are counted and listed; its zero value
	// selects none.
	By Selector `json:"-"`
	// Connections is how many of them are listed, the oldest first: 1,000 at most,
	// none by default.
	Connections int
	// After lists those that come behind it alone; its zero value lists from the
	// start.
	After Cursor
	// Channels is how many of the busiest channels are told: 1,000 at most, none
	// by default.
	Channels int
	// Users are those whose connections are counted, 1,000 at most.
	Users []string
}

// NodeInfo is what one node answers.
type NodeInfo struct {
	// Node is who answers; alone, a hub has no name. At is when.
	Node Node
	At   time.Time
	// Stats and Account are its counters.
	Stats   Stats
	Account Account
	// Selected is how many connections the query selects. Connections lists some
	// of them, and More says that others come behind the last.
	Selected    int
	Connections []ConnState
	More        bool
	// Followed is how many channels have subscribers there; Channels are the
	// busiest.
	Followed int
	Channels []ChannelState
	// Users counts the connections of those who were asked for and have some.
	Users map[string]int
}

// Info is what all nodes have answered.
type Info struct {
	// Nodes has the answer of the node that was asked first, then the others' by
	// their ids.
	Nodes []NodeInfo
	// Silent are nodes that should be there and did not answer in time.
	Silent []Node
}

// Selected is how many connections the query selects on all nodes that have
// answered.
func (i Info) Selected() (n int) {
	for _, one := range i.Nodes {
		n += one.Selected
	}
	return n
}

// Connections are those of all nodes, the oldest first, limit at most, and whether
// more come behind them; go on with [InfoQuery].After.
func (i Info) Connections(limit int) (list []ConnState, more bool) {
	var end *Cursor // where the first of the nodes that have more goes on
	for _, one := range i.Nodes {
		list = append(list, one.Connections...)
		if !one.More {
			continue
		}
		more = true
		if n := len(one.Connections); n == 0 {
			return nil, true
		} else if last := one.Connections[n-1].Cursor(); end == nil || last.Compare(*end) < 0 {
			end = &last
		}
	}
	slices.SortFunc(list, func(a, b ConnState) int { return a.Cursor().Compare(b.Cursor()) })
	known := len(list)
	if end != nil {
		known, _ = slices.BinarySearchFunc(list, *end, func(s ConnState, c Cursor) int { return s.Cursor().Compare(c) })
		known++
	}
	cut := min(known, limit)
	return list[:cut], more || cut < len(list)
}

// Channels are the busiest of all nodes: what each of them tells of a channel is
// added up, except that a publication is one wherever it arrives.
func (i Info) Channels(limit int) []ChannelState {
	sums := map[string]ChannelState{}
	for _, node := range i.Nodes {
		for _, one := range node.Channels {
			sum := sums[one.Name]
			one.Subscribers += sum.Subscribers
			one.Publications = max(one.Publications, sum.Publications)
			one.PerSecond = max(one.PerSecond, sum.PerSecond)
			sums[one.Name] = one
		}
	}
	list := make([]ChannelState, 0, len(sums))
	for _, one := range sums {
		list = append(list, one)
	}
	slices.SortFunc(list, ChannelState.Compare)
	return list[:min(limit, len(list))]
}
