package conns

import (
	"sync"
	"time"

	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/spawn"
)

// Set is every connection of a handler. Safe for concurrent use.
type Set struct {
	spawn *spawn.Group
	ring  func(*Conn, Alarm)
	start time.Time // alarms are counted from it

	mu       sync.Mutex
	places   places
	order    uint64
	all      map[string]*Conn             // by their ids
	index    map[cluster.Selector]connSet // of known connections
	underway map[*Verification]struct{}
	draining bool
	empty    chan struct{} // closed when it is draining and nobody is left
}

// New returns an empty set. Its connections' alarms are rung through ring.
func New(limits Limits, group *spawn.Group, ring func(*Conn, Alarm)) *Set {
	return &Set{
		spawn: group, ring: ring, start: time.Now(),
		places:   places{limits: limits, byAddress: addrCounts{}, waiting: addrCounts{}},
		all:      map[string]*Conn{},
		index:    map[cluster.Selector]connSet{},
		underway: map[*Verification]struct{}{},
		empty:    make(chan struct{}),
	}
}

// Arrival is what is known of a connection before its upgrade.
type Arrival struct {
	ID       string
	Identity Identity // the zero value for a pending connection
	Address  string   // that it is counted under, empty for none
	Waiting  string   // the address that a pending connection is counted under
}

// Admit counts a connection that is about to be upgraded, or says which bound
// keeps it out.
func (s *Set) Admit(c *Conn, a Arrival) Limit {
	address, waiting := AddrKey(a.Address), AddrKey(a.Waiting)
	s.mu.Lock()
	defer s.mu.Unlock()
	known := a.Identity.Known()
	switch by := s.room(known, waiting); {
	case by != None:
		return by
	case address != "" && over(s.places.byAddress.of(address), s.places.limits.PerAddress):
		return PerAddress
	}
	s.order++
	c.id, c.set, c.order, c.identity, c.address, c.waiting = a.ID, s, s.order, a.Identity, address, waiting
	s.all[c.id] = c
	s.places.byAddress.add(address)
	if c.place, c.arriving = known, known; known {
		s.places.known++
		s.places.connecting++
	} else {
		s.places.pending++
		s.places.waiting.add(waiting)
	}
	c.state.Store(int32(Arriving))
	return None
}

// Room says which bound would keep out one more connection of a known user.
func (s *Set) Room() Limit {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.room(true, "")
}

// RoomPending says which bound would keep out one more pending connection from an
// address.
func (s *Set) RoomPending(address string) Limit {
	waiting := AddrKey(address)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.room(false, waiting)
}

func (s *Set) room(known bool, waiting string) Limit {
	switch {
	case s.draining:
		return Draining
	case known:
		return s.places.roomForKnown()
	}
	return s.places.roomForPending(waiting)
}

// Counts are how many connections there are.
type Counts struct{ Active, Pending, Connecting, All int }

// Counts returns them as they are now.
func (s *Set) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Counts{s.places.active, s.places.pending, s.places.connecting, len(s.all)}
}
