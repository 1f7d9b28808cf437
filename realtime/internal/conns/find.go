package conns

import "slices"

// Find returns the connections of known users that a key selects, closing ones
// included.
func (s *Set) Find(by Key) []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(by)
}

func (s *Set) find(by Key) []*Conn {
	switch by.Kind {
	case All:
		return s.where(func(c *Conn) bool { return c.place })
	case ByClient:
		// No index: it is asked for rarely, and would weigh on every connection.
		return s.where(func(c *Conn) bool { return c.place && c.id == by.ID })
	case ByUserBefore:
		all := s.index[Key{Kind: ByUser, ID: by.ID}].members()
		return slices.DeleteFunc(all, func(c *Conn) bool { return !by.selects(c.identity) })
	}
	return s.index[by].members()
}

func (s *Set) where(is func(*Conn) bool) []*Conn {
	var found []*Conn
	for c := range s.all {
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
