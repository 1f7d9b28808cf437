// Package presence counts who is in a channel, for the engines.
package presence

import (
	"maps"
	"slices"
	"sync"

	"github.com/yodelrt/yodel/realtime/engine"
)

// Table holds the clients of channels. Counting takes the same time however many
// there are. Safe for concurrent use.
type Table struct {
	mu       sync.RWMutex
	channels map[string]*members
}

type members struct {
	clients map[string]engine.ClientInfo
	users   map[string]int // how many clients each has
}

// New returns an empty table.
func New() *Table { return &Table{channels: map[string]*members{}} }

// Enter adds a client, or changes its info.
func (t *Table) Enter(channel, client string, info engine.ClientInfo) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m := t.channels[channel]
	if m == nil {
		m = &members{clients: map[string]engine.ClientInfo{}, users: map[string]int{}}
		t.channels[channel] = m
	}
	m.leave(client)
	m.clients[client] = info
	m.users[info.User]++
}

// Leave takes a client out.
func (t *Table) Leave(channel, client string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m := t.channels[channel]
	if m == nil {
		return
	}
	if m.leave(client); len(m.clients) == 0 {
		delete(t.channels, channel)
	}
}

func (m *members) leave(client string) {
	info, there := m.clients[client]
	if !there {
		return
	}
	delete(m.clients, client)
	if m.users[info.User]--; m.users[info.User] == 0 {
		delete(m.users, info.User)
	}
}

// Present returns the clients of a channel if they are at most limit, else
// [engine.ErrTooManyPresent]. A negative limit is none.
func (t *Table) Present(channel string, limit int) (map[string]engine.ClientInfo, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	m := t.channels[channel]
	switch {
	case m == nil:
		return nil, nil
	case limit >= 0 && len(m.clients) > limit:
		return nil, engine.ErrTooManyPresent
	}
	return maps.Clone(m.clients), nil
}

// Stats counts a channel.
func (t *Table) Stats(channel string) engine.PresenceStats {
	t.mu.RLock()
	defer t.mu.RUnlock()
	m := t.channels[channel]
	if m == nil {
		return engine.PresenceStats{}
	}
	return engine.PresenceStats{Clients: len(m.clients), Users: len(m.users)}
}

// Users returns the different users of a channel, in no order.
func (t *Table) Users(channel string) []string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	m := t.channels[channel]
	if m == nil {
		return nil
	}
	return slices.AppendSeq(make([]string, 0, len(m.users)), maps.Keys(m.users))
}
