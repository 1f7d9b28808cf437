package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/admin"
	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/store/queries"
)

// holdAdmin returns [account.ErrNotAdmin] where by is no administrator. Nobody
// changes administrators from then on until the transaction is done.
func holdAdmin(ctx context.Context, q *queries.Queries, by string) error {
	if by == "" {
		return nil
	}
	if err := q.LockAdmins(ctx); err != nil {
		return wrapped("lock the administrators", err)
	}
	who, err := accountOf(q.AccountByID(ctx, by))
	if errors.Is(err, account.ErrNotFound) || (err == nil && (who.Role != account.Admin || who.Disabled)) {
		return account.ErrNotAdmin
	}
	return err
}

// keepAdmin returns [account.ErrLastAdmin] where what by did leaves no
// administrator who may sign in.
func keepAdmin(ctx context.Context, q *queries.Queries, by string) error {
	if by == "" {
		return nil
	}
	left, err := q.CountAdmins(ctx)
	if err == nil && left == 0 {
		return account.ErrLastAdmin
	}
	return wrapped("count administrators", err)
}

// AccountsAfter lists accounts by username.
func (s *Store) AccountsAfter(ctx context.Context, part, after string, limit int) ([]admin.User, error) {
	if strange(part) || strange(after) {
		return []admin.User{}, nil
	}
	rows, err := s.queries.AccountsAfter(ctx, queries.AccountsAfterParams{After: after, Pattern: containing(part), Most: int32(limit)})
	found := make([]admin.User, len(rows))
	for i, row := range rows {
		found[i] = admin.User{
			ID: row.ID, Username: row.Username, Name: row.Name, Role: account.Role(row.Role), Disabled: row.Disabled,
			Created: time.Unix(row.CreatedAt, 0).UTC(),
		}
	}
	return found, wrapped("read accounts", err)
}

// SessionFacts returns the device and the latest address of a session, empty for
// one that is not known.
func (s *Store) SessionFacts(ctx context.Context, id string) (device, address string, err error) {
	row, err := s.queries.SessionFacts(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", nil
	}
	return row.Device, row.Address, wrapped("read a session", err)
}

// InsertAudit writes an entry.
func (s *Store) InsertAudit(ctx context.Context, e audit.Entry) error {
	return wrapped("write an audit entry", insertAudit(ctx, s.queries, e))
}

func insertAudit(ctx context.Context, q *queries.Queries, e audit.Entry) error {
	return q.InsertAudit(ctx, queries.InsertAuditParams{
		ID: e.ID, At: millis(e.At), Action: e.Action, ActorID: e.ActorID, TargetID: e.TargetID, Address: e.Address, Detail: e.Detail,
	})
}

// beyond sorts after every id.
const beyond = "g"

// AuditPage returns entries, the newest first.
func (s *Store) AuditPage(ctx context.Context, p audit.Page) ([]audit.Entry, error) {
	if strange(p.Query) || strange(p.Action) {
		return []audit.Entry{}, nil
	}
	if p.Before == "" || strange(p.Before) {
		p.Before = beyond
	}
	rows, err := s.queries.AuditPage(ctx, queries.AuditPageParams{
		Before: p.Before, Action: p.Action, Pattern: containing(p.Query), Most: int32(p.Limit),
	})
	found := make([]audit.Entry, len(rows))
	for i, row := range rows {
		found[i] = audit.Entry{
			ID: row.ID, At: moment(row.At), Action: row.Action, ActorID: row.ActorID, Actor: row.Actor,
			TargetID: row.TargetID, Target: row.Target, Address: row.Address, Detail: row.Detail,
		}
	}
	return found, wrapped("read the audit log", err)
}

// ForgetAudit deletes entries from before a moment.
func (s *Store) ForgetAudit(ctx context.Context, before time.Time) error {
	return wrapped("forget audit entries", s.queries.ForgetAudit(ctx, millis(before)))
}
