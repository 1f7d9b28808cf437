package chat

import (
	"context"
	"slices"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

// action is something that one can do in a room. This file alone decides who may;
// calls, HTTP routes and the rules of channels all come here.
type action int

const (
	toSee      action = iota // know that the room exists; more is decided later
	toRead                   // history, members, events
	toJoin                   // come in by oneself
	toAccept                 // come in where one was invited; the invitation is looked at later
	toLeave                  // go by oneself
	toSpeak                  // send, edit one's own, react, type
	toInvite                 // ask somebody to come in
	toModerate               // delete what others said, remove members
	toManage                 // name, topic, archive, roles of members
)

// may decides. Who is not to know of a room gets the answer of one that does not
// exist.
func (v *visit) may(what action) error {
	if v.seat == nil && what != toAccept && (v.room.Kind != wire.Public || what == toRead || what == toLeave || what == toSpeak) {
		return refusal.NoRoom.Plain()
	}
	if v.room.ArchivedAt != nil && what != toSee && what != toRead && what != toLeave && what != toAccept {
		return refusal.Archived.Plain()
	}
	if !v.allows(what) {
		return refusal.Forbidden.Plain()
	}
	mine := slices.Contains(v.blockers, v.who.ID)
	return apart(mine, len(v.blockers) > 0 && !mine)
}

func (v *visit) allows(what action) bool {
	direct := v.room.Kind == wire.Direct
	switch what {
	case toSee, toAccept:
		return true
	case toRead, toSpeak:
		return v.seat != nil
	case toJoin:
		return v.room.Kind == wire.Public
	case toLeave:
		return !direct
	case toInvite:
		if v.room.Kind == wire.Private {
			return v.rank() >= ranks[wire.RoomModerator]
		}
		return !direct && v.seat != nil
	case toModerate:
		return !direct && v.rank() >= ranks[wire.RoomModerator]
	case toManage:
		return !direct && v.rank() >= ranks[wire.RoomOwner]
	}
	return false
}

var ranks = map[string]int{wire.RoomMember: 1, wire.RoomModerator: 2, wire.RoomOwner: 3}

// rank is how high a person stands in the room. Moderators and administrators of
// the whole chat stand so in public rooms and in those that they are in, direct
// ones apart; in private rooms of others they are nobody.
func (v *visit) rank() int {
	rank := 0
	if v.seat != nil {
		rank = ranks[v.seat.Role]
	}
	switch v.who.Role {
	case account.Moderator:
		rank = max(rank, ranks[wire.RoomModerator])
	case account.Admin:
		rank = max(rank, ranks[wire.RoomOwner])
	}
	return rank
}

// mayDelete decides about one message: one's own, or anybody's for moderators. One's
// own words can be taken back from people to whom one can't write any more, so it
// is not asked who has blocked whom.
func (v *visit) mayDelete(m wire.Message) error {
	if m.Author.ID == v.who.ID {
		return v.may(toSpeak)
	}
	return v.may(toModerate)
}

// mayTouch decides whether a person may remove a member, or give them a role:
// nobody reaches those who stand as high.
func (v *visit) mayTouch(other Seat) error {
	if ranks[other.Role] >= v.rank() && v.rank() < ranks[wire.RoomOwner] {
		return refusal.Forbidden.Say("They stand as high as you in this room.")
	}
	return nil
}

// mayAnnounce decides who speaks to everybody.
func mayAnnounce(who Actor) error {
	if who.Role != account.Moderator && who.Role != account.Admin {
		return refusal.Forbidden.Say("Only moderators make announcements.")
	}
	return nil
}

// MayFollow decides whether a person may hear the events of a room, and see that
// others type in it. It is what the rules of channels ask.
func (s *Service) MayFollow(ctx context.Context, userID, roomID string) error {
	return s.viewRoom(ctx, userID, roomID, func(*visit) error { return nil })
}
