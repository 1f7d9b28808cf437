package realtime

import "sync"

// member is a connection that a registry can find.
type member interface {
	comparable
	who() *Principal
	become(*Principal)
	waitsFrom() string
}

// registry knows every connection from before it is activated until it is gone,
// and finds them by user, session and token. Safe for concurrent use.
type registry[T member] struct {
	mu    sync.RWMutex
	all   map[T]struct{}
	index map[Selector]map[T]struct{}
}

func newRegistry[T member]() *registry[T] {
	return &registry[T]{all: map[T]struct{}{}, index: map[Selector]map[T]struct{}{}}
}

// add makes a connection addressable and returns how many its user has now.
func (r *registry[T]) add(c T) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all[c] = struct{}{}
	r.enter(c)
	return len(r.index[ByUser(c.who().UserID)])
}

func (r *registry[T]) remove(c T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.all, c)
	r.leave(c)
}

// rename gives a connection another principal and makes it addressable by that.
func (r *registry[T]) rename(c T, principal Principal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.leave(c)
	c.become(&principal)
	if _, here := r.all[c]; here {
		r.enter(c)
	}
}

func (r *registry[T]) enter(c T) {
	for _, key := range c.who().selectors() {
		if r.index[key] == nil {
			r.index[key] = map[T]struct{}{}
		}
		r.index[key][c] = struct{}{}
	}
}

func (r *registry[T]) leave(c T) {
	for _, key := range c.who().selectors() {
		delete(r.index[key], c)
		if len(r.index[key]) == 0 {
			delete(r.index, key)
		}
	}
}

func (r *registry[T]) find(by Selector) []T {
	r.mu.RLock()
	defer r.mu.RUnlock()
	set := r.index[by]
	if by.kind == selectAll {
		set = r.all
	}
	found := make([]T, 0, len(set))
	for c := range set {
		found = append(found, c)
	}
	return found
}

func (r *registry[T]) len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.all)
}

// selectors are those that find a connection of this principal.
func (p *Principal) selectors() []Selector {
	keys := make([]Selector, 0, 3)
	keys = append(keys, ByUser(p.UserID))
	if p.SessionID != "" {
		keys = append(keys, BySession(p.SessionID))
	}
	if p.TokenID != "" {
		keys = append(keys, ByToken(p.TokenID))
	}
	return keys
}
