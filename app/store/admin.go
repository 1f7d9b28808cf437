package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
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

// auditWindow is how many entries one statement reads. A search that finds little
// takes several, and others use the database in between.
const auditWindow = 200

// AuditPage returns entries, the newest first.
func (s *Store) AuditPage(ctx context.Context, p audit.Page) ([]audit.Entry, error) {
	found := []audit.Entry{}
	if strange(p.Query) || strange(p.Action) {
		return found, nil
	}
	if p.Before == "" || strange(p.Before) {
		p.Before = beyond
	}
	for {
		window, err := s.auditWindow(ctx, p)
		if err != nil {
			return nil, wrapped("read the audit log", err)
		}
		for _, e := range window {
			if holds(e, p.Query) {
				found = append(found, e)
			}
			if len(found) == p.Limit {
				return found, nil
			}
		}
		if len(window) < auditWindow {
			return found, nil
		}
		p.Before = window[len(window)-1].ID
	}
}

func (s *Store) auditWindow(ctx context.Context, p audit.Page) ([]audit.Entry, error) {
	if p.Action == "" {
		rows, err := s.queries.AuditBefore(ctx, queries.AuditBeforeParams{ID: p.Before, Limit: auditWindow})
		return entriesOf(rows, func(r queries.AuditBeforeRow) queries.AuditBeforeRow { return r }), err
	}
	rows, err := s.queries.AuditOfAction(ctx, queries.AuditOfActionParams{Action: p.Action, ID: p.Before, Limit: auditWindow})
	return entriesOf(rows, func(r queries.AuditOfActionRow) queries.AuditBeforeRow { return queries.AuditBeforeRow(r) }), err
}

func entriesOf[Row any](rows []Row, to func(Row) queries.AuditBeforeRow) []audit.Entry {
	found := make([]audit.Entry, len(rows))
	for i := range rows {
		row := to(rows[i])
		found[i] = audit.Entry{
			ID: row.ID, At: moment(row.At), Action: row.Action, ActorID: row.ActorID, Actor: row.Actor,
			TargetID: row.TargetID, Target: row.Target, Address: row.Address, Detail: row.Detail,
		}
	}
	return found
}

// holds reports whether a text, in small letters, is part of an entry.
func holds(e audit.Entry, part string) bool {
	for _, text := range []string{e.Actor, e.Target, e.Address, strings.ToLower(e.Detail)} {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}
