package conns

import (
	"slices"

	"github.com/yodelrt/yodel/realtime/cluster"
)

// Find returns the connections of known users that a selector selects, closing ones
// included.
func (s *Set) Find(by cluster.Selector) []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(by)
}

func (s *Set) find(by cluster.Selector) []*Conn {
	switch by.Kind() {
	case cluster.KindAll:
		return s.where(func(c *Conn) bool { return c.place })
	case cluster.KindClient:
		if c := s.all[by.ID()]; c != nil && c.place {
			return []*Conn{c}
		}
		return nil
	case cluster.KindUserBefore:
		all := s.index[cluster.ByUser(by.ID())].members()
		return slices.DeleteFunc(all, func(c *Conn) bool { return !c.identity.selected(by) })
	}
	return s.index[by].members() // nobody for an empty id, which is not indexed
}

func (s *Set) where(is func(*Conn) bool) []*Conn {
	var found []*Conn
	for _, c := range s.all {
		if is(c) {
			found = append(found, c)
		}
	}
	return found
}

// Everyone returns all connections, whoever they are and wherever they stand.
func (s *Set) Everyone() []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.where(func(*Conn) bool { return true })
}

// Drain admits nobody any more and returns those who are left. Only the first call
// returns any.
func (s *Set) Drain() []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining {
		return nil
	}
	s.draining = true
	if len(s.all) == 0 {
		close(s.empty)
	}
	return s.where(func(*Conn) bool { return true })
}

// Empty is closed when the set is drained and nobody is left.
func (s *Set) Empty() <-chan struct{} { return s.empty }
