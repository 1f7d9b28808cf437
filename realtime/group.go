package realtime

// group is the connections of one user, session or token. Most have one, and
// hold no map for it.
type group[T comparable] struct {
	one  T // the zero value for none
	more map[T]struct{}
}

func (g group[T]) len() int {
	if g.more != nil {
		return len(g.more)
	}
	if g.one != *new(T) {
		return 1
	}
	return 0
}

func (g group[T]) with(c T) group[T] {
	switch {
	case g.more != nil:
		g.more[c] = struct{}{}
	case g.len() == 0 || g.one == c:
		g.one = c
	default:
		g.more = map[T]struct{}{g.one: {}, c: {}}
		g.one = *new(T)
	}
	return g
}

func (g group[T]) without(c T) group[T] {
	delete(g.more, c)
	if g.one == c {
		g.one = *new(T)
	}
	return g
}

func (g group[T]) members() []T {
	if g.more == nil {
		if g.len() == 0 {
			return nil
		}
		return []T{g.one}
	}
	found := make([]T, 0, len(g.more))
	for c := range g.more {
		found = append(found, c)
	}
	return found
}
