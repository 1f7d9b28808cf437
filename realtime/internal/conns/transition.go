package conns

import (
	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// Opened is for a connection whose upgrade has succeeded: one whose user is known
// can be found from now on. Where the user has too many, the oldest of them is
// ended with tooMany; see [Set.giveWay]. False: it is ending already.
func (s *Set) Opened(c *Conn, tooMany transport.Close) bool {
	s.mu.Lock()
	if c.State() != Arriving {
		s.mu.Unlock()
		return false
	}
	c.state.Store(int32(Pending))
	var evicted *Conn
	if c.identity.Known() {
		evicted = s.enter(c)
	}
	s.mu.Unlock()
	if evicted != nil {
		evicted.Socket.Close(tooMany)
	}
	return true
}

// Activate lets a connection receive and reports whether it may: its user is known
// and its end is not decided.
func (s *Set) Activate(c *Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.State() != Pending || !c.identity.Known() {
		return false
	}
	s.arrived(c)
	s.places.active++
	c.state.Store(int32(Active))
	return true
}

// Gone takes a connection out, whose socket is gone or was never made. Every place
// that it has is given back.
func (s *Set) Gone(c *Conn) {
	c.alarms.end()
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.State() == Gone {
		return
	}
	s.toClosing(c)
	s.leave(c)
	delete(s.all, c.id)
	s.places.byAddress.remove(c.address)
	if c.place {
		s.places.known--
	} else {
		s.places.pending--
		s.places.waiting.remove(c.waiting)
	}
	c.state.Store(int32(Gone))
	if s.draining && len(s.all) == 0 {
		close(s.empty)
	}
}

// toClosing decides the end of a connection, under the lock, unless it is decided.
func (s *Set) toClosing(c *Conn) (first bool) {
	state := c.State()
	if state == 0 || state >= Closing {
		return false
	}
	if state == Active {
		s.places.active--
	}
	s.arrived(c)
	s.unseat(c)
	c.state.Store(int32(Closing))
	return true
}

// arrived gives back the place among the connecting.
func (s *Set) arrived(c *Conn) {
	if c.arriving {
		c.arriving = false
		s.places.connecting--
	}
}

// enter makes a connection findable by its identity and counts it to its user. It
// returns the one that has to give way for it, whose end is decided then.
func (s *Set) enter(c *Conn) (evicted *Conn) {
	user := cluster.ByUser(c.identity.User)
	if over(s.index[user].open, s.places.limits.PerUser) {
		evicted = s.giveWay(user, c)
		s.toClosing(evicted)
	}
	for _, by := range c.identity.selectors() {
		if !by.Empty() {
			s.index[by] = s.index[by].with(c)
		}
	}
	c.seat = true
	set := s.index[user]
	set.open++
	s.index[user] = set
	return evicted
}

// giveWay chooses who ends for a newcomer of a user who has as many as may be: the
// oldest of the same session, so that a device that comes back replaces what it
// left half open, and nobody else's; without one the oldest of all.
func (s *Set) giveWay(user cluster.Selector, newcomer *Conn) *Conn {
	var oldest *Conn
	for _, c := range s.index[user].members() {
		if c.State() >= Closing {
			continue
		}
		if oldest == nil || before(c, oldest, newcomer.identity.Session) {
			oldest = c
		}
	}
	return oldest
}

// before reports whether a gives way before b to a newcomer of a session.
func before(a, b *Conn, session string) bool {
	sameA, sameB := session != "" && a.identity.Session == session, session != "" && b.identity.Session == session
	if sameA != sameB {
		return sameA
	}
	return a.order < b.order
}

// unseat counts a connection to its user no longer.
func (s *Set) unseat(c *Conn) {
	if !c.seat {
		return
	}
	c.seat = false
	user := cluster.ByUser(c.identity.User)
	set := s.index[user]
	set.open--
	s.index[user] = set
}

// leave takes a connection out of the index.
func (s *Set) leave(c *Conn) {
	for _, by := range c.identity.selectors() {
		if by.Empty() {
			continue
		}
		if left := s.index[by].without(c); left.len() > 0 {
			s.index[by] = left
		} else {
			delete(s.index, by)
		}
	}
}
