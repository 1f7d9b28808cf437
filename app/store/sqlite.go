package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"
)

// sqliteFile is the database in the data directory.
const sqliteFile = "yodel.db"

// Open opens or creates yodel.db in dir, readable by this user alone, and brings
// its tables up to date. Close it when done.
func Open(ctx context.Context, dir string) (*Store, error) {
	if err := MakeDir(dir); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, sqliteFile)
	if err := makePrivate(path); err != nil {
		return nil, explained(path, err)
	}
	db, err := openSQLite(ctx, path)
	if err != nil {
		return nil, explained(path, err)
	}
	return newStore(db, dir), nil
}

func openSQLite(ctx context.Context, path string) (db pool, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, db.close())
		}
	}()
	if db.writer, err = sql.Open("sqlite", dsn(path)); err != nil {
		return db, fmt.Errorf("open the database: %w", err)
	}
	if db.readers, err = sql.Open("sqlite", dsn(path, "query_only(1)")); err != nil {
		return db, fmt.Errorf("open the database: %w", err)
	}
	if err = fix(ctx, db.writer, 1); err != nil {
		return db, err
	}
	if err = sound(ctx, db.writer); err != nil {
		return db, err
	}
	if err = migrate(ctx, db.writer, goose.DialectSQLite3); err != nil {
		return db, err
	}
	return db, fix(ctx, db.readers, sqliteReaders)
}

// MakeDir makes the data directory, for this user alone.
func MakeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create the data directory: %w", err)
	}
	return nil
}

// makePrivate makes a database file for this user alone, or takes one that there
// is from everybody else. SQLite gives its own files the mode of that one.
func makePrivate(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	for _, one := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(one)
		if err != nil || info.Mode().Perm()&0o077 == 0 {
			continue // not there, or private already
		}
		if err := os.Chmod(one, 0o600); err != nil {
			return fmt.Errorf("keep the database from other users: %w", err)
		}
	}
	return nil
}

// dsn asks for a write-ahead log, so that readers do not wait for the writer,
// and lets writers of several processes wait 5 s for each other.
func dsn(path string, more ...string) string {
	pragmas := append([]string{"busy_timeout(5000)", "journal_mode(WAL)", "foreign_keys(1)", "synchronous(NORMAL)"}, more...)
	return fileURI(path) + "?" + url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}.Encode()
}

// fileURI is the address of a file in which no character of its path means
// anything: without it, "?" and "#" end the path and "%41" is an A.
func fileURI(path string) string {
	if whole, err := filepath.Abs(path); err == nil {
		path = whole
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath()
}
