package realtime

import (
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
)

// declarations are what an application declares before it serves. Nothing of it
// changes afterwards, so serving reads it without a lock.
type declarations struct {
	mu      sync.Mutex
	started atomic.Bool // the first request has come
	refused error       // the first that was wrong
}

// declare makes one declaration, or refuses it. A hub or handler with a wrong one
// does not serve, so that an error which nobody has looked at is seen at once.
func (d *declarations) declare(what func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.started.Load() {
		return fmt.Errorf("%w: a declaration after the first request; declare everything before", ErrConfig)
	}
	err := what()
	if err != nil && d.refused == nil {
		d.refused = err
	}
	return err
}

// serve ends the time of declarations, and returns what was wrong among them.
func (d *declarations) serve() error {
	if !d.started.Load() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.started.Store(true)
	}
	return d.refused
}

func refuseMisdeclared(w http.ResponseWriter, logger *slog.Logger, err error) {
	logger.Error("nobody is served: a declaration was wrong", "error", err)
	refuse(w, http.StatusInternalServerError, "internal", "The server is not set up correctly.")
}
