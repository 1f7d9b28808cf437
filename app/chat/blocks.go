package chat

import (
	"context"
	"errors"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

// Block keeps somebody away: they can't open a direct room with who blocks them,
// write to them there, invite them or mention them, and what they have invited
// them to is taken back. Both stay in the rooms that they share.
func (s *Service) Block(ctx context.Context, userID string, in wire.PersonRef) (wire.Nothing, error) {
	return s.setBlock(ctx, userID, in, true)
}

// Unblock ends that.
func (s *Service) Unblock(ctx context.Context, userID string, in wire.PersonRef) (wire.Nothing, error) {
	return s.setBlock(ctx, userID, in, false)
}

func (s *Service) setBlock(ctx context.Context, userID string, in wire.PersonRef, on bool) (out wire.Nothing, err error) {
	if err := s.limits.changes.take(userID); err != nil {
		return out, err
	}
	return out, s.change(ctx, userID, func(tx Tx, who Actor) error {
		other, err := anybody(ctx, tx, in.UserID)
		if err != nil {
			return err
		}
		if other.ID == who.ID {
			return refusal.Invalid.Say("You can't block yourself.")
		}
		changed, err := tx.SetBlock(ctx, who.ID, other.ID, on, now())
		if err != nil || !changed {
			return err
		}
		if on {
			if err := keepAway(ctx, tx, who, other); err != nil {
				return err
			}
		}
		return tellUser(ctx, tx, who.ID, wire.BlockChanged{Person: other.Person, Blocked: on})
	})
}

// keepAway takes back what somebody who was blocked has asked of who blocks them.
func keepAway(ctx context.Context, tx Tx, who, other Actor) error {
	all, err := tx.BlockedBy(ctx, who.ID)
	if err != nil {
		return err
	}
	if len(all) > maxBlocks {
		return refusal.Full.Say("You can't block more than %d people. Unblock somebody first.", maxBlocks)
	}
	return endInvitations(ctx, tx, InvitationFilter{By: other.ID, UserID: who.ID})
}

// anybody finds a person by id, those who may not sign in as well.
func anybody(ctx context.Context, tx Tx, userID string) (found Actor, err error) {
	err = ErrNone
	if isID(userID) {
		found, err = tx.PersonByID(ctx, userID)
	}
	if errors.Is(err, ErrNone) {
		err = refusal.NoPerson.Plain()
	}
	return found, err
}

// BlockedPeople returns whom a person has blocked.
func (s *Service) BlockedPeople(ctx context.Context, userID string, _ wire.Nothing) (out wire.People, err error) {
	err = s.view(ctx, userID, func(tx Tx, who Actor) error {
		out.People, err = tx.BlockedBy(ctx, who.ID)
		return err
	})
	return out, err
}

// mayMeet decides whether two people who have no direct room may have one.
func mayMeet(ctx context.Context, tx Tx, who, other Actor) error {
	mine, err := tx.Blocks(ctx, who.ID, other.ID)
	if err != nil {
		return err
	}
	theirs, err := tx.Blocks(ctx, other.ID, who.ID)
	if err != nil {
		return err
	}
	return apart(mine, theirs)
}

// apart says why two people can't write to each other.
func apart(mine, theirs bool) error {
	switch {
	case mine:
		return refusal.Forbidden.Say("You have blocked this person. Unblock them to write to them.")
	case theirs:
		return refusal.Forbidden.Say("You can't write to this person.")
	}
	return nil
}
