package cluster

import "time"

// CutOff bounds what a node does that no longer reaches its engine: it can't
// know any more who was signed out elsewhere.
type CutOff struct {
	// RefuseAfter is how long the engine may be silent before new connections
	// are answered with 503. Default 5 s.
	RefuseAfter time.Duration
	// EndAfter is how long until the node ends its connections with code 3011,
	// spread over the hub's DrainSpread. Default 30 s.
	EndAfter time.Duration
}

// Health is how a hub stands to its engine.
type Health struct {
	// CutOff says that the engine has been silent for longer than
	// CutOff.RefuseAfter: new connections are refused.
	CutOff bool
	// Silent is for how long; zero without other nodes.
	Silent time.Duration
	// Ignored counts control messages and revocations that no node would send.
	Ignored uint64
	// Unstored are revocations that the engine does not have yet.
	Unstored int
}
