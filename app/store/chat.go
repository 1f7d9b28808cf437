package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/store/queries"
)

// Chat keeps the chat. It is a [chat.Store].
func (s *Store) Chat() chat.Store { return chatStore{s} }

type chatStore struct{ store *Store }

// View reads without a transaction: each statement sees what stands when it runs.
func (c chatStore) View(_ context.Context, work func(chat.Tx) error) error {
	return work(newChatTx(c.store.queries, false))
}

func (c chatStore) Change(ctx context.Context, work func(chat.Tx) error) error {
	return c.store.transaction(ctx, "change the chat", func(q *queries.Queries) error { return work(newChatTx(q, true)) })
}

// chatTx is a [chat.Tx].
type chatTx struct {
	namedLease
	q       *queries.Queries
	changes bool
}

func newChatTx(q *queries.Queries, changes bool) chatTx {
	return chatTx{namedLease{q, relayLease}, q, changes}
}

// none turns the absence of a row into the error that the chat knows.
func none(doing string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return chat.ErrNone
	}
	return wrapped(doing, err)
}

func millis(t time.Time) int64 { return t.UnixMilli() }

func moment(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func maybeMillis(t *time.Time) sql.NullInt64 {
	if t == nil {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: millis(*t), Valid: true}
}

func maybeMoment(ms sql.NullInt64) *time.Time {
	if !ms.Valid {
		return nil
	}
	t := moment(ms.Int64)
	return &t
}

func maybe(text string) sql.NullString { return sql.NullString{String: text, Valid: text != ""} }

func actorOf(row queries.PersonByIDRow, err error) (chat.Actor, error) {
	if err != nil {
		return chat.Actor{}, none("read a person", err)
	}
	return chat.Actor{
		Person: wire.Person{ID: row.ID, Username: row.Username, Name: row.Name, Status: row.Status, Colour: row.Colour},
		Role:   account.Role(row.Role), Disabled: row.Disabled,
	}, nil
}

func (t chatTx) PersonByID(ctx context.Context, id string) (chat.Actor, error) {
	return actorOf(t.q.PersonByID(ctx, id))
}

func (t chatTx) PersonByUsername(ctx context.Context, username string) (chat.Actor, error) {
	if strange(username) {
		return chat.Actor{}, chat.ErrNone
	}
	row, err := t.q.PersonByUsername(ctx, username)
	return actorOf(queries.PersonByIDRow(row), err)
}

func (t chatTx) PeopleLike(ctx context.Context, part, after string, limit int) ([]wire.Person, error) {
	rows, err := t.q.PeopleLike(ctx, queries.PeopleLikeParams{After: after, Pattern: containing(part), Most: int32(limit)})
	found := make([]wire.Person, len(rows))
	for i, row := range rows {
		found[i] = wire.Person(row)
	}
	return found, wrapped("read people", err)
}

func (t chatTx) SetProfile(ctx context.Context, p wire.Person) error {
	return wrapped("write a profile", t.q.SetProfile(ctx, queries.SetProfileParams{Name: p.Name, Status: p.Status, Colour: p.Colour, ID: p.ID}))
}

func (t chatTx) InsertAnnouncement(ctx context.Context, a wire.Announcement, key string) (bool, error) {
	n, err := t.q.InsertAnnouncement(ctx, queries.InsertAnnouncementParams{ID: a.ID, AuthorID: a.Author.ID, SendKey: key, Text: a.Text, SentAt: millis(a.SentAt)})
	return n > 0, wrapped("write an announcement", err)
}

func announcementOf(row queries.LatestAnnouncementRow, err error) (wire.Announcement, error) {
	return wire.Announcement{
		ID: row.ID, Text: row.Text, SentAt: moment(row.SentAt),
		Author: wire.Person{ID: row.AuthorID, Username: row.Username, Name: row.Name, Status: row.Status, Colour: row.Colour},
	}, none("read an announcement", err)
}

func (t chatTx) AnnouncementByKey(ctx context.Context, userID, key string) (wire.Announcement, error) {
	row, err := t.q.AnnouncementByKey(ctx, queries.AnnouncementByKeyParams{AuthorID: userID, SendKey: key})
	return announcementOf(queries.LatestAnnouncementRow(row), err)
}

func (t chatTx) LatestAnnouncement(ctx context.Context) (wire.Announcement, error) {
	return announcementOf(t.q.LatestAnnouncement(ctx))
}

func (t chatTx) InsertTask(ctx context.Context, task chat.Task) error {
	return wrapped("write to the outbox", t.q.InsertOutbox(ctx, queries.InsertOutboxParams{ID: task.ID, Action: task.Action, Target: task.Target, Data: string(task.Data)}))
}

func (t chatTx) Tasks(ctx context.Context, limit int) ([]chat.Task, error) {
	rows, err := t.q.Outbox(ctx, int32(limit))
	tasks := make([]chat.Task, len(rows))
	for i, row := range rows {
		tasks[i] = chat.Task{ID: row.ID, Action: row.Action, Target: row.Target, Data: []byte(row.Data)}
	}
	return tasks, wrapped("read the outbox", err)
}

func (t chatTx) DeleteTask(ctx context.Context, id string) error {
	return wrapped("delete from the outbox", t.q.DeleteOutbox(ctx, id))
}
