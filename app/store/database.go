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
	db      pool
	queries *queries.Queries
	ready   *readiness
}

func newStore(db pool, dir string) *Store {
	return &Store{db, queries.New(db), &readiness{dir: dir}}
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

// migrate brings the tables of a database up to date. One that a newer version
// has written is left alone.
func migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect) error {
	provider, err := versions(ctx, db, dialect)
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bring the tables up to date: %w", err)
	}
	return nil
}

// versions returns what brings a database up to date, unless a newer version has
// written it: [ErrNewer].
func versions(ctx context.Context, db *sql.DB, dialect goose.Dialect) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	provider, err := goose.NewProvider(dialect, db, files, goose.WithGoMigrations(fillNames))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	there, known, err := provider.GetVersions(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the version of the tables: %w", err)
	}
	if there > known {
		return nil, fmt.Errorf("%w: its tables have version %d and this yodel knows them up to %d; run the newer yodel, or restore the backup from before its upgrade", ErrNewer, there, known)
	}
	return provider, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.close() }

// transaction carries work out as a whole, or nothing of it where it fails.
func (s *Store) transaction(ctx context.Context, doing string, work func(*queries.Queries) error) error {
	tx, err := s.db.writer.BeginTx(ctx, nil)
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
