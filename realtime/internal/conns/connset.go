package conns

// connSet is the connections of one user, session or token. Most have one, and
// hold no map for it.
type connSet struct {
	one  *Conn
	more map[*Conn]struct{}
	open int // those that are not closing
}

func (s connSet) len() int {
	switch {
	case s.more != nil:
		return len(s.more)
	case s.one != nil:
		return 1
	}
	return 0
}

func (s connSet) with(c *Conn) connSet {
	switch {
	case s.more != nil:
		s.more[c] = struct{}{}
	case s.one == nil || s.one == c:
		s.one = c
	default:
		s.more = map[*Conn]struct{}{s.one: {}, c: {}}
		s.one = nil
	}
	return s
}

func (s connSet) without(c *Conn) connSet {
	delete(s.more, c)
	if s.one == c {
		s.one = nil
	}
	return s
}

func (s connSet) members() []*Conn {
	if s.more == nil {
		if s.one == nil {
			return nil
		}
		return []*Conn{s.one}
	}
	found := make([]*Conn, 0, len(s.more))
	for c := range s.more {
		found = append(found, c)
	}
	return found
}
