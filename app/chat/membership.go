package chat

import (
	"context"
	"errors"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

// JoinRoom brings who asks into a public room. A member stays one.
func (s *Service) JoinRoom(ctx context.Context, userID string, in wire.RoomRef) (out wire.MyRoom, err error) {
	if err := s.limits.changes.take(userID); err != nil {
		return out, err
	}
	err = s.changeRoom(ctx, userID, in.RoomID, toJoin, func(v *visit) error {
		if v.seat == nil {
			if err := v.mayEnter(ctx); err != nil {
				return err
			}
			if err := v.seatIn(ctx, v.who.Person, wire.RoomMember, ""); err != nil {
				return err
			}
		}
		out, err = v.mine(ctx, userID)
		return err
	})
	return out, err
}

// sit makes somebody a member, who has read what was said before. What they have
// not chosen themselves does not count towards how many rooms they can be in.
func (v *visit) sit(ctx context.Context, userID, role string) error {
	own := userID == v.who.ID
	if own {
		taken, err := v.tx.CountSeats(ctx, userID)
		if err != nil {
			return err
		}
		if taken >= maxRooms {
			return refusal.Full.Say("You can't be in more than %d rooms. Leave one first.", maxRooms)
		}
	}
	v.room.Members++
	return v.tx.InsertSeat(ctx, v.room.ID, userID, Seat{Role: role, Read: v.room.Messages, Own: own}, now())
}

// seatIn makes somebody a member and tells the room and all their devices.
func (v *visit) seatIn(ctx context.Context, who wire.Person, role, by string) error {
	if err := v.sit(ctx, who.ID, role); err != nil {
		return err
	}
	if who.ID == v.who.ID {
		v.seat = &Seat{Role: role, Read: v.room.Messages}
	}
	if err := endInvitations(ctx, v.tx, InvitationFilter{RoomID: v.room.ID, UserID: who.ID}); err != nil {
		return err
	}
	joined := wire.MemberJoined{
		RoomID: v.room.ID, Seq: v.next(), By: by, Member: wire.Member{Person: who, Role: role, JoinedAt: now()},
	}
	if err := v.tellRoom(ctx, joined); err != nil {
		return err
	}
	return v.tellAdded(ctx, who.ID, by)
}

func (v *visit) tellAdded(ctx context.Context, userID, by string) error {
	room, err := v.mine(ctx, userID)
	if err != nil {
		return err
	}
	return tellUser(ctx, v.tx, userID, wire.RoomAdded{Room: room, By: by})
}

// LeaveRoom takes who asks out of a room. Where no owner is left, the member who
// stands highest and has been there longest becomes one.
func (s *Service) LeaveRoom(ctx context.Context, userID string, in wire.RoomRef) (out wire.Nothing, err error) {
	return out, s.changeRoom(ctx, userID, in.RoomID, toLeave, func(v *visit) error {
		return v.unseat(ctx, userID, "")
	})
}

// RemoveMember takes somebody else out of a room. They hear nothing of it from
// then on, on any device. Into a public room they may come back; see [Service.Ban].
func (s *Service) RemoveMember(ctx context.Context, userID string, in wire.RoomPerson) (out wire.Nothing, err error) {
	return out, s.changeRoom(ctx, userID, in.RoomID, toModerate, func(v *visit) error {
		seat, other, err := v.other(ctx, in.UserID, in.Username)
		if err != nil {
			return err
		}
		if err := v.mayTouch(seat); err != nil {
			return err
		}
		return v.unseat(ctx, other, userID)
	})
}

// other finds another member.
func (v *visit) other(ctx context.Context, userID, username string) (Seat, string, error) {
	if userID == "" && username != "" {
		found, err := v.tx.PersonByUsername(ctx, username)
		if err != nil && !errors.Is(err, ErrNone) {
			return Seat{}, "", err
		}
		userID = found.ID
	}
	if !isID(userID) {
		return Seat{}, "", refusal.NoPerson.Say("They are not in this room.")
	}
	if userID == v.who.ID {
		return Seat{}, "", refusal.Invalid.Say("That takes somebody else. You can leave the room.")
	}
	seat, err := v.tx.Seat(ctx, v.room.ID, userID)
	if errors.Is(err, ErrNone) {
		err = refusal.NoPerson.Say("They are not in this room.")
	}
	return seat, userID, err
}

// unseat ends a membership. The subscriptions end before anything that comes
// later is published.
func (v *visit) unseat(ctx context.Context, userID, by string) error {
	if err := v.tx.DeleteSeat(ctx, v.room.ID, userID); err != nil {
		return err
	}
	v.room.Members--
	if err := tell(ctx, v.tx, Task{Action: Rejudge, Target: userID}); err != nil {
		return err
	}
	left := wire.MemberLeft{RoomID: v.room.ID, Seq: v.next(), UserID: userID, By: by}
	if err := v.tellRoom(ctx, left); err != nil {
		return err
	}
	if err := v.inherit(ctx); err != nil {
		return err
	}
	if err := endInvitations(ctx, v.tx, InvitationFilter{RoomID: v.room.ID, By: userID}); err != nil {
		return err
	}
	return tellUser(ctx, v.tx, userID, wire.RoomRemoved{RoomID: v.room.ID, By: by})
}

// inherit gives a room without an owner a new one.
func (v *visit) inherit(ctx context.Context) error {
	heir, err := v.tx.Heir(ctx, v.room.ID)
	if errors.Is(err, ErrNone) {
		return nil // nobody is left
	}
	if err != nil {
		return err
	}
	seat, err := v.tx.Seat(ctx, v.room.ID, heir)
	if err != nil || seat.Role == wire.RoomOwner {
		return err
	}
	return v.setRole(ctx, heir, wire.RoomOwner)
}

// SetRoomRole gives a member another role in a room.
func (s *Service) SetRoomRole(ctx context.Context, userID string, in wire.SetRoomRole) (out wire.Nothing, err error) {
	if ranks[in.Role] == 0 {
		return out, refusal.Invalid.Say("A role in a room is member, moderator or owner.")
	}
	return out, s.changeRoom(ctx, userID, in.RoomID, toManage, func(v *visit) error {
		seat, other, err := v.other(ctx, in.UserID, "")
		if err != nil || seat.Role == in.Role {
			return err
		}
		if err := v.setRole(ctx, other, in.Role); err != nil {
			return err
		}
		return v.inherit(ctx)
	})
}

func (v *visit) setRole(ctx context.Context, userID, role string) error {
	if err := v.tx.SetSeatRole(ctx, v.room.ID, userID, role); err != nil {
		return err
	}
	return v.tellRoom(ctx, wire.MemberChanged{RoomID: v.room.ID, Seq: v.next(), UserID: userID, Role: role})
}

// Members lists who is in a room.
func (s *Service) Members(ctx context.Context, userID string, in wire.MembersQuery) (out wire.Members, err error) {
	limit := limitOf(in.Limit, 100, 200)
	err = s.viewRoom(ctx, userID, in.RoomID, func(v *visit) error {
		found, err := v.tx.SeatsOf(ctx, v.room.ID, part(in.After), limit+1)
		out = wire.Members{Members: found[:min(limit, len(found))], More: len(found) > limit}
		return err
	})
	return out, err
}
