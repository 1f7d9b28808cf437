package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/store/queries"
)

// InsertInvitation keeps an invitation, with the epoch of the administrator who
// makes it: it stands as long as that one. It is [account.ErrNotAdmin] where they
// are no administrator, any more.
func (s *Store) InsertInvitation(ctx context.Context, i account.Invitation, hash string) error {
	n, err := s.queries.InsertInvitation(ctx, queries.InsertInvitationParams{
		ID: i.ID, Hash: hash, Role: string(i.Role), Note: i.Note, CreatedBy: i.CreatedBy, CreatedAt: millis(i.Created), ExpiresAt: millis(i.Expires),
	})
	if err == nil && n == 0 {
		return account.ErrNotAdmin
	}
	return wrapped("write an invitation", err)
}

// InviteFirst keeps an invitation where there is no account, in place of those of
// earlier starts.
func (s *Store) InviteFirst(ctx context.Context, i account.Invitation, hash string) (kept bool, err error) {
	err = s.transaction(ctx, "write an invitation", func(q *queries.Queries) error {
		any, err := q.AnyAccount(ctx)
		if err != nil || any {
			return wrapped("look for accounts", err)
		}
		if err := q.EndFirstInvitations(ctx, nowMillis()); err != nil {
			return wrapped("end invitations", err)
		}
		kept = true
		return wrapped("write an invitation", q.InsertFirstInvitation(ctx, queries.InsertFirstInvitationParams{
			ID: i.ID, Hash: hash, Role: string(i.Role), Note: i.Note, CreatedAt: millis(i.Created), ExpiresAt: millis(i.Expires),
		}))
	})
	return kept && err == nil, err
}

func nowMillis() sql.NullInt64 { return sql.NullInt64{Int64: millis(time.Now()), Valid: true} }

// InvitationOpen returns [account.ErrInvitation] where an invitation can't be
// used.
func (s *Store) InvitationOpen(ctx context.Context, hash string) error {
	_, err := s.queries.InvitationOpen(ctx, queries.InvitationOpenParams{Hash: hash, ExpiresAt: millis(time.Now())})
	if errors.Is(err, sql.ErrNoRows) {
		return account.ErrInvitation
	}
	return wrapped("read an invitation", err)
}

// Redeem uses an invitation up and makes the account, both or neither.
func (s *Store) Redeem(ctx context.Context, hash string, made account.Account) (account.Account, error) {
	err := s.transaction(ctx, "redeem an invitation", func(q *queries.Queries) error {
		role, err := q.UseInvitation(ctx, queries.UseInvitationParams{EndedAt: nowMillis(), UsedBy: maybe(made.ID), Hash: hash})
		if errors.Is(err, sql.ErrNoRows) {
			return account.ErrInvitation
		}
		if err != nil {
			return wrapped("use an invitation", err)
		}
		made.Role = account.Role(role)
		return insertAccount(ctx, q, made)
	})
	return made, err
}

// OpenInvitations lists those that can be used.
func (s *Store) OpenInvitations(ctx context.Context) ([]account.Invitation, error) {
	rows, err := s.queries.OpenInvitations(ctx, millis(time.Now()))
	found := make([]account.Invitation, len(rows))
	for i, row := range rows {
		found[i] = account.Invitation{
			ID: row.ID, Role: account.Role(row.Role), Note: row.Note, CreatedBy: row.CreatedBy,
			Created: moment(row.CreatedAt), Expires: moment(row.ExpiresAt),
		}
	}
	return found, wrapped("read invitations", err)
}

// EndInvitation takes an invitation back and reports whether it was open.
func (s *Store) EndInvitation(ctx context.Context, id string) (bool, error) {
	if strange(id) {
		return false, nil
	}
	n, err := s.queries.EndInvitation(ctx, queries.EndInvitationParams{EndedAt: nowMillis(), ID: id})
	return n > 0, wrapped("end an invitation", err)
}
