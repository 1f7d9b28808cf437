package transport

// Probe pings the peer, so that Heard can tell one that says nothing from one whose
// network carries nothing. It waits for nobody.
func (c *Conn) Probe() {
	c.heard.Store(false)
	c.transport.config.Spawn.Go(c, func() { _ = c.session.writePing() }) // a peer that gets none is not heard
}

// Heard reports whether a ping or pong of the peer was read since Probe. Peers answer
// in order: whatever they have sent before their pong was read before it.
func (c *Conn) Heard() bool { return c.heard.Load() }
