package chat

import (
	"context"
	"errors"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
	"github.com/yodelrt/yodel/app/text"
)

// MyRooms returns the rooms that a person is in.
func (s *Service) MyRooms(ctx context.Context, userID string, _ wire.Nothing) (out wire.MyRooms, err error) {
	err = s.view(ctx, userID, func(tx Tx, who Actor) error {
		out.Rooms, err = tx.RoomsOf(ctx, who.ID)
		return err
	})
	return out, err
}

// Room returns one room that a person is in.
func (s *Service) Room(ctx context.Context, userID string, in wire.RoomRef) (out wire.MyRoom, err error) {
	err = s.viewRoom(ctx, userID, in.RoomID, func(v *visit) error {
		out, err = v.tx.RoomOf(ctx, userID, v.room.ID)
		return err
	})
	return out, err
}

// BrowseRooms lists public rooms.
func (s *Service) BrowseRooms(ctx context.Context, userID string, in wire.BrowseRooms) (out wire.PublicRooms, err error) {
	if err := s.limits.searches.take(userID); err != nil {
		return out, err
	}
	limit := limitOf(in.Limit, 50, 100)
	err = s.view(ctx, userID, func(tx Tx, who Actor) error {
		found, err := tx.PublicRooms(ctx, who.ID, part(in.Query), part(in.After), limit+1)
		if err != nil {
			return err
		}
		out.Rooms = found[:min(limit, len(found))]
		if len(found) > limit {
			out.Next = text.Fold(out.Rooms[limit-1].Name)
		}
		return nil
	})
	return out, err
}

// CreateRoom makes a public or private room; who makes it owns it.
func (s *Service) CreateRoom(ctx context.Context, userID string, in wire.CreateRoom) (out wire.MyRoom, err error) {
	if in.Kind != wire.Public && in.Kind != wire.Private {
		return out, refusal.Invalid.Say("A room is public or private.")
	}
	name, err := roomName.check(in.Name)
	if err != nil {
		return out, err
	}
	about, err := topic.check(in.Topic)
	if err != nil {
		return out, err
	}
	if err := s.limits.rooms.take(userID); err != nil {
		return out, err
	}
	err = s.change(ctx, userID, func(tx Tx, who Actor) error {
		v, made, err := open(ctx, tx, who, wire.Room{Kind: in.Kind, Name: name, Topic: about}, "")
		if err != nil {
			return err
		}
		if !made {
			return refusal.Taken.Say("There is a room of that name already.")
		}
		if err := v.seatIn(ctx, who.Person, wire.RoomOwner, ""); err != nil {
			return err
		}
		out, err = v.mine(ctx, who.ID)
		return err
	})
	return out, err
}

// open makes a room with nobody in it, and reports false where there is one of
// that name or for the same two people.
func open(ctx context.Context, tx Tx, who Actor, room wire.Room, directKey string) (*visit, bool, error) {
	id, err := newID()
	if err != nil {
		return nil, false, err
	}
	room.ID, room.CreatedBy, room.CreatedAt = id, who.ID, now()
	room.ActiveAt = room.CreatedAt
	made, err := tx.InsertRoom(ctx, room, nameKey(room), directKey)
	return &visit{tx: tx, who: who, room: room, was: room}, made, err
}

// DirectRoom returns the one direct room of two people, however often and by
// whichever of them it is asked for.
func (s *Service) DirectRoom(ctx context.Context, userID string, in wire.DirectRoom) (out wire.MyRoom, err error) {
	if in.UserID == userID {
		return out, refusal.Invalid.Say("A direct room is with somebody else.")
	}
	err = s.change(ctx, userID, func(tx Tx, who Actor) error {
		other, err := person(ctx, tx, in.UserID, "")
		if err != nil {
			return err
		}
		key := min(who.ID, other.ID) + ":" + max(who.ID, other.ID)
		id, err := tx.DirectRoom(ctx, key)
		if errors.Is(err, ErrNone) {
			if err = mayMeet(ctx, tx, who, other); err == nil {
				err = s.limits.rooms.take(userID)
			}
			if err == nil {
				id, err = meet(ctx, tx, who, other, key)
			}
		}
		if err != nil {
			return err
		}
		out, err = tx.RoomOf(ctx, who.ID, id)
		return err
	})
	return out, err
}

// meet makes the direct room, unless the other one was faster.
func meet(ctx context.Context, tx Tx, who, other Actor, key string) (string, error) {
	v, made, err := open(ctx, tx, who, wire.Room{Kind: wire.Direct}, key)
	if err != nil {
		return "", err
	}
	if !made {
		return tx.DirectRoom(ctx, key)
	}
	for _, id := range []string{min(who.ID, other.ID), max(who.ID, other.ID)} { // in one order, for sit waits for each
		if err := v.sit(ctx, id, wire.RoomMember); err != nil {
			return "", err
		}
	}
	for _, one := range []wire.Person{who.Person, other.Person} {
		if err := v.tellAdded(ctx, one.ID, ""); err != nil {
			return "", err
		}
	}
	return v.room.ID, v.save(ctx)
}

// UpdateRoom renames a room or sets its topic.
func (s *Service) UpdateRoom(ctx context.Context, userID string, in wire.UpdateRoom) (out wire.MyRoom, err error) {
	if err := s.limits.changes.take(userID); err != nil {
		return out, err
	}
	err = s.changeRoom(ctx, userID, in.RoomID, toManage, func(v *visit) (err error) {
		if in.Name != nil {
			if v.room.Name, err = roomName.check(*in.Name); err != nil {
				return err
			}
		}
		if in.Topic != nil {
			if v.room.Topic, err = topic.check(*in.Topic); err != nil {
				return err
			}
		}
		if v.room != v.was {
			if err := v.tellUpdated(ctx); err != nil {
				return err
			}
		}
		out, err = v.asSeen(ctx)
		return err
	})
	return out, err
}

// ArchiveRoom ends the talk in a room for good; its members can still read it.
func (s *Service) ArchiveRoom(ctx context.Context, userID string, in wire.RoomRef) (out wire.MyRoom, err error) {
	err = s.changeRoom(ctx, userID, in.RoomID, toManage, func(v *visit) (err error) {
		at := now()
		v.room.ArchivedAt = &at
		if err := v.tellUpdated(ctx); err != nil {
			return err
		}
		if err := endInvitations(ctx, v.tx, InvitationFilter{RoomID: v.room.ID}); err != nil {
			return err
		}
		out, err = v.asSeen(ctx)
		return err
	})
	return out, err
}

// asSeen is the room as who works in it sees it, member or not.
func (v *visit) asSeen(ctx context.Context) (wire.MyRoom, error) {
	if v.seat == nil {
		return wire.MyRoom{Room: v.room}, nil
	}
	return v.mine(ctx, v.who.ID)
}

func (v *visit) tellUpdated(ctx context.Context) error {
	seq := v.next()
	return v.tellRoom(ctx, wire.RoomUpdated{RoomID: v.room.ID, Seq: seq, Room: v.room})
}
