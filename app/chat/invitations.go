package chat

import (
	"context"
	"errors"
	"time"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

// invitationLife is how long an invitation waits for its answer.
const invitationLife = 14 * 24 * time.Hour

func invitedSince() time.Time { return now().Add(-invitationLife) }

// Invite asks somebody to come into a room. They are in it when they accept. Who
// is invited there already stays so.
func (s *Service) Invite(ctx context.Context, userID string, in wire.RoomPerson) (out wire.Kept, err error) {
	if err := s.limits.invites.take(userID); err != nil {
		return out, err
	}
	err = s.changeRoom(ctx, userID, in.RoomID, toInvite, func(v *visit) error {
		guest, err := person(ctx, v.tx, in.UserID, in.Username)
		if err != nil {
			return err
		}
		if err := v.mayAsk(ctx, guest); err != nil {
			return err
		}
		there, err := v.tx.Invitation(ctx, v.room.ID, guest.ID, invitedSince())
		if errors.Is(err, ErrNone) {
			there, err = v.ask(ctx, guest)
		}
		out = wire.Kept{Person: guest.Person, By: there.By, At: there.At}
		return err
	})
	return out, err
}

// mayAsk decides whether somebody may be invited.
func (v *visit) mayAsk(ctx context.Context, guest Actor) error {
	switch _, err := v.tx.Seat(ctx, v.room.ID, guest.ID); {
	case err == nil:
		return refusal.Taken.Say("They are in this room already.")
	case !errors.Is(err, ErrNone):
		return err
	}
	blocked, err := v.tx.Blocks(ctx, guest.ID, v.who.ID)
	if err != nil {
		return err
	}
	if blocked {
		return refusal.Forbidden.Say("You can't invite this person.")
	}
	banned, err := v.tx.Banned(ctx, v.room.ID, guest.ID)
	if err == nil && banned {
		err = refusal.Forbidden.Say("They are banned from this room. Lift the ban first.")
	}
	return err
}

// ask makes an invitation. How many wait for an answer is bounded for who makes
// them, and not for who gets them.
func (v *visit) ask(ctx context.Context, guest Actor) (Invitation, error) {
	made := Invitation{RoomID: v.room.ID, UserID: guest.ID, By: v.who.ID, At: now()}
	since := invitedSince()
	for _, old := range []InvitationFilter{{RoomID: v.room.ID, UserID: guest.ID, Until: since}, {By: v.who.ID, Until: since}} {
		if err := endInvitations(ctx, v.tx, old); err != nil {
			return made, err
		}
	}
	all, err := v.tx.CountInvitations(ctx, v.who.ID, "", since)
	if err != nil {
		return made, err
	}
	toOne, err := v.tx.CountInvitations(ctx, v.who.ID, guest.ID, since)
	if err != nil {
		return made, err
	}
	if all >= maxInvitations {
		return made, refusal.Full.Say("%d of your invitations were not answered yet. Take some back first.", all)
	}
	if toOne >= maxInvitationsToOne {
		return made, refusal.Full.Say("They have %d invitations of yours to answer. Wait for that.", toOne)
	}
	if _, err := v.tx.InsertInvitation(ctx, made); err != nil {
		return made, err
	}
	return made, tellUser(ctx, v.tx, guest.ID, wire.InvitationAdded{Invitation: wire.RoomInvitation{
		RoomID: v.room.ID, Kind: v.room.Kind, Name: v.room.Name, Topic: v.room.Topic, Members: v.room.Members, By: v.who.Person, At: made.At,
	}})
}

// endInvitations ends invitations and tells those who were invited.
func endInvitations(ctx context.Context, tx Tx, which InvitationFilter) error {
	ended, err := tx.EndInvitations(ctx, which)
	if err != nil {
		return err
	}
	for _, one := range ended {
		if err := tellUser(ctx, tx, one.UserID, wire.InvitationRemoved{RoomID: one.RoomID}); err != nil {
			return err
		}
	}
	return nil
}

// Invitations returns those that wait for a person's answer.
func (s *Service) Invitations(ctx context.Context, userID string, _ wire.Nothing) (out wire.RoomInvitations, err error) {
	err = s.view(ctx, userID, func(tx Tx, who Actor) error {
		out.Invitations, err = tx.InvitationsOf(ctx, who.ID, invitedSince(), maxListed)
		return err
	})
	return out, err
}

// Accept brings who was invited into the room, if who has invited them might still
// do so. A member stays one.
func (s *Service) Accept(ctx context.Context, userID string, in wire.RoomRef) (out wire.MyRoom, err error) {
	if err := s.limits.changes.take(userID); err != nil {
		return out, err
	}
	err = s.changeRoom(ctx, userID, in.RoomID, toAccept, func(v *visit) error {
		if v.seat == nil {
			if err := v.comeAsInvited(ctx); err != nil {
				return err
			}
		}
		out, err = v.mine(ctx, userID)
		return err
	})
	if errors.Is(err, refusal.NoRoom.Plain()) { // a room that does not exist is like one that invites nobody
		err = refusal.NoRoom.Say("This invitation no longer stands.")
	}
	return out, err
}

func (v *visit) comeAsInvited(ctx context.Context) error {
	invitation, err := v.tx.Invitation(ctx, v.room.ID, v.who.ID, invitedSince())
	if errors.Is(err, ErrNone) {
		return refusal.NoRoom.Plain()
	}
	if err != nil {
		return err
	}
	inviter, err := v.tx.PersonByID(ctx, invitation.By)
	if err != nil {
		return err
	}
	if inviter.Disabled {
		return refusal.NoRoom.Plain()
	}
	var refused *refusal.Error
	if _, err := enter(ctx, v.tx, inviter.ID, v.room.ID, toInvite); errors.As(err, &refused) {
		return refusal.NoRoom.Plain()
	} else if err != nil {
		return err
	}
	if err := v.mayEnter(ctx); err != nil {
		return err
	}
	return v.seatIn(ctx, v.who.Person, wire.RoomMember, inviter.ID)
}

// Decline ends an invitation of one's own.
func (s *Service) Decline(ctx context.Context, userID string, in wire.RoomRef) (out wire.Nothing, err error) {
	if !isID(in.RoomID) {
		return out, refusal.NoRoom.Plain()
	}
	if err := s.limits.changes.take(userID); err != nil {
		return out, err
	}
	return out, s.change(ctx, userID, func(tx Tx, who Actor) error {
		return endInvitations(ctx, tx, InvitationFilter{RoomID: in.RoomID, UserID: who.ID})
	})
}

// Uninvite takes an invitation back: one's own, or anybody's by moderators.
func (s *Service) Uninvite(ctx context.Context, userID string, in wire.RoomPerson) (out wire.Nothing, err error) {
	if err := s.limits.changes.take(userID); err != nil {
		return out, err
	}
	return out, s.changeRoom(ctx, userID, in.RoomID, toInvite, func(v *visit) error {
		guest, err := anybody(ctx, v.tx, in.UserID)
		if err != nil {
			return err
		}
		which := InvitationFilter{RoomID: v.room.ID, UserID: guest.ID}
		if v.rank() < ranks[wire.RoomModerator] {
			which.By = v.who.ID
		}
		return endInvitations(ctx, v.tx, which)
	})
}

// Invited lists who was invited into a room and has not answered.
func (s *Service) Invited(ctx context.Context, userID string, in wire.MembersQuery) (out wire.KeptPeople, err error) {
	return s.keptIn(ctx, userID, in, toInvite, func(tx Tx, limit int) ([]wire.Kept, error) {
		return tx.InvitedTo(ctx, in.RoomID, invitedSince(), part(in.After), limit)
	})
}

// keptIn lists a page of people for those who may do that in the room.
func (s *Service) keptIn(ctx context.Context, userID string, in wire.MembersQuery, what action, list func(tx Tx, limit int) ([]wire.Kept, error)) (out wire.KeptPeople, err error) {
	limit := limitOf(in.Limit, 100, 200)
	err = s.view(ctx, userID, func(tx Tx, who Actor) error {
		if _, err := enter(ctx, tx, who.ID, in.RoomID, what); err != nil {
			return err
		}
		found, err := list(tx, limit+1)
		out = wire.KeptPeople{People: found[:min(limit, len(found))], More: len(found) > limit}
		return err
	})
	return out, err
}
