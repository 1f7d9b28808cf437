// Package retention forgets what is too old, in the background, in one process of
// however many there are.
package retention

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/yodelrt/yodel/app/lease"
)

// Kind is what is forgotten.
type Kind string

// The kinds.
const (
	// Tokens are refresh tokens, after they expired.
	Tokens Kind = "refresh tokens"
	// Sessions count from when they ended or expired.
	Sessions Kind = "sessions"
	// Invitations count from when they were used, taken back, or expired.
	Invitations Kind = "invitations"
	Audit       Kind = "audit entries"
	// Messages go with their reactions and mentions; announcements are messages.
	Messages Kind = "messages"
)

// Rule says how long a kind is kept. A zero Keep is for ever, except for tokens,
// which are of no use once they have expired.
type Rule struct {
	Kind Kind
	Keep Period
}

// Store is where things are kept.
type Store interface {
	// Forget deletes some of what is older than a moment, and reports whether
	// there may be more.
	Forget(ctx context.Context, what Kind, before time.Time) (more bool, err error)
	// Retention is the lease of who forgets.
	Retention() lease.Store
}

const (
	every  = time.Hour
	breath = 50 * time.Millisecond // for others who write, between two batches
)

// Run forgets at the start and every hour, until ctx ends.
func Run(ctx context.Context, store Store, rules []Rule, log *slog.Logger) {
	turns := lease.NewTurns(lease.Life)
	for {
		switch err := forgetAll(ctx, store, turns, rules); {
		case err == nil || ctx.Err() != nil || errors.Is(err, lease.ErrNotOurs):
		default:
			log.Error("what is too old was not forgotten; the next try is in an hour", "error", err)
		}
		if !rest(ctx, every) {
			return
		}
	}
}

// forgetAll takes the lease, again before each batch, and gives it back.
func forgetAll(ctx context.Context, store Store, turns *lease.Turns, rules []Rule) error {
	if err := turns.Take(ctx, store.Retention()); err != nil {
		return err
	}
	for _, rule := range rules {
		if rule.Keep == 0 && rule.Kind != Tokens {
			continue
		}
		if err := forgetKind(ctx, store, turns, rule); err != nil {
			return err
		}
	}
	return turns.GiveBack(context.WithoutCancel(ctx), store.Retention())
}

func forgetKind(ctx context.Context, store Store, turns *lease.Turns, rule Rule) error {
	before := time.Now().Add(-time.Duration(rule.Keep))
	for {
		more, err := store.Forget(ctx, rule.Kind, before)
		if err != nil {
			return errors.Join(err, turns.GiveBack(context.WithoutCancel(ctx), store.Retention()))
		}
		if !more || !rest(ctx, breath) {
			return nil
		}
		if err := turns.Take(ctx, store.Retention()); err != nil {
			return err
		}
	}
}

// rest waits, and reports false when ctx has ended.
func rest(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
