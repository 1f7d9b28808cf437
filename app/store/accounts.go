package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/store/queries"
)

// AccountByUsername returns [account.ErrNotFound] where there is none.
func (s *Store) AccountByUsername(ctx context.Context, username string) (account.Account, error) {
	if strange(username) {
		return account.Account{}, account.ErrNotFound
	}
	row, err := s.queries.AccountByUsername(ctx, username)
	return accountOf(queries.AccountByIDRow(row), err)
}

// AccountByID returns [account.ErrNotFound] where there is none.
func (s *Store) AccountByID(ctx context.Context, id string) (account.Account, error) {
	if strange(id) {
		return account.Account{}, account.ErrNotFound
	}
	return accountOf(s.queries.AccountByID(ctx, id))
}

func accountOf(row queries.AccountByIDRow, err error) (account.Account, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return account.Account{}, account.ErrNotFound
	}
	if err != nil {
		return account.Account{}, wrapped("read an account", err)
	}
	return account.Account{
		ID: row.ID, Username: row.Username, Name: row.Name, Role: account.Role(row.Role),
		PasswordHash: row.PasswordHash, Epoch: row.Epoch, Disabled: row.Disabled, Created: time.Unix(row.CreatedAt, 0).UTC(),
	}, nil
}

// InsertAccount returns [account.ErrTaken] where the username exists.
func (s *Store) InsertAccount(ctx context.Context, a account.Account) error {
	return insertAccount(ctx, s.queries, a)
}

func insertAccount(ctx context.Context, q *queries.Queries, a account.Account) error {
	err := q.InsertAccount(ctx, queries.InsertAccountParams{
		ID: a.ID, Username: a.Username, Name: a.Name, Role: string(a.Role),
		PasswordHash: a.PasswordHash, Epoch: a.Epoch, Disabled: a.Disabled, CreatedAt: time.Now().Unix(),
	})
	if duplicate(err) {
		return account.ErrTaken
	}
	return wrapped("write an account", err)
}

// UpdateAccount writes role, password, name and disabled, and raises the epoch.
func (s *Store) UpdateAccount(ctx context.Context, a account.Account) error {
	err := s.queries.UpdateAccount(ctx, queries.UpdateAccountParams{
		Name: a.Name, Role: string(a.Role), PasswordHash: a.PasswordHash, Disabled: a.Disabled, ChangedAt: time.Now().Unix(), ID: a.ID,
	})
	return wrapped("write an account", err)
}
