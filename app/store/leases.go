package store

import (
	"context"

	"github.com/yodelrt/yodel/app/lease"
	"github.com/yodelrt/yodel/app/store/queries"
)

// The leases; the migrations have made them.
const (
	relayLease     = "relay"     // to empty the outbox
	retentionLease = "retention" // to forget what is too old
	readyLease     = "ready"     // nobody takes it: readiness writes it
)

// namedLease is a [lease.Store].
type namedLease struct {
	q    *queries.Queries
	name string
}

func (l namedLease) Lease(ctx context.Context) (lease.Lease, error) {
	row, err := l.q.Lease(ctx, l.name)
	return lease.Lease{Holder: row.Holder, Beat: row.Beat}, none("read a lease", err)
}

func (l namedLease) MoveLease(ctx context.Context, from lease.Lease, holder string) (bool, error) {
	n, err := l.q.MoveLease(ctx, queries.MoveLeaseParams{Holder: holder, Name: l.name, Beat: from.Beat})
	return n > 0, wrapped("take a lease", err)
}

// Retention is the right to forget what is too old.
func (s *Store) Retention() lease.Store { return namedLease{s.queries, retentionLease} }
