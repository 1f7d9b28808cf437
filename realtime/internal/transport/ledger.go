package transport

import "sync/atomic"

// Ledger accounts for every message that was counted when it was handed to a conn.
// When nothing is under way, Attempted = Delivered + Recoverable + Dropped. Safe for
// concurrent use.
type Ledger struct {
	// Attempted counts what Send and Broadcast were called for.
	Attempted atomic.Uint64
	// Delivered were written to the peer's socket.
	Delivered atomic.Uint64
	// Recoverable were not, and the peer can recover them.
	Recoverable atomic.Uint64
	// Dropped were not, and nothing keeps them.
	Dropped atomic.Uint64
}

// Snapshot is what a ledger has counted at one moment.
type Snapshot struct{ Attempted, Delivered, Recoverable, Dropped uint64 }

// Settled reports whether every attempt has ended one way.
func (s Snapshot) Settled() bool { return s.Attempted == s.Delivered+s.Recoverable+s.Dropped }

// Snapshot reads the counters. Call it when nothing is under way, for figures that
// agree with each other.
func (l *Ledger) Snapshot() Snapshot {
	return Snapshot{l.Attempted.Load(), l.Delivered.Load(), l.Recoverable.Load(), l.Dropped.Load()}
}

// Counts is how many deliveries a message stands for, by how they would be lost:
// for good, or to be recovered from a history.
type Counts struct{ AtMostOnce, Recoverable uint32 }

func (n *Counts) add(other Counts) {
	n.AtMostOnce += other.AtMostOnce
	n.Recoverable += other.Recoverable
}

func (n Counts) total() uint64 { return uint64(n.AtMostOnce) + uint64(n.Recoverable) }

func (l *Ledger) attempted(n Counts) {
	if l != nil && n != (Counts{}) {
		l.Attempted.Add(n.total())
	}
}

func (l *Ledger) delivered(n Counts) {
	if l != nil && n != (Counts{}) {
		l.Delivered.Add(n.total())
	}
}

// lost counts what a peer will not get over its conn.
func (l *Ledger) lost(n Counts) {
	if l != nil && n != (Counts{}) {
		l.Recoverable.Add(uint64(n.Recoverable))
		l.Dropped.Add(uint64(n.AtMostOnce))
	}
}
