package chat

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// leaseLife is how long a lease that nobody touches keeps its holder; a holder
// gives it back within a third of that.
const leaseLife = 15 * time.Second

// errNotOurs says that another process is emptying the outbox.
var errNotOurs = errors.New("another process empties the outbox")

// turns takes and gives back the lease for one process. It compares no clocks: a
// lease has expired when this process has seen it unchanged for its whole life.
// For one goroutine.
type turns struct {
	life  time.Duration
	self  string
	held  Lease     // what this process has taken
	seen  Lease     // of another process
	since time.Time // when it was first seen so
}

func newTurns(life time.Duration) *turns { return &turns{life: life, self: uuid.NewString()} }

// take takes the lease, or returns errNotOurs.
func (t *turns) take(ctx context.Context, tx Tx) error {
	now, err := tx.Lease(ctx)
	if err != nil {
		return err
	}
	if now.Holder != "" && now.Holder != t.self && !t.expired(now) {
		return errNotOurs
	}
	moved, err := tx.MoveLease(ctx, now, t.self)
	if err != nil {
		return err
	}
	if !moved {
		return errNotOurs
	}
	t.held = Lease{Holder: t.self, Beat: now.Beat + 1}
	return nil
}

func (t *turns) expired(now Lease) bool {
	if now != t.seen {
		t.seen, t.since = now, time.Now()
	}
	return time.Since(t.since) >= t.life
}

// giveBack lets others have it. Where it was lost meanwhile, nothing of the work
// around it may stand: another process has begun with the same tasks.
func (t *turns) giveBack(ctx context.Context, tx Tx) error {
	moved, err := tx.MoveLease(ctx, t.held, "")
	if err == nil && !moved {
		err = fmt.Errorf("%w: it took too long here", errNotOurs)
	}
	return err
}
