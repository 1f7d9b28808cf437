package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// readiness remembers for a moment how the store was, so that whoever may ask
// cannot make it write as often as they ask.
type readiness struct {
	dir string // of SQLite, empty for a server elsewhere
	mu  sync.Mutex
	at  time.Time
	err error
}

const (
	readyFor  = time.Second     // an answer holds
	readyWait = 2 * time.Second // for an answer
	spare     = 1 << 20         // bytes that the disk has to have room for
)

// Ready reports whether the store takes what is written to it, by writing. SQLite
// may have room in its log while the disk is full: the data directory has to take
// a file as well.
func (s *Store) Ready(ctx context.Context) error {
	s.ready.mu.Lock()
	defer s.ready.mu.Unlock()
	if time.Since(s.ready.at) >= readyFor {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyWait)
		defer cancel()
		s.ready.err = s.tryWriting(ctx)
		s.ready.at = time.Now()
	}
	return s.ready.err
}

func (s *Store) tryWriting(ctx context.Context) error {
	n, err := s.queries.Touch(ctx, readyLease)
	if err == nil && n == 0 {
		err = errors.New("its row is not there")
	}
	if err != nil || s.ready.dir == "" {
		return wrapped("write to the database", err)
	}
	return wrapped("write to the data directory", tryFile(s.ready.dir))
}

// tryFile writes a file of spare bytes and takes it away again.
func tryFile(dir string) error {
	file, err := os.CreateTemp(dir, ".ready-*")
	if err != nil {
		return fmt.Errorf("make a file: %w", err)
	}
	_, err = file.Write(make([]byte, spare))
	return errors.Join(err, file.Close(), os.Remove(file.Name()))
}
