package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"github.com/yodelrt/yodel/app/retention"
	"github.com/yodelrt/yodel/app/store/queries"
)

// forgetBatch is how many rows one transaction deletes, so that nobody waits for
// long.
const forgetBatch = 500

// Forget deletes some of what is older than a moment, and reports whether there
// may be more.
func (s *Store) Forget(ctx context.Context, what retention.Kind, before time.Time) (more bool, err error) {
	forget := map[retention.Kind]func(context.Context, *queries.Queries, time.Time) (int, error){
		retention.Tokens: forgetTokens, retention.Sessions: forgetSessions, retention.Invitations: forgetInvitations,
		retention.Audit: forgetAudit, retention.Messages: forgetMessages,
	}[what]
	n := 0
	err = s.transaction(ctx, "forget "+string(what), func(q *queries.Queries) (err error) {
		n, err = forget(ctx, q, before)
		return wrapped("forget "+string(what), err)
	})
	return err == nil && n >= forgetBatch, err
}

func forgetTokens(ctx context.Context, q *queries.Queries, before time.Time) (int, error) {
	n, err := q.ForgetRefreshTokens(ctx, queries.ForgetRefreshTokensParams{ExpiresAt: before.Unix(), Limit: forgetBatch})
	return int(n), err
}

// forgetSessions deletes sessions that ended or expired before a moment.
func forgetSessions(ctx context.Context, q *queries.Queries, before time.Time) (int, error) {
	ids, err := q.EndedSessions(ctx, queries.EndedSessionsParams{EndedAt: sql.NullInt64{Int64: before.Unix(), Valid: true}, Limit: forgetBatch})
	if err != nil {
		return 0, err
	}
	if len(ids) < forgetBatch {
		expired, err := q.ExpiredSessions(ctx, queries.ExpiredSessionsParams{ExpiresAt: before.Unix(), Limit: forgetBatch})
		if err != nil {
			return 0, err
		}
		ids = append(ids, expired...)
	}
	for _, id := range ids {
		if err := q.DeleteRefreshTokensOf(ctx, id); err != nil {
			return 0, err
		}
		if err := q.DeleteSession(ctx, id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// forgetInvitations deletes those that were used, taken back or expired before a
// moment.
func forgetInvitations(ctx context.Context, q *queries.Queries, before time.Time) (int, error) {
	used, err := q.ForgetUsedInvitations(ctx, queries.ForgetUsedInvitationsParams{EndedAt: sql.NullInt64{Int64: millis(before), Valid: true}, Limit: forgetBatch})
	if err != nil {
		return 0, err
	}
	expired, err := q.ForgetExpiredInvitations(ctx, queries.ForgetExpiredInvitationsParams{ExpiresAt: millis(before), Limit: forgetBatch})
	return int(max(used, expired)), err
}

func forgetAudit(ctx context.Context, q *queries.Queries, before time.Time) (int, error) {
	n, err := q.ForgetAudit(ctx, queries.ForgetAuditParams{At: millis(before), Limit: forgetBatch})
	return int(n), err
}

// forgetMessages deletes messages and what belongs to them. Members have then
// read what is gone, so that nothing stays unread that nobody can read.
func forgetMessages(ctx context.Context, q *queries.Queries, before time.Time) (int, error) {
	announcements, err := q.ForgetAnnouncements(ctx, queries.ForgetAnnouncementsParams{SentAt: millis(before), Limit: forgetBatch})
	if err != nil {
		return 0, err
	}
	old, err := q.OldMessages(ctx, queries.OldMessagesParams{SentAt: millis(before), Limit: forgetBatch})
	if err != nil {
		return 0, err
	}
	latest := map[string]int64{} // of each room
	for _, row := range old {
		latest[row.RoomID] = max(latest[row.RoomID], row.Number)
	}
	for _, room := range slices.Sorted(maps.Keys(latest)) { // locked in one order by all
		if err := forgetUpTo(ctx, q, room, latest[room]); err != nil {
			return 0, err
		}
	}
	return max(len(old), int(announcements)), nil
}

func forgetUpTo(ctx context.Context, q *queries.Queries, room string, number int64) error {
	if _, err := q.LockRoom(ctx, room); err != nil {
		return err
	}
	if err := q.DeleteMentionsUpTo(ctx, queries.DeleteMentionsUpToParams{RoomID: room, Number: number}); err != nil {
		return err
	}
	if err := q.DeleteReactionsUpTo(ctx, queries.DeleteReactionsUpToParams{RoomID: room, Number: number}); err != nil {
		return err
	}
	if err := q.DeleteMessages(ctx, queries.DeleteMessagesParams{RoomID: room, Number: number}); err != nil {
		return err
	}
	for {
		n, err := q.ReadUpTo(ctx, queries.ReadUpToParams{Number: number, RoomID: room, Most: statementRows})
		if err != nil || n < statementRows {
			return err
		}
	}
}
