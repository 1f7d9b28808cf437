package store

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gofrs/flock"
)

// ErrInUse says that another process runs on a data directory.
var ErrInUse = errors.New("the data directory is in use by another yodel; stop that one first, or give this one a --data-dir of its own")

// Lock takes a data directory for this process, until unlock or the end of the
// process, however it ends. Where another one has it the error is [ErrInUse].
func Lock(dir string) (unlock func() error, err error) {
	if err := MakeDir(dir); err != nil {
		return nil, explained(dir, err)
	}
	path := filepath.Join(dir, "yodel.lock")
	lock := flock.New(path, flock.SetPermissions(0o600))
	taken, err := lock.TryLock()
	if err != nil {
		return nil, explained(path, fmt.Errorf("lock the data directory: %w", err))
	}
	if !taken {
		return nil, fmt.Errorf("%s: %w", dir, ErrInUse)
	}
	return lock.Unlock, nil
}
