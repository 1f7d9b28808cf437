package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/store/queries"
	"github.com/yodelrt/yodel/app/web"
)

// InsertSession writes a new session, unless the account has changed since it was
// read with that epoch: [session.ErrStale].
func (s *Store) InsertSession(ctx context.Context, made session.Session, epoch int64, expires time.Time) error {
	return s.transaction(ctx, "write a session", func(q *queries.Queries) error {
		n, err := q.HoldAccount(ctx, queries.HoldAccountParams{ID: made.AccountID, Epoch: epoch})
		if err == nil && n == 0 {
			return session.ErrStale
		}
		if err != nil {
			return wrapped("read an account", err)
		}
		return wrapped("write a session", q.InsertSession(ctx, queries.InsertSessionParams{
			ID: made.ID, AccountID: made.AccountID, Device: strings.ToValidUTF8(made.Device, "?"), Address: made.Address,
			CreatedAt: made.Created.Unix(), ExpiresAt: expires.Unix(),
		}))
	})
}

// EndSession marks a session of an account as ended and reports whether it was
// open until now.
func (s *Store) EndSession(ctx context.Context, accountID, id string) (bool, error) {
	if strange(id) {
		return false, nil
	}
	n, err := s.queries.EndSession(ctx, queries.EndSessionParams{EndedAt: now(), ID: id, AccountID: accountID})
	return n > 0, wrapped("end a session", err)
}

// EndOtherSessions ends every session of an account but one, and returns which.
// An empty except ends all.
func (s *Store) EndOtherSessions(ctx context.Context, accountID, except string) ([]string, error) {
	var ids []string
	err := s.transaction(ctx, "end sessions", func(q *queries.Queries) (err error) {
		ids, err = q.EndOtherSessions(ctx, queries.EndOtherSessionsParams{EndedAt: now(), AccountID: accountID, ID: except})
		return wrapped("end sessions", err)
	})
	return ids, err
}

// Standing reads what decides whether a token is still good, in one statement.
func (s *Store) Standing(ctx context.Context, sessionID string) (session.Standing, error) {
	row, err := s.queries.Standing(ctx, sessionID)
	if errors.Is(err, sql.ErrNoRows) {
		return session.Standing{Ended: true}, nil
	}
	if err != nil {
		return session.Standing{}, wrapped("read a session", err)
	}
	return session.Standing{
		AccountID: row.AccountID, Expires: time.Unix(row.ExpiresAt, 0), Ended: row.EndedAt.Valid,
		Epoch: row.Epoch, Disabled: row.Disabled,
	}, nil
}

// SessionsOf returns the open sessions of an account, the latest seen first.
func (s *Store) SessionsOf(ctx context.Context, accountID string) ([]session.Session, error) {
	rows, err := s.queries.SessionsOf(ctx, queries.SessionsOfParams{AccountID: accountID, ExpiresAt: time.Now().Unix()})
	if err != nil {
		return nil, wrapped("read sessions", err)
	}
	found := make([]session.Session, len(rows))
	for i, row := range rows {
		found[i] = session.Session{
			ID: row.ID, AccountID: accountID, Device: row.Device, Address: row.Address,
			Created: time.Unix(row.CreatedAt, 0).UTC(), Seen: time.Unix(row.SeenAt, 0).UTC(),
		}
	}
	return found, nil
}

// SessionsEndedSince returns the sessions that have ended at or after a moment.
func (s *Store) SessionsEndedSince(ctx context.Context, since time.Time) ([]string, error) {
	ids, err := s.queries.SessionsEndedSince(ctx, sql.NullInt64{Int64: since.Unix(), Valid: true})
	return ids, wrapped("read ended sessions", err)
}

// AccountsChangedSince returns the accounts whose epoch was raised at or after a
// moment.
func (s *Store) AccountsChangedSince(ctx context.Context, since time.Time) ([]string, error) {
	ids, err := s.queries.AccountsChangedSince(ctx, since.Unix())
	return ids, wrapped("read changed accounts", err)
}

func now() sql.NullInt64 { return sql.NullInt64{Int64: time.Now().Unix(), Valid: true} }

// wrapped says what failed, what mends it where that is known, and that no answer
// could be had: callers must not take it for one.
func wrapped(doing string, err error) error {
	if err == nil {
		return nil
	}
	if mends := mends(err); mends != nil {
		err = fmt.Errorf("%w: %w", mends, err)
	}
	return fmt.Errorf("%w: %s: %w", web.ErrUnavailable, doing, err)
}
