// Package lease lets one process at a time do a piece of work, on however many
// processes the application runs.
package lease

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Life is how long a lease that nobody touches keeps its holder; a holder gives
// it back, or takes it again, within a third of that.
const Life = 15 * time.Second

// ErrNotOurs says that another process has the lease.
var ErrNotOurs = errors.New("another process is at it")

// Lease is who has it.
type Lease struct {
	// Holder is empty while nobody does.
	Holder string
	// Beat is another one each time that the lease is taken or given back.
	Beat int64
}

// Store keeps one lease.
type Store interface {
	Lease(ctx context.Context) (Lease, error)
	// MoveLease gives the lease to a holder, empty for nobody, and reports false
	// where it is no longer as it was.
	MoveLease(ctx context.Context, from Lease, holder string) (bool, error)
}

// Turns takes a lease and gives it back for one process. It compares no clocks: a
// lease has expired when this process has seen it unchanged for its whole life.
// For one goroutine.
type Turns struct {
	Life  time.Duration
	self  string
	held  Lease     // what this process has taken
	seen  Lease     // of another process
	since time.Time // when it was first seen so
}

// NewTurns returns the turns of a process of its own.
func NewTurns(life time.Duration) *Turns { return &Turns{Life: life, self: uuid.NewString()} }

// Take takes the lease, again where this process has it, or returns [ErrNotOurs].
func (t *Turns) Take(ctx context.Context, in Store) error {
	now, err := in.Lease(ctx)
	if err != nil {
		return err
	}
	if now.Holder != "" && now.Holder != t.self && !t.expired(now) {
		return ErrNotOurs
	}
	moved, err := in.MoveLease(ctx, now, t.self)
	if err != nil {
		return err
	}
	if !moved {
		return ErrNotOurs
	}
	t.held = Lease{Holder: t.self, Beat: now.Beat + 1}
	return nil
}

func (t *Turns) expired(now Lease) bool {
	if now != t.seen {
		t.seen, t.since = now, time.Now()
	}
	return time.Since(t.since) >= t.Life
}

// GiveBack lets others have it. Where it was lost meanwhile, nothing of the work
// around it may stand: another process has begun with the same.
func (t *Turns) GiveBack(ctx context.Context, in Store) error {
	moved, err := in.MoveLease(ctx, t.held, "")
	if err == nil && !moved {
		err = fmt.Errorf("%w: it took too long here", ErrNotOurs)
	}
	return err
}
