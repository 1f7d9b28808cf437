package adversary_test

import "runtime"

// hook is what the hooks have heard of one connection.
type hook struct {
	welcomed     bool // Connect has returned without an error
	connects     int
	disconnected int
}

// observed counts the call of an observer's function, and panics where one was
// asked for.
func (b *base) observed(what string) {
	b.mu.Lock()
	b.counts[what]++
	panics := b.armed[what]
	if panics {
		delete(b.armed, what)
		b.troubled = true
	}
	b.mu.Unlock()
	for range b.yields { // others run meanwhile
		runtime.Gosched()
	}
	if panics {
		panic(b.planned("Observer." + what))
	}
}

// called notes that a callback begins.
func (b *base) called(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.clean && (b.judging == 0 || what != "Recheck" && what != "a rule") { // a Rejudge goes through those that it has found
		b.broken("after-shutdown", "%s was called after Shutdown had returned", what)
	}
}

// hookOf is the record of a connection. Callers hold mu.
func (b *base) hookOf(id string) *hook {
	if b.hooks[id] == nil {
		b.hooks[id] = &hook{}
	}
	return b.hooks[id]
}

// welcoming notes what the Connect hook has said of a connection.
func (b *base) welcoming(id string, welcomed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.hookOf(id)
	h.connects++
	h.welcomed = welcomed
	if h.connects > 1 {
		b.broken("hooks", "Connect was called %d times for %s", h.connects, id)
	}
}

// leaving notes the Disconnect hook.
func (b *base) leaving(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.hookOf(id)
	h.disconnected++
	if !h.welcomed {
		b.broken("hooks", "Disconnect was called for %s, which Connect has not welcomed", id)
	}
	if h.disconnected > 1 {
		b.broken("hooks", "Disconnect was called %d times for %s", h.disconnected, id)
	}
}

// checkHooks holds Connect and Disconnect against each other when all have gone.
func (b *base) checkHooks() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, h := range b.hooks {
		if h.welcomed && h.disconnected != 1 {
			b.broken("hooks", "Connect has welcomed %s, and Disconnect was called %d times for it", id, h.disconnected)
		}
	}
	if b.counts["opened"] != b.counts["closed"] {
		b.broken("counters", "observers heard of %d sockets opened and %d closed", b.counts["opened"], b.counts["closed"])
	}
	if b.counts["command"] != b.counts["done"] && !b.troubled {
		b.broken("counters", "observers heard of %d commands begun and %d done", b.counts["command"], b.counts["done"])
	}
}
