package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/store/queries"
)

// InsertRefresh writes the first refresh token of a session.
func (s *Store) InsertRefresh(ctx context.Context, hash, sessionID string, expires time.Time) error {
	err := s.queries.InsertRefreshToken(ctx, queries.InsertRefreshTokenParams{Hash: hash, SessionID: sessionID, ExpiresAt: expires.Unix()})
	return wrapped("write a refresh token", err)
}

// Refresh returns what is known of a refresh token; false where it is unknown.
func (s *Store) Refresh(ctx context.Context, hash string) (session.RefreshRecord, bool, error) {
	row, err := s.queries.RefreshToken(ctx, hash)
	if errors.Is(err, sql.ErrNoRows) {
		return session.RefreshRecord{}, false, nil
	}
	if err != nil {
		return session.RefreshRecord{}, false, wrapped("read a refresh token", err)
	}
	record := session.RefreshRecord{
		SessionID: row.SessionID, AccountID: row.AccountID, Expires: time.Unix(row.ExpiresAt, 0), Successor: row.Successor.String,
	}
	if row.UsedAt.Valid {
		record.Used = time.Unix(row.UsedAt.Int64, 0)
	}
	return record, true, nil
}

// Rotate uses a refresh token up and writes its successor, both or neither. Of
// all who try, one gets true; none where the session has ended. It holds the
// session first, as a change of the password does, so that no successor outlives
// that.
func (s *Store) Rotate(ctx context.Context, r session.Rotation) (bool, error) {
	rotated := false
	err := s.transaction(ctx, "rotate a refresh token", func(with *queries.Queries) error {
		seen, err := with.SeeSession(ctx, queries.SeeSessionParams{SeenAt: time.Now().Unix(), Address: r.Address, ID: r.SessionID})
		if err != nil || seen == 0 {
			return wrapped("write a session", err)
		}
		n, err := with.UseRefreshToken(ctx, queries.UseRefreshTokenParams{
			UsedAt: now(), Successor: sql.NullString{String: r.Sealed, Valid: true}, Hash: r.Hash,
		})
		if err != nil || n == 0 {
			return wrapped("use a refresh token", err)
		}
		rotated = true
		err = with.InsertRefreshToken(ctx, queries.InsertRefreshTokenParams{Hash: r.NextHash, SessionID: r.SessionID, ExpiresAt: r.Expires.Unix()})
		return wrapped("write a refresh token", err)
	})
	return rotated && err == nil, err
}
