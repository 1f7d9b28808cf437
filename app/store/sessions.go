package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/yodelrt/yodel/app/session"
)

// InsertSession writes a new session.
func (s *Store) InsertSession(ctx context.Context, id, accountID string, expires time.Time) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO sessions (id, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4)`,
		id, accountID, time.Now().Unix(), expires.Unix())
	if err != nil {
		return fmt.Errorf("write a session: %w", err)
	}
	return nil
}

// EndSession marks a session as ended; ending it again changes nothing.
func (s *Store) EndSession(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE sessions SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL`, time.Now().Unix(), id)
	if err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// Standing reads what decides whether a token is still good, in one statement.
func (s *Store) Standing(ctx context.Context, sessionID string) (session.Standing, error) {
	var standing session.Standing
	var expires int64
	err := s.db.QueryRowContext(ctx,
		`SELECT s.account_id, s.expires_at, s.ended_at IS NOT NULL, a.epoch, a.disabled
		 FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.id = $1`, sessionID).
		Scan(&standing.AccountID, &expires, &standing.Ended, &standing.Epoch, &standing.Disabled)
	if errors.Is(err, sql.ErrNoRows) {
		return session.Standing{Ended: true}, nil
	}
	if err != nil {
		return standing, fmt.Errorf("read a session: %w", err)
	}
	standing.Expires = time.Unix(expires, 0)
	return standing, nil
}
