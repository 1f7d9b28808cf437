package realtime

import (
	"sync/atomic"

	"github.com/yodelrt/yodel/realtime/cluster"
)

// ledger accounts for every publication to every subscriber it was meant for.
// When nothing is under way, Owed = Delivered + Recoverable + Dropped: nothing is
// dropped in silence. Safe for concurrent use.
type ledger struct {
	owed, delivered, recoverable, dropped atomic.Uint64
}

func (l *ledger) account() cluster.Account {
	return cluster.Account{
		Owed: l.owed.Load(), Delivered: l.delivered.Load(), Recoverable: l.recoverable.Load(), Dropped: l.dropped.Load(),
	}
}
