package chat

import (
	"context"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

// History returns a page of messages. Deep pages cost as much as shallow ones.
func (s *Service) History(ctx context.Context, userID string, in wire.HistoryQuery) (out wire.History, err error) {
	asked := 0
	for _, given := range []bool{in.Before != 0, in.After != 0, in.Around != 0, in.AroundID != ""} {
		if given {
			asked++
		}
	}
	if asked > 1 || in.Before < 0 || in.After < 0 || in.Around < 0 {
		return out, refusal.Invalid.Say("Ask for what is before, after or around one message.")
	}
	err = s.viewRoom(ctx, userID, in.RoomID, func(v *visit) error {
		out, err = v.page(ctx, in, limitOf(in.Limit, 50, 200))
		return err
	})
	return out, err
}

func (v *visit) page(ctx context.Context, in wire.HistoryQuery, limit int) (page wire.History, err error) {
	if in.AroundID != "" {
		m, err := readable(ctx, v.tx, v.who, in.AroundID)
		if err != nil {
			return page, err
		}
		if m.RoomID != v.room.ID {
			return page, refusal.NoMessage.Plain()
		}
		in.Around = m.Number
	}
	switch {
	case in.Around > 0:
		page.Messages, err = v.around(ctx, in.Around, limit)
	case in.After > 0:
		page.Messages, err = v.tx.MessagesAfter(ctx, v.who.ID, v.room.ID, in.After, limit)
	case in.Before > 0:
		page.Messages, err = v.tx.MessagesBefore(ctx, v.who.ID, v.room.ID, in.Before, limit)
	default: // what came since the room was read is left for its event
		page.Messages, err = v.tx.MessagesBefore(ctx, v.who.ID, v.room.ID, v.room.Messages+1, limit)
	}
	if err != nil {
		return page, err
	}
	page.Seq = v.room.Seq
	if n := len(page.Messages); n > 0 {
		page.HasBefore = page.Messages[0].Number > 1
		page.HasAfter = page.Messages[n-1].Number < v.room.Messages
		return page, nil
	}
	page.HasBefore = in.After > 0 && v.room.Messages > 0
	page.HasAfter = in.Before > 0 && v.room.Messages >= in.Before
	return page, nil
}

// around returns half a page before a message, and half from it on.
func (v *visit) around(ctx context.Context, number int64, limit int) ([]wire.Message, error) {
	before, err := v.tx.MessagesBefore(ctx, v.who.ID, v.room.ID, number, limit/2)
	if err != nil {
		return nil, err
	}
	after, err := v.tx.MessagesAfter(ctx, v.who.ID, v.room.ID, number-1, limit-len(before))
	return append(before, after...), err
}

// Sync returns what has changed in a room since an event, so that a client whom
// events have passed by is whole again without reading everything.
func (s *Service) Sync(ctx context.Context, userID string, in wire.SyncQuery) (out wire.Sync, err error) {
	if in.Since < 0 {
		return out, refusal.Invalid.Say("Events are counted from 1.")
	}
	limit := limitOf(in.Limit, 100, 200)
	err = s.viewRoom(ctx, userID, in.RoomID, func(v *visit) error {
		found, more, err := v.tx.MessagesChanged(ctx, userID, v.room.ID, in.Since, limit)
		if err != nil {
			return err
		}
		out.Seq, out.More, out.Messages = v.room.Seq, more, found
		if more {
			out.Seq = found[len(found)-1].Rev
		}
		out.Room, err = v.tx.RoomOf(ctx, userID, v.room.ID)
		return err
	})
	return out, err
}

// MarkRead moves a person's marker forward and tells all their devices.
func (s *Service) MarkRead(ctx context.Context, userID string, in wire.MarkRead) (out wire.Unread, err error) {
	if err := s.limits.changes.take(userID); err != nil {
		return out, err
	}
	err = s.commit(ctx, func(tx Tx) error {
		v, err := enter(ctx, tx, userID, in.RoomID, toRead)
		if err != nil {
			return err
		}
		number := min(in.Number, v.room.Messages)
		moves := number > v.seat.Read
		if moves {
			if err := tx.SetSeatRead(ctx, v.room.ID, userID, number); err != nil {
				return err
			}
			v.seat.Read = number
		}
		out.ReadNumber, out.Unread = v.seat.Read, v.room.Messages-v.seat.Read
		if out.Mentions, err = tx.CountMentions(ctx, userID, v.room.ID, v.seat.Read); err != nil || !moves {
			return err
		}
		return tellUser(ctx, tx, userID, wire.UnreadChanged{RoomID: v.room.ID, Unread: out})
	})
	return out, err
}
