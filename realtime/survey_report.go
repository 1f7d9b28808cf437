package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	mostOfReport = 1000      // connections, channels and users of one report
	reportBytes  = 256 << 10 // of one report on the engine
)

// report answers a question for this node.
func (h *Hub) report(q InfoQuery) NodeInfo {
	channels := h.ChannelStates()
	r := NodeInfo{
		At: time.Now(), Stats: h.Stats(), Account: h.Account(), Followed: len(channels),
		Channels: channels[:clamp(q.Channels, len(channels))], Users: map[string]int{},
	}
	if h.node != nil {
		r.Node = h.node.itself()
	}
	for _, user := range q.Users[:clamp(len(q.Users), mostOfReport)] {
		if n := len(h.find(ByUser(user))); n > 0 {
			r.Users[user] = n
		}
	}
	found := h.find(q.By)
	r.Selected = len(found)
	if q.Connections <= 0 {
		return r
	}
	found = slices.DeleteFunc(found, func(c *Conn) bool { return c.cursor().compare(q.After) <= 0 })
	slices.SortFunc(found, func(a, b *Conn) int { return a.cursor().compare(b.cursor()) })
	listed := found[:clamp(q.Connections, len(found))]
	r.More = len(listed) < len(found)
	for _, c := range listed {
		state := c.state()
		state.Node = r.Node.ID
		r.Connections = append(r.Connections, state)
	}
	return r
}

// clamp is how many of some are told.
func clamp(asked, there int) int { return min(max(asked, 0), there, mostOfReport) }

func (c *Conn) cursor() Cursor { return Cursor{c.since, c.ID()} }

// encode makes a report that fits into one message: of long lists the end is left
// out.
func (r NodeInfo) encode() ([]byte, error) {
	for {
		data, err := json.Marshal(r)
		if err != nil || len(data) <= reportBytes || len(r.Connections)+len(r.Channels) < 2 {
			return data, err
		}
		if half := len(r.Connections) / 2; half > 0 {
			r.Connections, r.More = r.Connections[:half], true
		}
		r.Channels = r.Channels[:len(r.Channels)/2]
	}
}

// surveys are those that wait for answers.
type surveys struct {
	mu      sync.Mutex
	waiting map[string]chan NodeInfo // by survey
}

func (s *surveys) open(id string, answers int) <-chan NodeInfo {
	inbox := make(chan NodeInfo, answers)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting == nil {
		s.waiting = map[string]chan NodeInfo{}
	}
	s.waiting[id] = inbox
	return inbox
}

func (s *surveys) end(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.waiting, id)
}

// answer hands a report to whoever waits for it. One too many is dropped.
func (s *surveys) answer(id string, r NodeInfo) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.waiting[id] <- r: // a nil channel for a survey that has ended
	default:
	}
}

// ask sends a question to the other nodes, which answer to that one.
func (n *node) ask(ctx context.Context, id, self string, q InfoQuery) error {
	data, err := json.Marshal(q)
	if err != nil {
		return err
	}
	return n.tell(ctx, controlMessage{Op: opAsk, By: q.By, Survey: id, To: self, data: data})
}

// reply answers another node's question. Whoever asks sees where that fails: it
// waits in vain.
func (n *node) reply(ctx context.Context, m controlMessage) {
	var q InfoQuery
	err := json.Unmarshal(m.data, &q)
	if err == nil {
		q.By = m.By
		var data []byte
		if data, err = n.hub.report(q).encode(); err == nil {
			err = n.tell(ctx, controlMessage{Op: opAnswer, Survey: m.Survey, To: m.To, data: data})
		}
	}
	if err != nil {
		n.hub.config.Logger.Error("another node's survey was not answered", "error", err)
	}
}

// hear takes another node's answer to a question of this one.
func (n *node) hear(m controlMessage) error {
	if self := n.identity.Load(); self == nil || m.To != self.ID {
		return nil
	}
	var r NodeInfo
	if err := json.Unmarshal(m.data, &r); err != nil {
		return fmt.Errorf("%w: an answer: %w", errControl, err)
	}
	n.surveys.answer(m.Survey, r)
	return nil
}
