package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"github.com/yodelrt/yodel/app/account"
)

const accountColumns = `id, username, name, role, password_hash, epoch, disabled`

// AccountByUsername returns [account.ErrNotFound] where there is none.
func (s *Store) AccountByUsername(ctx context.Context, username string) (account.Account, error) {
	return scanAccount(s.db.QueryRowContext(ctx, `SELECT `+accountColumns+` FROM accounts WHERE username = $1`, username))
}

// AccountByID returns [account.ErrNotFound] where there is none.
func (s *Store) AccountByID(ctx context.Context, id string) (account.Account, error) {
	return scanAccount(s.db.QueryRowContext(ctx, `SELECT `+accountColumns+` FROM accounts WHERE id = $1`, id))
}

func scanAccount(row *sql.Row) (account.Account, error) {
	var a account.Account
	err := row.Scan(&a.ID, &a.Username, &a.Name, &a.Role, &a.PasswordHash, &a.Epoch, &a.Disabled)
	if errors.Is(err, sql.ErrNoRows) {
		return a, account.ErrNotFound
	}
	if err != nil {
		return a, fmt.Errorf("read an account: %w", err)
	}
	return a, nil
}

// InsertAccount returns [account.ErrTaken] where the username exists.
func (s *Store) InsertAccount(ctx context.Context, a account.Account) error {
	_, err := s.db.ExecContext(ctx,
		`INSERT INTO accounts (id, username, name, role, password_hash, epoch, disabled, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		a.ID, a.Username, a.Name, a.Role, a.PasswordHash, a.Epoch, a.Disabled, time.Now().Unix())
	var failed *sqlite.Error
	if errors.As(err, &failed) && failed.Code() == sqlitelib.SQLITE_CONSTRAINT_UNIQUE {
		return account.ErrTaken
	}
	if err != nil {
		return fmt.Errorf("write an account: %w", err)
	}
	return nil
}

// UpdateAccount writes role, password, name and disabled, and raises the epoch.
func (s *Store) UpdateAccount(ctx context.Context, a account.Account) error {
	_, err := s.db.ExecContext(ctx,
		`UPDATE accounts SET name = $1, role = $2, password_hash = $3, disabled = $4, epoch = epoch + 1 WHERE id = $5`,
		a.Name, a.Role, a.PasswordHash, a.Disabled, a.ID)
	if err != nil {
		return fmt.Errorf("write an account: %w", err)
	}
	return nil
}
