package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/store/queries"
	"github.com/yodelrt/yodel/app/text"
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

// InsertAccount returns [account.ErrTaken] where the username exists or looks like
// one that does, or where the name looks like somebody else's.
func (s *Store) InsertAccount(ctx context.Context, a account.Account) error {
	return s.transaction(ctx, "write an account", func(q *queries.Queries) error { return insertAccount(ctx, q, a) })
}

func insertAccount(ctx context.Context, q *queries.Queries, a account.Account) error {
	if err := unlike(ctx, q, a.ID, a.Name); err != nil {
		return err
	}
	err := q.InsertAccount(ctx, queries.InsertAccountParams{
		ID: a.ID, Username: a.Username, UsernameLook: maybe(text.Look(a.Username)), Role: string(a.Role),
		Name: a.Name, NameFolded: text.Fold(a.Name), NameLook: text.Look(a.Name),
		PasswordHash: a.PasswordHash, Epoch: a.Epoch, Disabled: a.Disabled, CreatedAt: time.Now().Unix(),
	})
	if duplicate(err) {
		return account.ErrTaken
	}
	return wrapped("write an account", err)
}

// unlike returns [account.ErrTaken] where a name looks like the username of another
// account, or like its name, without being the same. That of an administrator or
// moderator is nobody else's name even so.
func unlike(ctx context.Context, q *queries.Queries, id, name string) error {
	n, err := q.CountLookAlikes(ctx, queries.CountLookAlikesParams{ID: id, Look: text.Look(name), Folded: text.Fold(name)})
	if err == nil && n > 0 {
		return account.ErrTaken
	}
	return wrapped("read names", err)
}

// ChangeAccount carries out a change of an account, and ends what ends with it.
func (s *Store) ChangeAccount(ctx context.Context, id string, c account.Change) (done account.Changed, err error) {
	if strange(id) {
		return done, account.ErrNotFound
	}
	err = s.transaction(ctx, "change an account", func(q *queries.Queries) error {
		done, err = changeAccount(ctx, q, id, c)
		return err
	})
	return done, err
}

func changeAccount(ctx context.Context, q *queries.Queries, id string, c account.Change) (done account.Changed, err error) {
	if err := holdAdmin(ctx, q, c.By); err != nil {
		return done, err
	}
	row, err := q.LockAccount(ctx, id) // nobody else changes it, or signs in to it, until this is done
	if done.Was, err = accountOf(queries.AccountByIDRow(row), err); err != nil {
		return done, err
	}
	done.Account = done.Was
	if err := rests(ctx, q, done.Was, c); err != nil || !changes(done.Was, c) {
		return done, err
	}
	made, err := q.ChangeAccount(ctx, changeOf(id, c))
	if done.Account, err = accountOf(queries.AccountByIDRow(made), err); err != nil {
		return done, err
	}
	if c.EndsSessions() {
		done.Ended, err = q.EndOtherSessions(ctx, queries.EndOtherSessionsParams{EndedAt: now(), AccountID: id, ID: c.Session})
		if err != nil {
			return done, wrapped("end sessions", err)
		}
	}
	return done, keepAdmin(ctx, q, c.By)
}

// changeOf names the columns that a change is about.
func changeOf(id string, c account.Change) queries.ChangeAccountParams {
	params := queries.ChangeAccountParams{ID: id, ChangedAt: time.Now().Unix()}
	if c.Role != nil {
		params.Role = maybe(string(*c.Role))
	}
	if c.Disabled != nil {
		params.Disabled = sql.NullBool{Bool: *c.Disabled, Valid: true}
	}
	if c.PasswordHash != nil {
		params.PasswordHash = maybe(*c.PasswordHash)
	}
	return params
}

func changes(was account.Account, c account.Change) bool {
	return (c.Role != nil && *c.Role != was.Role) || (c.Disabled != nil && *c.Disabled != was.Disabled) || c.PasswordHash != nil
}

// rests compares what a change rests on. The session that stays loses its refresh
// tokens: whoever else holds one is out.
func rests(ctx context.Context, q *queries.Queries, was account.Account, c account.Change) error {
	if c.OldHash == "" {
		return nil
	}
	if was.PasswordHash != c.OldHash || was.Disabled {
		return account.ErrCredentials
	}
	n, err := q.HoldSession(ctx, queries.HoldSessionParams{ID: c.Session, AccountID: was.ID})
	if err != nil {
		return wrapped("read a session", err)
	}
	if n == 0 {
		return account.ErrCredentials
	}
	return wrapped("end refresh tokens", q.EndRefreshTokens(ctx, c.Session))
}
