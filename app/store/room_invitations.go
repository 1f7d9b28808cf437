package store

import (
	"context"
	"math"
	"time"

	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/store/queries"
)

func roomInvitation(row queries.RoomInvitation) chat.Invitation {
	return chat.Invitation{RoomID: row.RoomID, UserID: row.AccountID, By: row.InvitedBy, At: moment(row.InvitedAt)}
}

func (t chatTx) InsertInvitation(ctx context.Context, i chat.Invitation) (bool, error) {
	n, err := t.q.InsertRoomInvitation(ctx, queries.InsertRoomInvitationParams{
		RoomID: i.RoomID, AccountID: i.UserID, InvitedBy: i.By, InvitedAt: millis(i.At),
	})
	return n > 0, wrapped("write an invitation", err)
}

func (t chatTx) Invitation(ctx context.Context, roomID, userID string, since time.Time) (chat.Invitation, error) {
	row, err := t.q.RoomInvitation(ctx, queries.RoomInvitationParams{RoomID: roomID, AccountID: userID, InvitedAt: millis(since)})
	return roomInvitation(row), none("read an invitation", err)
}

func (t chatTx) EndInvitations(ctx context.Context, which chat.InvitationFilter) ([]chat.Invitation, error) {
	until := int64(math.MaxInt64)
	if !which.Until.IsZero() {
		until = millis(which.Until)
	}
	var rows []queries.RoomInvitation
	var err error
	if which.RoomID == "" {
		rows, err = t.q.EndRoomInvitationsBy(ctx, queries.EndRoomInvitationsByParams{AccountID: which.UserID, InvitedBy: which.By, Until: until})
	} else {
		rows, err = t.q.EndRoomInvitationsInto(ctx, queries.EndRoomInvitationsIntoParams{
			RoomID: which.RoomID, AccountID: which.UserID, InvitedBy: which.By, Until: until,
		})
	}
	found := make([]chat.Invitation, len(rows))
	for i, row := range rows {
		found[i] = roomInvitation(row)
	}
	return found, wrapped("end invitations", err)
}

func (t chatTx) CountInvitations(ctx context.Context, by, whom string, since time.Time) (int64, error) {
	if err := t.lockPerson(ctx, by); err != nil {
		return 0, err
	}
	n, err := t.q.CountRoomInvitations(ctx, queries.CountRoomInvitationsParams{InvitedBy: by, AccountID: whom, Since: millis(since)})
	return n, wrapped("count invitations", err)
}

func (t chatTx) InvitationsOf(ctx context.Context, userID string, since time.Time, limit int) ([]wire.RoomInvitation, error) {
	rows, err := t.q.RoomInvitationsOf(ctx, queries.RoomInvitationsOfParams{AccountID: userID, InvitedAt: millis(since), Limit: int32(limit)})
	found := make([]wire.RoomInvitation, len(rows))
	for i, row := range rows {
		found[i] = wire.RoomInvitation{
			RoomID: row.RoomID, Kind: row.Kind, Name: row.RoomName, Topic: row.Topic, Members: row.Members, At: moment(row.InvitedAt),
			By: wire.Person{ID: row.ID, Username: row.Username, Name: row.Name, Status: row.Status, Colour: row.Colour},
		}
	}
	return found, wrapped("read invitations", err)
}

func (t chatTx) InvitedTo(ctx context.Context, roomID string, since time.Time, after string, limit int) ([]wire.Kept, error) {
	if strange(after) {
		return []wire.Kept{}, nil
	}
	rows, err := t.q.InvitedToRoom(ctx, queries.InvitedToRoomParams{RoomID: roomID, InvitedAt: millis(since), Username: after, Limit: int32(limit)})
	found := make([]wire.Kept, len(rows))
	for i, row := range rows {
		found[i] = wire.Kept{
			Person: wire.Person{ID: row.ID, Username: row.Username, Name: row.Name, Status: row.Status, Colour: row.Colour},
			By:     row.InvitedBy, At: moment(row.InvitedAt),
		}
	}
	return found, wrapped("read invitations", err)
}
