package chat

import (
	"context"
	"errors"
	"slices"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

// PresenceChannel is where everybody may see who is connected.
const PresenceChannel = "presence"

// person finds somebody who may sign in, by id or by username.
func person(ctx context.Context, tx Tx, userID, username string) (found Actor, err error) {
	switch {
	case isID(userID):
		found, err = tx.PersonByID(ctx, userID)
	case userID == "" && username != "":
		found, err = tx.PersonByUsername(ctx, username)
	default:
		err = ErrNone
	}
	if errors.Is(err, ErrNone) || (err == nil && found.Disabled) {
		err = refusal.NoPerson.Plain()
	}
	return found, err
}

// PeopleLike lists people.
func (s *Service) PeopleLike(ctx context.Context, userID string, in wire.PeopleQuery) (out wire.People, err error) {
	if err := s.limits.searches.take(userID); err != nil {
		return out, err
	}
	limit := limitOf(in.Limit, 50, 100)
	err = s.view(ctx, userID, func(tx Tx, _ Actor) error {
		found, err := tx.PeopleLike(ctx, part(in.Query), part(in.After), limit+1)
		out = wire.People{People: found[:min(limit, len(found))], More: len(found) > limit}
		return err
	})
	return out, err
}

// Person returns one person.
func (s *Service) Person(ctx context.Context, userID string, in wire.PersonQuery) (out wire.Person, err error) {
	err = s.view(ctx, userID, func(tx Tx, _ Actor) error {
		found, err := person(ctx, tx, in.UserID, in.Username)
		out = found.Person
		return err
	})
	return out, err
}

// Me returns what a person knows of themselves.
func (s *Service) Me(ctx context.Context, userID string, _ wire.Nothing) (out wire.Me, err error) {
	err = s.view(ctx, userID, func(_ Tx, who Actor) error {
		out = wire.Me{Person: who.Person, Role: string(who.Role)}
		return nil
	})
	return out, err
}

// SetProfile changes what others see of a person.
func (s *Service) SetProfile(ctx context.Context, userID string, in wire.Profile) (out wire.Person, err error) {
	if err := s.limits.changes.take(userID); err != nil {
		return out, err
	}
	if in, err = checkProfile(in); err != nil {
		return out, err
	}
	err = s.change(ctx, userID, func(tx Tx, who Actor) error {
		out, err = tx.SetProfile(ctx, who.ID, in)
		if errors.Is(err, ErrNone) {
			return refusal.Taken.Say("That looks like the name of somebody else. Add something that tells you apart.")
		}
		if err != nil || out == who.Person {
			return err
		}
		return tellPresence(ctx, tx, wire.PersonChanged{Person: out})
	})
	return out, err
}

// checkProfile returns what a profile names as it is kept.
func checkProfile(in wire.Profile) (wire.Profile, error) {
	if in.Name != nil {
		name, err := account.CheckName(*in.Name)
		if err != nil {
			return in, refusal.Invalid.Say("%s", account.Sentence(err))
		}
		in.Name = &name
	}
	if in.Status != nil {
		said, err := status.check(*in.Status)
		if err != nil {
			return in, err
		}
		in.Status = &said
	}
	if in.Colour != nil && *in.Colour != "" && !slices.Contains(wire.Colours, *in.Colour) {
		return in, refusal.Invalid.Say("That colour is not one of those to choose from.")
	}
	return in, nil
}

// CheckOnline checks a question for people who are connected.
func (s *Service) CheckOnline(userID string, in wire.OnlineQuery) error {
	if err := s.limits.searches.take(userID); err != nil {
		return err
	}
	if len(in.UserIDs) > maxOnlineAsk {
		return refusal.Invalid.Say("Ask for at most %d people at once.", maxOnlineAsk)
	}
	return nil
}

// typingKey is under what signs of typing are counted.
func typingKey(userID, roomID string) string { return userID + " " + roomID }

// Typing checks whether a person may be seen typing in a room, and returns what
// the others are shown. Nothing is stored.
func (s *Service) Typing(ctx context.Context, userID string, in wire.RoomRef) (out wire.Typing, err error) {
	if !isID(in.RoomID) {
		return out, refusal.NoRoom.Plain()
	}
	if err := s.limits.typing.take(typingKey(userID, in.RoomID)); err != nil {
		return out, err
	}
	err = s.store.View(ctx, func(tx Tx) error {
		v, err := enter(ctx, tx, userID, in.RoomID, toSpeak)
		if err != nil {
			return err
		}
		out = wire.Typing{RoomID: v.room.ID, UserID: userID, Username: v.who.Username, Name: v.who.Name}
		return nil
	})
	return out, err
}
