package chat

import (
	"context"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/realtime"
)

// What a task does.
const (
	Publish   = "publish"   // data to the channel that is its target
	Broadcast = "broadcast" // data to everybody who is connected
	Rejudge   = "rejudge"   // asks again what the person who is its target may follow
)

// Task is one thing that the relay does after a change, in the order of their
// ids.
type Task struct {
	ID, Action, Target string
	Data               []byte
	// MessageID is the message whose notice Data is, empty for anything else; see
	// words.go.
	MessageID string
}

// RoomChannel is the channel of a room's events.
func RoomChannel(roomID string) string { return "room:" + roomID }

// TypingChannel is where those in a room see that somebody types.
func TypingChannel(roomID string) string { return "room:" + roomID + ":typing" }

// UserChannel is the channel of what concerns one person.
func UserChannel(userID string) string { return "user:" + userID }

// tell writes a task into the outbox, in the transaction of what it tells of.
func tell(ctx context.Context, tx Tx, t Task) (err error) {
	if t.ID, err = newID(); err != nil {
		return err
	}
	return tx.InsertTask(ctx, t)
}

func tellEvent(ctx context.Context, tx Tx, action, target string, event wire.Event) error {
	data, err := realtime.Event(event)
	if err != nil {
		return err
	}
	return tell(ctx, tx, Task{Action: action, Target: target, Data: data})
}

func (v *visit) tellRoom(ctx context.Context, event wire.RoomEvent) error {
	return tellEvent(ctx, v.tx, Publish, RoomChannel(v.room.ID), event)
}

func tellUser(ctx context.Context, tx Tx, userID string, event wire.UserEvent) error {
	return tellEvent(ctx, tx, Publish, UserChannel(userID), event)
}

func tellPresence(ctx context.Context, tx Tx, event wire.PersonChanged) error {
	return tellEvent(ctx, tx, Publish, PresenceChannel, event)
}

func tellAll(ctx context.Context, tx Tx, event wire.Announced) error {
	return tellEvent(ctx, tx, Broadcast, "", event)
}

// SessionsChanged tells all devices of a person that one has signed in or out.
func (s *Service) SessionsChanged(ctx context.Context, userID string) error {
	err := s.store.Change(ctx, func(tx Tx) error {
		return tellUser(ctx, tx, userID, wire.SessionsChanged{})
	})
	s.relay.Wake()
	return err
}
