package chat

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/yodelrt/yodel/app/lease"
)

// Carrier carries out what the outbox holds.
type Carrier interface {
	// Publish publishes to a channel, once for each key.
	Publish(ctx context.Context, channel string, data []byte, key string) error
	// Pass publishes to those who follow a channel now, and keeps nothing.
	Pass(ctx context.Context, channel string, data []byte) error
	Broadcast(ctx context.Context, data []byte) error
	// Rejudge asks again what a person may follow, and returns when what they
	// may not has ended.
	Rejudge(ctx context.Context, userID string)
}

// Relay empties the outbox: one task after the other, each deleted when it was
// carried out. What an earlier process has left comes first. Several processes
// may run one on a database: they take turns.
type Relay struct {
	store Store
	log   *slog.Logger
	turns *lease.Turns
	wake  chan struct{}
	done  atomic.Uint64
	fails atomic.Uint64
}

// NewRelay returns a relay that [Relay.Run] starts.
func NewRelay(store Store, log *slog.Logger) *Relay {
	return &Relay{store: store, log: log, turns: lease.NewTurns(lease.Life), wake: make(chan struct{}, 1)}
}

// Wake says that there is something in the outbox. It never blocks.
func (r *Relay) Wake() {
	select {
	case r.wake <- struct{}{}:
	default: // it is awake already
	}
}

// Counts returns how many tasks were carried out, and how often one failed and
// was kept.
func (r *Relay) Counts() (done, failed uint64) { return r.done.Load(), r.fails.Load() }

const (
	relayBatch = 200
	relayPause = time.Second           // after a failure
	relayTurn  = 50 * time.Millisecond // while another process is at it
	relayLook  = 2 * time.Second       // for what another process has left behind
	carryFor   = lease.Life / 3        // in one turn
)

// Run carries tasks out until ctx ends, and then what is left, as far as the
// carrier takes it.
func (r *Relay) Run(ctx context.Context, carrier Carrier) {
	for {
		pause, err := relayLook, r.drain(context.WithoutCancel(ctx), carrier)
		switch {
		case errors.Is(err, lease.ErrNotOurs):
			pause = relayTurn
		case err != nil:
			r.fails.Add(1)
			if pause = relayPause; ctx.Err() == nil {
				r.log.Error("events wait in the outbox", "error", err)
			}
		}
		if !r.rest(ctx, pause, err == nil) {
			return // what is left is the next process's to begin with
		}
	}
}

// rest waits until there may be something to do, and reports false at the end.
func (r *Relay) rest(ctx context.Context, pause time.Duration, wakes bool) bool {
	wake := r.wake
	if !wakes {
		wake = nil // there is something, and it has to wait
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-wake:
	case <-timer.C:
	case <-ctx.Done():
		return false
	}
	return true
}

// drain carries out what there is.
func (r *Relay) drain(ctx context.Context, carrier Carrier) error {
	for {
		var waiting []Task
		err := r.store.View(ctx, func(tx Tx) (err error) {
			waiting, err = tx.Tasks(ctx, 1)
			return err
		})
		if err != nil || len(waiting) == 0 {
			return err
		}
		if err := r.turn(ctx, carrier); err != nil {
			return err
		}
	}
}

// turn takes the lease, carries tasks out and gives it back.
func (r *Relay) turn(ctx context.Context, carrier Carrier) error {
	var tasks []Task
	err := r.store.Change(ctx, func(tx Tx) (err error) {
		if err := r.turns.Take(ctx, tx); err != nil {
			return err
		}
		tasks, err = tx.Tasks(ctx, relayBatch)
		return err
	})
	if err != nil {
		return err
	}
	done, failed := r.carry(ctx, carrier, tasks)
	err = r.store.Change(ctx, func(tx Tx) error {
		for _, t := range tasks[:done] {
			if err := tx.DeleteTask(ctx, t.ID); err != nil {
				return err
			}
		}
		return r.turns.GiveBack(ctx, tx)
	})
	if err == nil {
		r.done.Add(uint64(done))
	}
	return errors.Join(failed, err)
}

// carry returns how many tasks were carried out before one failed.
func (r *Relay) carry(ctx context.Context, carrier Carrier, tasks []Task) (int, error) {
	until := time.Now().Add(carryFor)
	for i, t := range tasks {
		if time.Now().After(until) {
			return i, nil // the rest in another turn
		}
		var err error
		switch t.Action {
		case Publish:
			if t.MessageID != "" {
				err = r.speak(ctx, carrier, t)
			}
			if err == nil {
				err = carrier.Publish(ctx, t.Target, t.Data, t.ID)
			}
		case Broadcast:
			err = carrier.Broadcast(ctx, t.Data)
		case Rejudge:
			carrier.Rejudge(ctx, t.Target)
		}
		if err != nil {
			return i, err
		}
	}
	return len(tasks), nil
}
