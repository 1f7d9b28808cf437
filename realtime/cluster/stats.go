package cluster

// Stats are counters since the handler was built.
type Stats struct {
	Open    int            // active connections now
	Pending int            // connections that wait for their first message
	Opened  uint64         // sockets that were upgraded
	Closed  map[int]uint64 // sockets that ended, by close code
	In      uint64         // messages received
	Out     uint64         // messages accepted for sending

	OffContract uint64 // calls and publications of clients that had not the declared type
}

// Account is what became of publications. When nothing is under way,
// Owed = Delivered + Recoverable + Dropped: nothing is dropped in silence.
type Account struct {
	// Owed is how many publications were handed to the connections of
	// subscribers, and messages of Hub.Send to connections.
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
