package realtime

import "github.com/yodelrt/yodel/realtime/internal/transport"

// Account is what became of every publication to every subscriber it was meant
// for. When nothing is under way, Owed = Delivered + Recoverable + Dropped: nothing
// is dropped in silence.
type Account struct {
	// Owed is how many publications were handed to the connections of
	// subscribers, and messages of SendToUser and Broadcast to connections.
	Owed uint64
	// Delivered were written to the peer's socket. What was in flight when the
	// connection ended is not among them, though the peer may have heard it.
	Delivered uint64
	// Recoverable were not, because the connection ended with a code, and are
	// in the channel's history for the peer to recover.
	Recoverable uint64
	// Dropped were not, because the connection ended with a code, and the
	// channel has no history.
	Dropped uint64
}

// Settled reports whether every owed publication has ended one way.
func (a Account) Settled() bool { return a.Owed == a.Delivered+a.Recoverable+a.Dropped }

func accountOf(l *transport.Ledger) Account {
	now := l.Snapshot()
	return Account{now.Attempted, now.Delivered, now.Recoverable, now.Dropped}
}
