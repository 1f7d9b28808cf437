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
	"github.com/yodelrt/yodel/app/text"
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

func maybe(value string) sql.NullString { return sql.NullString{String: value, Valid: value != ""} }

// given is a text that may be empty, and none where nobody gave one.
func given(value *string) sql.NullString {
	if value == nil {
		return sql.NullString{}
	}
	return sql.NullString{String: *value, Valid: true}
}

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

func (t chatTx) SetProfile(ctx context.Context, id string, p wire.Profile) (wire.Person, error) {
	params := queries.SetProfileParams{ID: id, Name: given(p.Name), Status: given(p.Status), Colour: given(p.Colour)}
	if p.Name != nil {
		switch err := unlike(ctx, t.q, id, *p.Name); {
		case errors.Is(err, account.ErrTaken):
			return wire.Person{}, chat.ErrNone
		case err != nil:
			return wire.Person{}, err
		}
		params.NameFolded, params.NameLook = maybe(text.Fold(*p.Name)), maybe(text.Look(*p.Name))
	}
	row, err := t.q.SetProfile(ctx, params)
	return wire.Person(row), none("write a profile", err)
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
	return wrapped("write to the outbox", t.q.InsertOutbox(ctx, queries.InsertOutboxParams{ID: task.ID, Action: task.Action, Target: task.Target, Data: string(task.Data), MessageID: task.MessageID}))
}

func (t chatTx) Tasks(ctx context.Context, limit int) ([]chat.Task, error) {
	rows, err := t.q.Outbox(ctx, int32(limit))
	tasks := make([]chat.Task, len(rows))
	for i, row := range rows {
		tasks[i] = chat.Task{ID: row.ID, Action: row.Action, Target: row.Target, Data: []byte(row.Data), MessageID: row.MessageID}
	}
	return tasks, wrapped("read the outbox", err)
}

func (t chatTx) DeleteTask(ctx context.Context, id string) error {
	return wrapped("delete from the outbox", t.q.DeleteOutbox(ctx, id))
}
