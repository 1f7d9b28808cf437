package store

import (
	"context"

	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/store/queries"
)

// relayLease is the right to empty the outbox; the migration has made it.
const relayLease = "relay"

func (t chatTx) Lease(ctx context.Context) (chat.Lease, error) {
	row, err := t.q.Lease(ctx, relayLease)
	return chat.Lease{Holder: row.Holder, Beat: row.Beat}, none("read a lease", err)
}

func (t chatTx) MoveLease(ctx context.Context, from chat.Lease, holder string) (bool, error) {
	n, err := t.q.MoveLease(ctx, queries.MoveLeaseParams{Holder: holder, Name: relayLease, Beat: from.Beat})
	return n > 0, wrapped("take a lease", err)
}
