package realtime

import "sync"

// crowd counts connections by network. Safe for concurrent use.
type crowd struct {
	mu   sync.Mutex
	from map[string]int
}

// enter counts one more from an address, unless there are as many as may be.
// Those without an address are not counted.
func (c *crowd) enter(address string, most int) bool {
	if address == "" {
		return true
	}
	from := Network(address)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.from[from] >= most {
		return false
	}
	if c.from == nil {
		c.from = map[string]int{}
	}
	c.from[from]++
	return true
}

func (c *crowd) leave(address string) {
	if address == "" {
		return
	}
	from := Network(address)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.from[from]--; c.from[from] <= 0 {
		delete(c.from, from)
	}
}
