package chat

import (
	"context"
	"errors"
	"slices"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

// SetReaction adds an emoji of one's own to a message or takes it away, and
// returns the message as it is then. What is so already changes nothing.
func (s *Service) SetReaction(ctx context.Context, userID string, in wire.SetReaction) (wire.Message, error) {
	emoji, err := emojiOf(in.Emoji)
	if err != nil {
		return wire.Message{}, err
	}
	if err := s.limits.changes.take(userID); err != nil {
		return wire.Message{}, err
	}
	return s.changeMessage(ctx, userID, in.MessageID, toSpeak, func(v *visit, m *wire.Message) error {
		if m.DeletedAt != nil {
			return refusal.Deleted.Plain()
		}
		changed, err := v.tx.SetReaction(ctx, *m, emoji, userID, in.On)
		if err != nil {
			return err
		}
		if err := v.fill(ctx, m); err != nil || !changed {
			return err
		}
		if len(m.Reactions) > maxEmoji {
			return refusal.Full.Say("A message takes at most %d different emoji.", maxEmoji)
		}
		m.Rev = v.next()
		if err := v.tx.TouchMessage(ctx, *m); err != nil {
			return err
		}
		return v.tellRoom(ctx, wire.ReactionChanged{
			RoomID: m.RoomID, Seq: m.Rev, MessageID: m.ID, Number: m.Number,
			Emoji: emoji, UserID: userID, On: in.On, Count: countOf(m.Reactions, emoji),
		})
	})
}

func countOf(reactions []wire.Reaction, emoji string) int64 {
	i := slices.IndexFunc(reactions, func(r wire.Reaction) bool { return r.Emoji == emoji })
	if i < 0 {
		return 0
	}
	return reactions[i].Count
}

// Reacted returns who has answered a message with an emoji, the first 200.
func (s *Service) Reacted(ctx context.Context, userID string, in wire.ReactionQuery) (out wire.People, err error) {
	emoji, err := emojiOf(in.Emoji)
	if err != nil {
		return out, err
	}
	err = s.view(ctx, userID, func(tx Tx, who Actor) error {
		m, err := readable(ctx, tx, who, in.MessageID)
		if err != nil {
			return err
		}
		found, err := tx.ReactedWith(ctx, m, emoji, maxReactors+1)
		out = wire.People{People: found[:min(maxReactors, len(found))], More: len(found) > maxReactors}
		return err
	})
	return out, err
}

// readable finds a message that a person may read.
func readable(ctx context.Context, tx Tx, who Actor, messageID string) (wire.Message, error) {
	if !isID(messageID) {
		return wire.Message{}, refusal.NoMessage.Plain()
	}
	m, err := tx.MessageByID(ctx, messageID)
	if err == nil {
		_, err = enter(ctx, tx, who.ID, m.RoomID, toRead)
	}
	if errors.Is(err, ErrNone) || errors.Is(err, refusal.NoRoom.Plain()) {
		err = refusal.NoMessage.Plain()
	}
	return m, err
}
