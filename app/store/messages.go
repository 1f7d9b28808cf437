package store

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/store/queries"
)

func messageOf(row queries.MessageByIDRow) (wire.Message, error) {
	m := wire.Message{
		ID: row.ID, RoomID: row.RoomID, Number: row.Number, Text: row.Text, Reactions: []wire.Reaction{},
		Author: wire.Person{ID: row.AuthorID, Username: row.Username, Name: row.Name, Status: row.Status, Colour: row.Colour},
		SentAt: moment(row.SentAt), EditedAt: maybeMoment(row.EditedAt), DeletedAt: maybeMoment(row.DeletedAt), DeletedBy: row.DeletedBy.String,
		Rev: row.Rev,
	}
	return m, wrapped("read mentions", json.Unmarshal([]byte(row.Mentions), &m.Mentions))
}

// statementRows is how many rows of a room or message one statement changes, where
// there may be one for everybody.
const statementRows = 100

// pageBytes bounds the text of a page, for whoever reads slowly has it kept until
// they have read it. Usual pages of 200 messages are far below.
const pageBytes = 128 << 10

// page turns rows into messages, in their order, as far as their text fits. Those
// of who asks have the key that they were sent with.
func page[Row any](rows []Row, userID string, to func(Row) queries.MessageByIDRow) ([]wire.Message, error) {
	found, size := make([]wire.Message, 0, len(rows)), 0
	for _, row := range rows {
		plain := to(row)
		if size += len(plain.Text) + len(plain.Mentions); size > pageBytes && len(found) > 0 {
			break
		}
		m, err := messageOf(plain)
		if err != nil {
			return nil, err
		}
		if m.Author.ID == userID {
			m.Key = plain.SendKey
		}
		found = append(found, m)
	}
	return found, nil
}

func (t chatTx) MessageByID(ctx context.Context, id string) (wire.Message, error) {
	row, err := t.q.MessageByID(ctx, id)
	if err != nil {
		return wire.Message{}, none("read a message", err)
	}
	return messageOf(row)
}

func (t chatTx) MessageWithKey(ctx context.Context, id string) (wire.Message, error) {
	row, err := t.q.MessageByID(ctx, id)
	if err != nil {
		return wire.Message{}, none("read a message", err)
	}
	m, err := messageOf(row)
	m.Key = row.SendKey
	return m, err
}

func (t chatTx) MessageByKey(ctx context.Context, roomID, userID, key string) (wire.Message, error) {
	row, err := t.q.MessageByKey(ctx, queries.MessageByKeyParams{RoomID: roomID, AuthorID: userID, SendKey: key})
	if err != nil {
		return wire.Message{}, none("read a message", err)
	}
	return messageOf(queries.MessageByIDRow(row))
}

func (t chatTx) InsertMessage(ctx context.Context, m wire.Message) error {
	mentions, err := json.Marshal(m.Mentions)
	if err != nil {
		return wrapped("encode mentions", err)
	}
	err = t.q.InsertMessage(ctx, queries.InsertMessageParams{
		ID: m.ID, RoomID: m.RoomID, Number: m.Number, AuthorID: m.Author.ID, SendKey: m.Key, Text: m.Text, Mentions: string(mentions),
		SentAt: millis(m.SentAt), Rev: m.Rev,
	})
	if err != nil {
		return wrapped("write a message", err)
	}
	return t.insertMentions(ctx, m)
}

func (t chatTx) insertMentions(ctx context.Context, m wire.Message) error {
	for _, one := range m.Mentions {
		if one.UserID == m.Author.ID {
			continue // nobody has to read their own
		}
		if err := t.q.InsertMention(ctx, queries.InsertMentionParams{AccountID: one.UserID, RoomID: m.RoomID, Number: m.Number}); err != nil {
			return wrapped("write a mention", err)
		}
	}
	return nil
}

func (t chatTx) EditMessage(ctx context.Context, m wire.Message) error {
	mentions, err := json.Marshal(m.Mentions)
	if err != nil {
		return wrapped("encode mentions", err)
	}
	n, err := t.q.EditMessage(ctx, queries.EditMessageParams{
		Text: m.Text, Mentions: string(mentions), EditedAt: maybeMillis(m.EditedAt), Rev: m.Rev, ID: m.ID,
	})
	if err := written("write a message", n, err); err != nil {
		return err
	}
	if err := t.q.DeleteMentions(ctx, queries.DeleteMentionsParams{RoomID: m.RoomID, Number: m.Number}); err != nil {
		return wrapped("write mentions", err)
	}
	return t.insertMentions(ctx, m)
}

func (t chatTx) EmptyMessage(ctx context.Context, m wire.Message) error {
	n, err := t.q.EmptyMessage(ctx, queries.EmptyMessageParams{
		DeletedAt: maybeMillis(m.DeletedAt), DeletedBy: maybe(m.DeletedBy), Rev: m.Rev, ID: m.ID,
	})
	if err := written("empty a message", n, err); err != nil {
		return err
	}
	if err := t.q.DeleteMentions(ctx, queries.DeleteMentionsParams{RoomID: m.RoomID, Number: m.Number}); err != nil {
		return wrapped("delete mentions", err)
	}
	return t.deleteReactions(ctx, m)
}

func (t chatTx) TouchMessage(ctx context.Context, m wire.Message) error {
	n, err := t.q.TouchMessage(ctx, queries.TouchMessageParams{Rev: m.Rev, ID: m.ID})
	return written("write a message", n, err)
}

func (t chatTx) MessagesBefore(ctx context.Context, userID, roomID string, number int64, limit int) ([]wire.Message, error) {
	rows, err := t.q.MessagesBefore(ctx, queries.MessagesBeforeParams{RoomID: roomID, Number: number, Limit: int32(limit)})
	if err != nil {
		return nil, wrapped("read messages", err)
	}
	found, err := page(rows, userID, func(r queries.MessagesBeforeRow) queries.MessageByIDRow { return queries.MessageByIDRow(r) })
	slices.Reverse(found)
	return t.reacted(ctx, userID, roomID, found, err)
}

func (t chatTx) MessagesAfter(ctx context.Context, userID, roomID string, number int64, limit int) ([]wire.Message, error) {
	rows, err := t.q.MessagesAfter(ctx, queries.MessagesAfterParams{RoomID: roomID, Number: number, Limit: int32(limit)})
	if err != nil {
		return nil, wrapped("read messages", err)
	}
	found, err := page(rows, userID, func(r queries.MessagesAfterRow) queries.MessageByIDRow { return queries.MessageByIDRow(r) })
	return t.reacted(ctx, userID, roomID, found, err)
}

// reacted adds the reactions to a page of messages in a row.
func (t chatTx) reacted(ctx context.Context, userID, roomID string, found []wire.Message, err error) ([]wire.Message, error) {
	if err != nil || len(found) == 0 {
		return found, err
	}
	rows, err := t.q.ReactionsBetween(ctx, queries.ReactionsBetweenParams{
		AccountID: userID, RoomID: roomID, Number: found[0].Number, Number_2: found[len(found)-1].Number,
	})
	addReactions(found, rows)
	return found, wrapped("read reactions", err)
}

func addReactions(found []wire.Message, rows []queries.ReactionsBetweenRow) {
	at := map[int64]int{}
	for i, m := range found {
		at[m.Number] = i
	}
	for _, row := range rows {
		if i, here := at[row.Number]; here {
			found[i].Reactions = append(found[i].Reactions, wire.Reaction{Emoji: row.Emoji, Count: row.People, Mine: row.Mine > 0})
		}
	}
}

func (t chatTx) MessagesChanged(ctx context.Context, userID, roomID string, since int64, limit int) (found []wire.Message, more bool, err error) {
	rows, err := t.q.MessagesChanged(ctx, queries.MessagesChangedParams{RoomID: roomID, Rev: since, Limit: int32(limit) + 1})
	if err != nil {
		return nil, false, wrapped("read messages", err)
	}
	found, err = page(rows[:min(limit, len(rows))], userID, func(r queries.MessagesChangedRow) queries.MessageByIDRow { return queries.MessageByIDRow(r) })
	if err != nil || len(found) == 0 {
		return found, false, err
	}
	reactions, err := t.q.ReactionsChanged(ctx, queries.ReactionsChangedParams{
		AccountID: userID, RoomID: roomID, Rev: since, Rev_2: found[len(found)-1].Rev,
	})
	between := make([]queries.ReactionsBetweenRow, len(reactions))
	for i, row := range reactions {
		between[i] = queries.ReactionsBetweenRow(row)
	}
	addReactions(found, between)
	return found, len(found) < len(rows), wrapped("read reactions", err)
}

func (t chatTx) CountMentions(ctx context.Context, userID, roomID string, after int64) (int64, error) {
	n, err := t.q.CountMentions(ctx, queries.CountMentionsParams{AccountID: userID, RoomID: roomID, Number: after})
	return n, wrapped("count mentions", err)
}

func (t chatTx) SetReaction(ctx context.Context, m wire.Message, emoji, userID string, on bool) (changed bool, err error) {
	var n int64
	if on {
		n, err = t.q.InsertReaction(ctx, queries.InsertReactionParams{
			RoomID: m.RoomID, Number: m.Number, Emoji: emoji, AccountID: userID, SetAt: millis(time.Now()),
		})
	} else {
		n, err = t.q.DeleteReaction(ctx, queries.DeleteReactionParams{RoomID: m.RoomID, Number: m.Number, Emoji: emoji, AccountID: userID})
	}
	return n > 0, wrapped("write a reaction", err)
}

func (t chatTx) ReactionsOf(ctx context.Context, m wire.Message, userID string) ([]wire.Reaction, error) {
	one := []wire.Message{{RoomID: m.RoomID, Number: m.Number, Reactions: []wire.Reaction{}}}
	one, err := t.reacted(ctx, userID, m.RoomID, one, nil)
	return one[0].Reactions, err
}

func (t chatTx) ReactedWith(ctx context.Context, m wire.Message, emoji string, limit int) ([]wire.Person, error) {
	rows, err := t.q.ReactedWith(ctx, queries.ReactedWithParams{RoomID: m.RoomID, Number: m.Number, Emoji: emoji, Limit: int32(limit)})
	found := make([]wire.Person, len(rows))
	for i, row := range rows {
		found[i] = wire.Person(row)
	}
	return found, wrapped("read reactions", err)
}

func (t chatTx) deleteReactions(ctx context.Context, m wire.Message) error {
	for {
		n, err := t.q.DeleteReactions(ctx, queries.DeleteReactionsParams{RoomID: m.RoomID, Number: m.Number, Limit: statementRows})
		if err != nil || n < statementRows {
			return wrapped("delete reactions", err)
		}
	}
}
