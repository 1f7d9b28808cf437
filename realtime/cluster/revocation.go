package cluster

import (
	"context"
	"time"
)

// Revocations keeps who was signed out, for as long as a token may live. Its
// methods are safe for concurrent use.
type Revocations interface {
	// Revoke stores a revocation before it returns. Until is the store's to set.
	Revoke(ctx context.Context, r Revocation) error
	// Follow calls take for each revocation that is kept, then for each new one
	// of whichever node, one at a time and at least once. What came while this
	// node was cut off is made up for. It returns when those that were kept have
	// been told; stop ends it.
	Follow(ctx context.Context, take func(Revocation)) (stop func(), err error)
}

// Revocation ends connections, everywhere and for good.
type Revocation struct {
	// By selects them.
	By Selector
	// Code and Reason are those of the close frame. Flush lets what is queued for
	// the peer go out first.
	Code   int
	Reason string
	Flush  bool
	// At is when it was made and Until when it may be forgotten.
	At, Until time.Time
}
