package chat

import (
	"context"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/chat/wire"
)

// Seed fills an empty chat with rooms and a few words for those who look at it
// for the first time. Where there is a room already it does nothing.
func (s *Service) Seed(ctx context.Context, admin, alice, bob string) error {
	rooms := false
	err := s.view(ctx, admin, func(tx Tx, _ Actor) (err error) {
		rooms, err = tx.AnyRoom(ctx)
		return err
	})
	if err != nil || rooms {
		return err
	}
	for _, one := range []struct {
		room   wire.CreateRoom
		guests []string
		said   [][2]string
	}{
		{wire.CreateRoom{Kind: wire.Public, Name: "general", Topic: "What concerns everybody"}, []string{alice, bob}, [][2]string{
			{admin, "Welcome! This is the room for **everybody**."},
			{alice, "Hello @bob, have you seen that two browsers at once work as well?"},
			{bob, "I have. Sign in as somebody else in a private window and say something."},
		}},
		{wire.CreateRoom{Kind: wire.Public, Name: "random", Topic: "Everything else"}, []string{alice, bob}, [][2]string{
			{bob, "What do you call a goat on a mountain that sings? A yodel."},
		}},
		{wire.CreateRoom{Kind: wire.Private, Name: "planning", Topic: "Only who was invited knows of this room"}, []string{alice}, [][2]string{
			{admin, "@alice bob can't see this room, and can't find out that there is one."},
		}},
	} {
		if err := s.seedRoom(ctx, admin, one.room, one.guests, one.said); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) seedRoom(ctx context.Context, owner string, in wire.CreateRoom, guests []string, said [][2]string) error {
	made, err := s.CreateRoom(ctx, owner, in)
	if err != nil {
		return err
	}
	for _, guest := range guests {
		if _, err := s.Invite(ctx, owner, wire.RoomPerson{RoomID: made.ID, UserID: guest}); err != nil {
			return err
		}
		if _, err := s.Accept(ctx, guest, wire.RoomRef{RoomID: made.ID}); err != nil {
			return err
		}
	}
	for _, one := range said {
		if _, err := s.Send(ctx, one[0], wire.SendMessage{RoomID: made.ID, Key: uuid.NewString(), Text: one[1]}); err != nil {
			return err
		}
	}
	return nil
}
