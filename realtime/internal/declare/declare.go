// Package declare holds what an application declares before it serves, to be
// complete and right.
package declare

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// Declarations are what an application declares before it serves. Nothing of it
// changes afterwards, so serving reads it without a lock. The zero value is ready.
type Declarations struct {
	mu      sync.Mutex
	started atomic.Bool // the first request has come
	refused error       // the first that was wrong
}

// Add makes one declaration, or refuses it. A hub or handler with a wrong one does
// not serve, so that an error which nobody has looked at is seen at once. The error
// of a declaration after the first request wraps late.
func (d *Declarations) Add(late error, what func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.started.Load() {
		return fmt.Errorf("%w: a declaration after the first request; declare everything before", late)
	}
	err := what()
	if err != nil && d.refused == nil {
		d.refused = err
	}
	return err
}

// Serve ends the time of declarations, and returns what was wrong among them.
func (d *Declarations) Serve() error {
	if !d.started.Load() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.started.Store(true)
	}
	return d.refused
}
