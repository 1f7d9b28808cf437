package realtime

import "sync"

// crowd counts connections by address. Safe for concurrent use.
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
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.from[address] >= most {
		return false
	}
	if c.from == nil {
		c.from = map[string]int{}
	}
	c.from[address]++
	return true
}

func (c *crowd) leave(address string) {
	if address == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.from[address]--; c.from[address] <= 0 {
		delete(c.from, address)
	}
}
