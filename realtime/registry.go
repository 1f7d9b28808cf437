package realtime

import "sync"

// registry knows every connection from before it is activated until it is gone,
// and finds them by user, session and token. Safe for concurrent use.
type registry struct {
	mu    sync.RWMutex
	all   map[*PlainConn]struct{}
	index map[Selector]map[*PlainConn]struct{}
}

func newRegistry() *registry {
	return &registry{all: map[*PlainConn]struct{}{}, index: map[Selector]map[*PlainConn]struct{}{}}
}

// add makes a connection addressable and returns how many its user has now.
func (r *registry) add(c *PlainConn) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all[c] = struct{}{}
	r.enter(c)
	return len(r.index[ByUser(c.Principal().UserID)])
}

func (r *registry) remove(c *PlainConn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.all, c)
	r.leave(c)
}

// rename gives a connection another principal and makes it addressable by that.
func (r *registry) rename(c *PlainConn, principal Principal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.leave(c)
	c.principal.Store(&principal)
	if _, here := r.all[c]; here {
		r.enter(c)
	}
}

func (r *registry) enter(c *PlainConn) {
	for _, key := range c.keys() {
		if r.index[key] == nil {
			r.index[key] = map[*PlainConn]struct{}{}
		}
		r.index[key][c] = struct{}{}
	}
}

func (r *registry) leave(c *PlainConn) {
	for _, key := range c.keys() {
		delete(r.index[key], c)
		if len(r.index[key]) == 0 {
			delete(r.index, key)
		}
	}
}

func (r *registry) find(by Selector) []*PlainConn {
	r.mu.RLock()
	defer r.mu.RUnlock()
	set := r.index[by]
	if by.kind == selectAll {
		set = r.all
	}
	found := make([]*PlainConn, 0, len(set))
	for c := range set {
		found = append(found, c)
	}
	return found
}

func (r *registry) len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.all)
}

// keys are the selectors that find a connection.
func (c *PlainConn) keys() []Selector {
	who := c.principal.Load()
	keys := make([]Selector, 0, 3)
	keys = append(keys, ByUser(who.UserID))
	if who.SessionID != "" {
		keys = append(keys, BySession(who.SessionID))
	}
	if who.TokenID != "" {
		keys = append(keys, ByToken(who.TokenID))
	}
	return keys
}
