package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/store/queries"
)

// InsertSession writes a new session.
func (s *Store) InsertSession(ctx context.Context, id, accountID string, expires time.Time) error {
	err := s.queries.InsertSession(ctx, queries.InsertSessionParams{
		ID: id, AccountID: accountID, CreatedAt: time.Now().Unix(), ExpiresAt: expires.Unix(),
	})
	if err != nil {
		return fmt.Errorf("write a session: %w", err)
	}
	return nil
}

// EndSession marks a session as ended; ending it again changes nothing.
func (s *Store) EndSession(ctx context.Context, id string) error {
	err := s.queries.EndSession(ctx, queries.EndSessionParams{EndedAt: sql.NullInt64{Int64: time.Now().Unix(), Valid: true}, ID: id})
	if err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// Standing reads what decides whether a token is still good, in one statement.
func (s *Store) Standing(ctx context.Context, sessionID string) (session.Standing, error) {
	row, err := s.queries.Standing(ctx, sessionID)
	if errors.Is(err, sql.ErrNoRows) {
		return session.Standing{Ended: true}, nil
	}
	if err != nil {
		return session.Standing{}, fmt.Errorf("read a session: %w", err)
	}
	return session.Standing{
		AccountID: row.AccountID, Expires: time.Unix(row.ExpiresAt, 0), Ended: row.EndedAt.Valid,
		Epoch: row.Epoch, Disabled: row.Disabled,
	}, nil
}
