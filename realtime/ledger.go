package realtime

import (
	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

func accountOf(l *transport.Ledger) cluster.Account {
	now := l.Snapshot()
	return cluster.Account{Owed: now.Attempted, Delivered: now.Delivered, Recoverable: now.Recoverable, Dropped: now.Dropped}
}
