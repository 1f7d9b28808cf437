package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"github.com/pressly/goose/v3"
)

// Open opens or creates yodel.db in dir, readable by this user alone, and brings
// its tables up to date. Close it when done.
func Open(ctx context.Context, dir string) (*Store, error) {
	if err := MakeDir(dir); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "yodel.db")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return opened(ctx, db, goose.DialectSQLite3, new(sync.Mutex))
}

// MakeDir makes the data directory, for this user alone.
func MakeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create the data directory: %w", err)
	}
	return nil
}

// dsn asks for a write-ahead log, so that readers do not wait for the writer,
// and lets writers wait 5 s for each other.
func dsn(path string) string {
	pragmas := url.Values{"_pragma": {"journal_mode(WAL)", "busy_timeout(5000)", "foreign_keys(1)", "synchronous(NORMAL)"}, "_txlock": {"immediate"}}
	return "file:" + path + "?" + pragmas.Encode()
}
