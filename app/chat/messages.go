package chat

import (
	"context"
	"errors"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

// Send says something in a room. With a key that the person has used there
// before, it returns the message of that time, whatever has become of it: a retry
// stores and publishes nothing.
func (s *Service) Send(ctx context.Context, userID string, in wire.SendMessage) (out wire.Message, err error) {
	text, err := messageText.check(in.Text)
	if err != nil {
		return out, err
	}
	key, err := sendKey(in.Key)
	if err != nil {
		return out, err
	}
	if err := s.limits.messages.take(userID); err != nil {
		return out, err
	}
	err = s.changeRoom(ctx, userID, in.RoomID, toSpeak, func(v *visit) error {
		out, err = v.tx.MessageByKey(ctx, v.room.ID, userID, key)
		if errors.Is(err, ErrNone) {
			out, err = v.say(ctx, text, key)
		}
		out.Key = key
		return err
	})
	if err == nil {
		s.limits.typing.budget.Renew(typingKey(userID, in.RoomID))
	}
	return out, err
}

// say stores a message and what there is to tell of it. Who speaks has read what
// was said before.
func (v *visit) say(ctx context.Context, text, key string) (wire.Message, error) {
	id, err := newID()
	if err != nil {
		return wire.Message{}, err
	}
	mentions, err := v.mentionsIn(ctx, text)
	if err != nil {
		return wire.Message{}, err
	}
	v.room.Messages++
	v.room.ActiveAt = now()
	said := wire.Message{
		ID: id, RoomID: v.room.ID, Number: v.room.Messages, Author: v.who.Person, Text: text, Mentions: mentions,
		Reactions: []wire.Reaction{}, SentAt: v.room.ActiveAt, Rev: v.next(), Key: key,
	}
	if err := v.tx.InsertMessage(ctx, said); err != nil {
		return wire.Message{}, err
	}
	if err := v.tx.SetSeatRead(ctx, v.room.ID, v.who.ID, said.Number); err != nil {
		return wire.Message{}, err
	}
	return said, v.tellWords(ctx, said, false)
}

// changeMessage carries work on a message out as a whole. Whoever may not read
// the room learns nothing of the message.
func (s *Service) changeMessage(ctx context.Context, userID, messageID string, what action, work func(v *visit, m *wire.Message) error) (out wire.Message, err error) {
	if !isID(messageID) {
		return out, refusal.NoMessage.Plain()
	}
	err = s.commit(ctx, func(tx Tx) error {
		found, err := tx.MessageByID(ctx, messageID)
		if errors.Is(err, ErrNone) {
			return refusal.NoMessage.Plain()
		}
		if err != nil {
			return err
		}
		v, err := enter(ctx, tx, userID, found.RoomID, what)
		if errors.Is(err, refusal.NoRoom.Plain()) {
			return refusal.NoMessage.Plain()
		}
		if err != nil {
			return err
		}
		if out, err = tx.MessageByID(ctx, messageID); err != nil { // as it is now that the room stands still
			return err
		}
		if err := work(v, &out); err != nil {
			return err
		}
		return v.save(ctx)
	})
	return out, err
}

// Edit gives a message of one's own a new text.
func (s *Service) Edit(ctx context.Context, userID string, in wire.EditMessage) (wire.Message, error) {
	text, err := messageText.check(in.Text)
	if err != nil {
		return wire.Message{}, err
	}
	if err := s.limits.changes.take(userID); err != nil {
		return wire.Message{}, err
	}
	return s.changeMessage(ctx, userID, in.MessageID, toSpeak, func(v *visit, m *wire.Message) error {
		switch {
		case m.Author.ID != userID:
			return refusal.Forbidden.Say("Only who wrote a message can change it.")
		case m.DeletedAt != nil:
			return refusal.Deleted.Plain()
		case m.Text == text:
			return v.fill(ctx, m)
		}
		mentions, err := v.mentionsIn(ctx, text)
		if err != nil {
			return err
		}
		at := now()
		m.Text, m.Mentions, m.EditedAt, m.Rev = text, mentions, &at, v.next()
		if err := v.tx.EditMessage(ctx, *m); err != nil {
			return err
		}
		if err := v.fill(ctx, m); err != nil {
			return err
		}
		return v.tellWords(ctx, *m, true)
	})
}

// Delete empties a message: its author's, or anybody's where who asks
// moderates. Its place stays. Once is enough.
func (s *Service) Delete(ctx context.Context, userID string, in wire.MessageRef) (wire.Message, error) {
	if err := s.limits.changes.take(userID); err != nil {
		return wire.Message{}, err
	}
	return s.changeMessage(ctx, userID, in.MessageID, toSee, func(v *visit, m *wire.Message) error {
		if err := v.mayDelete(*m); err != nil {
			return err
		}
		if m.DeletedAt != nil {
			return nil
		}
		at := now()
		m.Text, m.Mentions, m.Reactions = "", []wire.Mention{}, []wire.Reaction{}
		m.DeletedAt, m.DeletedBy, m.Rev = &at, userID, v.next()
		if err := v.tx.EmptyMessage(ctx, *m); err != nil {
			return err
		}
		return v.tellRoom(ctx, wire.MessageDeleted{
			RoomID: m.RoomID, Seq: m.Rev, MessageID: m.ID, Number: m.Number, DeletedAt: at, DeletedBy: userID,
		})
	})
}

// fill adds the reactions to a message, as who works here sees them.
func (v *visit) fill(ctx context.Context, m *wire.Message) (err error) {
	m.Reactions, err = v.tx.ReactionsOf(ctx, *m, v.who.ID)
	return err
}
