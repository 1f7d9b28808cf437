// Package store keeps accounts, sessions and the chat, in SQLite or PostgreSQL.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"github.com/yodelrt/yodel/app/store/queries"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is an open database. Safe for concurrent use.
type Store struct {
	db      *sql.DB
	queries *queries.Queries
	// writing lets one transaction of this process at a time write where the
	// database takes one writer, so that none waits until it gives up. Nil where
	// the database sees to it.
	writing *sync.Mutex
}

// OpenAny opens the PostgreSQL database at a URL, or SQLite in dir where the URL
// is empty. It makes dir in both cases.
func OpenAny(ctx context.Context, dir, address string) (*Store, error) {
	if address == "" {
		return Open(ctx, dir)
	}
	if err := MakeDir(dir); err != nil {
		return nil, err
	}
	return OpenPostgres(ctx, address)
}

// opened brings the tables of a database up to date.
func opened(ctx context.Context, db *sql.DB, dialect goose.Dialect, writing *sync.Mutex) (*Store, error) {
	if err := migrate(ctx, db, dialect); err != nil {
		_ = db.Close()
		return nil, err
	}
	return &Store{db, queries.New(db), writing}, nil
}

func migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	provider, err := goose.NewProvider(dialect, db, files, goose.WithGoMigrations(fillNames))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bring the tables up to date: %w", err)
	}
	return nil
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.db.PingContext(ctx); err != nil {
		return fmt.Errorf("ask the database: %w", err)
	}
	return nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// transaction carries work out as a whole, or nothing of it where it fails.
func (s *Store) transaction(ctx context.Context, doing string, work func(*queries.Queries) error) error {
	if s.writing != nil {
		s.writing.Lock()
		defer s.writing.Unlock()
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return wrapped(doing, err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := work(s.queries.WithTx(tx)); err != nil {
		return err
	}
	return wrapped(doing, tx.Commit())
}

// duplicate reports whether a statement failed because something is to be there
// once and is there already.
func duplicate(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlitelib.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlitelib.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	var postgres *pgconn.PgError
	return errors.As(err, &postgres) && postgres.Code == "23505" // unique_violation
}

// strange reports a text that no column holds: PostgreSQL takes no NUL byte and
// nothing that is not UTF-8.
func strange(text string) bool {
	return strings.ContainsRune(text, 0) || strings.ToValidUTF8(text, "") != text
}
