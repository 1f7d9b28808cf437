package throttle

import (
	"crypto/sha256"
	"sync"
)

// Gate bounds how much of a key is under way at the same time. It keeps the keys
// of what is under way and no others. Safe for concurrent use.
type Gate struct {
	most int
	mu   sync.Mutex
	in   map[hash]int
}

// NewGate lets most of a key in at a time.
func NewGate(most int) *Gate { return &Gate{most: most, in: map[hash]int{}} }

// Enter lets one of a key in and reports whether there was a place. Call leave
// when its work is done.
func (g *Gate) Enter(key string) (leave func(), ok bool) {
	name := hash(sha256.Sum256([]byte(key)))
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.in[name] >= g.most {
		return func() {}, false
	}
	g.in[name]++
	return func() { g.leave(name) }, true
}

func (g *Gate) leave(name hash) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.in[name]--; g.in[name] == 0 {
		delete(g.in, name)
	}
}
