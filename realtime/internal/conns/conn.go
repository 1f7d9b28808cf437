package conns

import (
	"sync/atomic"

	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// Conn is one connection: its socket, and where it stands. It is embedded by
// value in what its handler keeps of a connection. Close a connection by
// [Conn.End], never by its socket alone. Safe for concurrent use.
type Conn struct {
	Socket transport.Conn
	id     string
	set    *Set
	state  atomic.Int32
	latest atomic.Int64 // when the peer has last asked for something, Unix nanoseconds, where Lifetime.Idle is

	// Under the set's lock.
	order     uint64 // of arrival
	identity  Identity
	address   string        // the key that it is counted under
	waiting   string        // the key that it waits or waited under
	place     bool          // among the known
	arriving  bool          // among the connecting
	seat      bool          // among its user's
	verifying *Verification // under way

	alarms alarms
}

// ID tells the connection from all others.
func (c *Conn) ID() string { return c.id }

// State is where the connection stands now.
func (c *Conn) State() State { return State(c.state.Load()) }

// Active reports whether the connection receives.
func (c *Conn) Active() bool { return c.State() == Active }

// Ending reports whether the end of the connection is decided.
func (c *Conn) Ending() bool { return c.State() >= Closing }

// End ends the connection, unless its end is decided, and reports whether it was
// not. It never waits. An urgent reason hurries an end in order that is under way.
func (c *Conn) End(reason transport.Close) (first bool) {
	c.set.mu.Lock()
	first = c.set.toClosing(c)
	c.set.mu.Unlock()
	c.Socket.Close(reason)
	return first
}
