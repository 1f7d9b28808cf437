package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/realtime"
)

// The words of a message lie in one place, the messages themselves, so that who
// edits or deletes one has taken them back everywhere. The outbox and the channel's
// history have notices without words. When the relay publishes one it reads the
// message and tells its words, as they are by then, to those who follow the room at
// that moment; who finds a notice and has not heard the words asks room.sync.

// tellWords leaves the notice of what somebody has said.
func (v *visit) tellWords(ctx context.Context, m wire.Message, edited bool) error {
	data, err := realtime.Event(wire.MessageNotice{RoomID: m.RoomID, Seq: m.Rev, MessageID: m.ID, Number: m.Number, Edited: edited})
	if err != nil {
		return err
	}
	return tell(ctx, v.tx, Task{Action: Publish, Target: RoomChannel(m.RoomID), Data: data, MessageID: m.ID})
}

// speak tells the words of a message, before its notice is published.
func (r *Relay) speak(ctx context.Context, carrier Carrier, t Task) error {
	var m wire.Message
	err := r.store.View(ctx, func(tx Tx) (err error) {
		m, err = tx.MessageWithKey(ctx, t.MessageID)
		return err
	})
	if errors.Is(err, ErrNone) {
		return nil // the message has gone, and there is nothing to say
	}
	if err != nil {
		return err
	}
	var notice wire.MessageNotice
	if err := json.Unmarshal(t.Data, &notice); err != nil {
		return fmt.Errorf("read a notice of the outbox: %w", err)
	}
	words, err := realtime.Event(withWords(notice, m))
	if err != nil {
		return err
	}
	return carrier.Pass(ctx, t.Target, words)
}

// withWords is the event that a notice stands for.
func withWords(notice wire.MessageNotice, m wire.Message) wire.RoomEvent {
	if notice.Edited && m.EditedAt != nil {
		return wire.MessageEdited{
			RoomID: m.RoomID, Seq: notice.Seq, MessageID: m.ID, Number: m.Number, Text: m.Text, Mentions: m.Mentions, EditedAt: *m.EditedAt,
		}
	}
	return wire.MessageSent{RoomID: m.RoomID, Seq: notice.Seq, Message: m}
}
