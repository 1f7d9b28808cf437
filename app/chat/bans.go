package chat

import (
	"context"
	"errors"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

// Ban keeps somebody out of a public room, whether they are in it or not, until
// the ban is lifted. Who is banned stays so.
func (s *Service) Ban(ctx context.Context, userID string, in wire.RoomPerson) (out wire.Nothing, err error) {
	if err := s.limits.changes.take(userID); err != nil {
		return out, err
	}
	return out, s.changeRoom(ctx, userID, in.RoomID, toModerate, func(v *visit) error {
		if v.room.Kind != wire.Public {
			return refusal.Invalid.Say("Only public rooms have bans. Remove them: nobody comes into a private room uninvited.")
		}
		other, err := person(ctx, v.tx, in.UserID, in.Username)
		if err != nil {
			return err
		}
		if err := v.mayBan(other); err != nil {
			return err
		}
		changed, err := v.tx.SetBan(ctx, v.room.ID, other.ID, v.who.ID, true, now())
		if err != nil || !changed {
			return err
		}
		if err := v.putOut(ctx, other); err != nil {
			return err
		}
		return v.record(ctx, audit.RoomBanned, other.ID)
	})
}

// mayBan decides whom a person may ban, wherever those are at the moment.
func (v *visit) mayBan(other Actor) error {
	switch {
	case other.ID == v.who.ID:
		return refusal.Invalid.Say("You can't ban yourself. You can leave the room.")
	case other.Role != account.Member:
		return refusal.Forbidden.Say("Moderators and administrators of the chat can't be banned from a room.")
	}
	return nil
}

// putOut takes a member out, and what invites them in.
func (v *visit) putOut(ctx context.Context, other Actor) error {
	switch seat, err := v.tx.Seat(ctx, v.room.ID, other.ID); {
	case err == nil:
		if err := v.mayTouch(seat); err != nil {
			return err
		}
		if err := v.unseat(ctx, other.ID, v.who.ID); err != nil {
			return err
		}
	case !errors.Is(err, ErrNone):
		return err
	}
	return endInvitations(ctx, v.tx, InvitationFilter{RoomID: v.room.ID, UserID: other.ID})
}

// Unban lifts a ban.
func (s *Service) Unban(ctx context.Context, userID string, in wire.RoomPerson) (out wire.Nothing, err error) {
	if err := s.limits.changes.take(userID); err != nil {
		return out, err
	}
	return out, s.changeRoom(ctx, userID, in.RoomID, toModerate, func(v *visit) error {
		other, err := anybody(ctx, v.tx, in.UserID)
		if err != nil {
			return err
		}
		changed, err := v.tx.SetBan(ctx, v.room.ID, other.ID, v.who.ID, false, now())
		if err != nil || !changed {
			return err
		}
		return v.record(ctx, audit.RoomUnbanned, other.ID)
	})
}

// Banned lists who is banned from a room.
func (s *Service) Banned(ctx context.Context, userID string, in wire.MembersQuery) (wire.KeptPeople, error) {
	return s.keptIn(ctx, userID, in, toModerate, func(tx Tx, limit int) ([]wire.Kept, error) {
		return tx.BannedFrom(ctx, in.RoomID, part(in.After), limit)
	})
}

// mayEnter refuses those who are banned and rooms that are archived.
func (v *visit) mayEnter(ctx context.Context) error {
	if v.room.ArchivedAt != nil {
		return refusal.Archived.Plain()
	}
	banned, err := v.tx.Banned(ctx, v.room.ID, v.who.ID)
	if err == nil && banned {
		err = refusal.Forbidden.Say("You were banned from this room. Its moderators can lift that.")
	}
	return err
}

// record writes an entry into the audit log, with the change that it tells of.
func (v *visit) record(ctx context.Context, action, targetID string) error {
	entry, err := audit.Stamp(ctx, audit.Entry{Action: action, ActorID: v.who.ID, TargetID: targetID, Detail: v.room.ID})
	if err != nil {
		return err
	}
	return v.tx.InsertAudit(ctx, entry)
}
