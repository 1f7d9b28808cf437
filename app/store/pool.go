package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// How many connections a SQLite database has. All of them are opened at the start
// and none is added later, so that what a crowd costs in memory and descriptors is
// known from the start, and is there when it comes.
const sqliteReaders = 7

// pool sends what changes something to the writer and what reads to the readers.
// SQLite takes one writer at a time: the only connection of its pool is the turn
// that transactions wait for. PostgreSQL has one pool for both.
type pool struct{ readers, writer *sql.DB }

// ExecContext runs a statement that changes something.
func (p pool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return p.writer.ExecContext(ctx, query, args...)
}

// PrepareContext prepares a statement that reads.
func (p pool) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return p.readers.PrepareContext(ctx, query)
}

// QueryContext reads rows. Statements that change and return rows belong in a
// transaction: the readers of SQLite refuse them.
func (p pool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return p.readers.QueryContext(ctx, query, args...)
}

// QueryRowContext reads one row, see QueryContext.
func (p pool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return p.readers.QueryRowContext(ctx, query, args...)
}

func (p pool) close() error {
	if p.readers == p.writer {
		return p.writer.Close()
	}
	return errors.Join(p.readers.Close(), p.writer.Close()) // the writer last: it puts the log into the database
}

// fix gives a pool n connections for good and opens them.
func fix(ctx context.Context, db *sql.DB, n int) error {
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	for range n {
		conn, err := db.Conn(ctx)
		if err != nil {
			return fmt.Errorf("open the database: %w", err)
		}
		defer conn.Close() // after the last one: until then each is another
		if _, err := conn.ExecContext(ctx, "SELECT 1 FROM sqlite_master"); err != nil {
			return fmt.Errorf("open the database: %w", err)
		}
	}
	return nil
}
