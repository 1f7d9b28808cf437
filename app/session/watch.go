package session

import (
	"context"
	"log/slog"
	"time"
)

// Changes tells what was ended or changed in the store, by whichever process.
type Changes interface {
	SessionsEndedSince(ctx context.Context, since time.Time) ([]string, error)
	AccountsChangedSince(ctx context.Context, since time.Time) ([]string, error)
}

const (
	lookEvery = time.Second
	lookBack  = 2 * time.Second // the store keeps whole seconds
)

// Watch looks at the store every second until ctx ends, so that a sign-out or a
// new role takes effect on open sockets although another process wrote it, such
// as `yodel user role`. ended and changed may be told of the same id more than
// once.
func Watch(ctx context.Context, changes Changes, log *slog.Logger, ended, changed func(id string)) {
	ticks := time.NewTicker(lookEvery)
	defer ticks.Stop()
	since := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		began := time.Now()
		if err := look(ctx, changes, since.Add(-lookBack), ended, changed); err != nil {
			if ctx.Err() == nil {
				log.Error("the store could not be asked for sign-outs", "error", err)
			}
			continue // the next look goes back as far
		}
		since = began
	}
}

func look(ctx context.Context, changes Changes, since time.Time, ended, changed func(id string)) error {
	sessions, err := changes.SessionsEndedSince(ctx, since)
	if err != nil {
		return err
	}
	accounts, err := changes.AccountsChangedSince(ctx, since)
	if err != nil {
		return err
	}
	for _, id := range sessions {
		ended(id)
	}
	for _, id := range accounts {
		changed(id)
	}
	return nil
}
