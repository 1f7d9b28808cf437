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
// edits or deletes one has taken them back everywhere. The outbox keeps events
// without them. The relay reads them when it publishes, tells them to those who
// follow the room at that moment, and leaves a notice without words for the
// channel's history: who finds one and has not heard the words asks room.sync.

// speak tells the words of a message, and leaves the notice.
func (r *Relay) speak(ctx context.Context, carrier Carrier, t Task) error {
	var m wire.Message
	err := r.store.View(ctx, func(tx Tx) (err error) {
		m, err = tx.MessageByID(ctx, t.MessageID)
		return err
	})
	if errors.Is(err, ErrNone) {
		return nil // the message has gone, and there is nothing to say
	}
	if err != nil {
		return err
	}
	words, seq, err := withWords(t.Data, m)
	if err != nil {
		return err
	}
	notice, err := realtime.Event(wire.MessageNotice{RoomID: m.RoomID, Seq: seq, MessageID: m.ID, Number: m.Number})
	if err != nil {
		return err
	}
	if err := carrier.Pass(ctx, t.Target, words); err != nil {
		return err
	}
	return carrier.Publish(ctx, t.Target, notice, t.ID)
}

// withWords returns an event of the outbox with the words that a message has now,
// and the event's seq.
func withWords(data []byte, m wire.Message) ([]byte, int64, error) {
	var kind struct {
		Type string `json:"type"`
		Seq  int64  `json:"seq"`
	}
	if err := json.Unmarshal(data, &kind); err != nil {
		return nil, 0, fmt.Errorf("read an event of the outbox: %w", err)
	}
	var event wire.RoomEvent
	switch kind.Type {
	case (wire.MessageSent{}).EventType():
		var sent wire.MessageSent
		if err := json.Unmarshal(data, &sent); err != nil {
			return nil, 0, fmt.Errorf("read an event of the outbox: %w", err)
		}
		m.Key = sent.Message.Key
		sent.Message = m
		event = sent
	default:
		var edited wire.MessageEdited
		if err := json.Unmarshal(data, &edited); err != nil {
			return nil, 0, fmt.Errorf("read an event of the outbox: %w", err)
		}
		edited.Text, edited.Mentions = m.Text, m.Mentions
		event = edited
	}
	words, err := realtime.Event(event)
	return words, kind.Seq, err
}
