package realtime

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"
)

// InfoQuery is what a [Hub.ClusterInfo] asks each node. Counters are always told.
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

// Cursor is the place of a connection among others, the oldest first.
type Cursor struct {
	Since  time.Time
	Client string
}

func (m Cursor) compare(other Cursor) int {
	return cmp.Or(m.Since.Compare(other.Since), strings.Compare(m.Client, other.Client))
}

// Cursor is where the connection stands among others.
func (s ConnState) Cursor() Cursor { return Cursor{s.Since, s.Client} }

// NodeInfo is what one node answers.
type NodeInfo struct {
	// Node is who answers; alone, a hub has no name. At is when.
	Node Node
	At   time.Time
	// Stats and Account are its counters.
	Stats   Stats
	Account Account
	// Selected is how many connections the question selects. Connections lists
	// some of them, and More says that others come behind the last.
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

// ClusterInfo is what all nodes have answered.
type ClusterInfo struct {
	// Reports has this node's first, then the others' by their ids.
	Reports []NodeInfo
	// Silent are nodes that should be there and did not answer in time.
	Silent []Node
}

// surveyTime bounds how long nodes are waited for.
const surveyTime = 2 * time.Second

// ClusterInfo asks every node that shares the engine how it stands, and waits for their
// answers until ctx ends, two seconds at most. An error says that the other nodes
// could not be asked; this one's report is there all the same. A hub without an
// engine's control is alone, and answers for itself.
func (h *Hub) ClusterInfo(ctx context.Context, q InfoQuery) (ClusterInfo, error) {
	s := ClusterInfo{Reports: []NodeInfo{h.report(q)}}
	if h.node == nil {
		return s, nil
	}
	ctx, cancel := context.WithTimeout(ctx, surveyTime)
	defer cancel()
	nodes, err := h.node.control.Nodes(ctx)
	if err != nil {
		return s, fmt.Errorf("survey: %w", err)
	}
	waiting := map[string]Node{}
	for _, one := range nodes {
		waiting[one.ID] = one
	}
	delete(waiting, s.Reports[0].Node.ID)
	if len(waiting) == 0 {
		return s, nil
	}
	id := rand.Text()
	answers := h.node.surveys.open(id, len(waiting))
	defer h.node.surveys.end(id)
	if err := h.node.ask(ctx, id, s.Reports[0].Node.ID, q); err != nil {
		return s, fmt.Errorf("survey: %w", err)
	}
	for len(waiting) > 0 && ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case one := <-answers:
			if _, asked := waiting[one.Node.ID]; asked {
				delete(waiting, one.Node.ID)
				s.Reports = append(s.Reports, one)
			}
		}
	}
	for _, one := range waiting {
		s.Silent = append(s.Silent, one)
	}
	byID := func(a, b Node) int { return strings.Compare(a.ID, b.ID) }
	slices.SortFunc(s.Reports[1:], func(a, b NodeInfo) int { return byID(a.Node, b.Node) })
	slices.SortFunc(s.Silent, byID)
	return s, nil
}

// Selected is how many connections the question selects on all nodes that have
// answered.
func (s ClusterInfo) Selected() (n int) {
	for _, one := range s.Reports {
		n += one.Selected
	}
	return n
}

// Connections are those of all nodes, the oldest first, limit at most, and whether
// more come behind them; go on with [InfoQuery].After.
func (s ClusterInfo) Connections(limit int) (list []ConnState, more bool) {
	var end *Cursor // where the first of the nodes that have more goes on
	for _, one := range s.Reports {
		list = append(list, one.Connections...)
		if !one.More {
			continue
		}
		more = true
		if n := len(one.Connections); n == 0 {
			return nil, true
		} else if last := one.Connections[n-1].Cursor(); end == nil || last.compare(*end) < 0 {
			end = &last
		}
	}
	slices.SortFunc(list, func(a, b ConnState) int { return a.Cursor().compare(b.Cursor()) })
	known := len(list)
	if end != nil {
		known, _ = slices.BinarySearchFunc(list, *end, func(s ConnState, m Cursor) int { return s.Cursor().compare(m) })
		known++
	}
	cut := min(known, limit)
	return list[:cut], more || cut < len(list)
}

// Channels are the busiest of all nodes: what each of them tells of a channel is
// added up, except that a publication is one wherever it arrives.
func (s ClusterInfo) Channels(limit int) []ChannelState {
	sums := map[string]ChannelState{}
	for _, report := range s.Reports {
		for _, one := range report.Channels {
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
	slices.SortFunc(list, busiestFirst)
	return list[:min(limit, len(list))]
}
