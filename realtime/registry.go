package realtime

import (
	"maps"
	"slices"
	"sync"

	"github.com/yodelrt/yodel/realtime/cluster"
)

// member is a connection that a registry can find.
type member interface {
	comparable
	who() *Principal
	become(*Principal)
	ID() string
	epoch() int64
}

// registry knows every connection from before it is activated until it is gone,
// and finds them by user, session and token. Safe for concurrent use.
type registry[T member] struct {
	mu    sync.RWMutex
	all   map[T]struct{}
	index map[Selector]group[T]
}

func newRegistry[T member]() *registry[T] {
	return &registry[T]{all: map[T]struct{}{}, index: map[Selector]group[T]{}}
}

// add makes a connection addressable and returns how many its user has now.
func (r *registry[T]) add(c T) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all[c] = struct{}{}
	r.enter(c)
	return r.index[ByUser(c.who().UserID)].len()
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
		r.index[key] = r.index[key].with(c)
	}
}

func (r *registry[T]) leave(c T) {
	for _, key := range c.who().selectors() {
		if left := r.index[key].without(c); left.len() > 0 {
			r.index[key] = left
		} else {
			delete(r.index, key)
		}
	}
}

func (r *registry[T]) find(by Selector) []T {
	r.mu.RLock()
	defer r.mu.RUnlock()
	switch by.Kind() {
	case cluster.KindAll:
		return slices.Collect(maps.Keys(r.all))
	case cluster.KindClient:
		// No index: it is asked for rarely, and would weigh on every connection.
		for c := range r.all {
			if c.ID() == by.ID() {
				return []T{c}
			}
		}
		return nil
	}
	set := r.index[by]
	if by.Kind() == cluster.KindUserBefore {
		set = r.index[ByUser(by.ID())]
	}
	return slices.DeleteFunc(set.members(), func(c T) bool { return !selects(by, c.who(), c.epoch()) })
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
