package store

import (
	"context"
	"time"

	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/store/queries"
)

func (t chatTx) SetBlock(ctx context.Context, by, whom string, on bool, at time.Time) (bool, error) {
	var n int64
	var err error
	if on {
		n, err = t.q.InsertBlock(ctx, queries.InsertBlockParams{AccountID: by, BlockedID: whom, BlockedAt: millis(at)})
	} else {
		n, err = t.q.DeleteBlock(ctx, queries.DeleteBlockParams{AccountID: by, BlockedID: whom})
	}
	return n > 0, wrapped("write a block", err)
}

func (t chatTx) Blocks(ctx context.Context, by, whom string) (bool, error) {
	n, err := t.q.CountBlocks(ctx, queries.CountBlocksParams{AccountID: by, BlockedID: whom})
	return n > 0, wrapped("read a block", err)
}

func (t chatTx) BlockedBy(ctx context.Context, userID string) ([]wire.Person, error) {
	rows, err := t.q.BlockedBy(ctx, userID)
	found := make([]wire.Person, len(rows))
	for i, row := range rows {
		found[i] = wire.Person(row)
	}
	return found, wrapped("read blocks", err)
}

func (t chatTx) BlockersIn(ctx context.Context, roomID, userID string) ([]string, error) {
	found, err := t.q.BlockersIn(ctx, queries.BlockersInParams{RoomID: roomID, AccountID: userID})
	return found, wrapped("read blocks", err)
}

func (t chatTx) SetBan(ctx context.Context, roomID, userID, by string, on bool, at time.Time) (bool, error) {
	var n int64
	var err error
	if on {
		n, err = t.q.InsertBan(ctx, queries.InsertBanParams{RoomID: roomID, AccountID: userID, BannedBy: by, BannedAt: millis(at)})
	} else {
		n, err = t.q.DeleteBan(ctx, queries.DeleteBanParams{RoomID: roomID, AccountID: userID})
	}
	return n > 0, wrapped("write a ban", err)
}

func (t chatTx) Banned(ctx context.Context, roomID, userID string) (bool, error) {
	n, err := t.q.CountBans(ctx, queries.CountBansParams{RoomID: roomID, AccountID: userID})
	return n > 0, wrapped("read a ban", err)
}

func (t chatTx) BannedFrom(ctx context.Context, roomID, after string, limit int) ([]wire.Kept, error) {
	if strange(after) {
		return []wire.Kept{}, nil
	}
	rows, err := t.q.BannedFromRoom(ctx, queries.BannedFromRoomParams{RoomID: roomID, Username: after, Limit: int32(limit)})
	found := make([]wire.Kept, len(rows))
	for i, row := range rows {
		found[i] = wire.Kept{
			Person: wire.Person{ID: row.ID, Username: row.Username, Name: row.Name, Status: row.Status, Colour: row.Colour},
			By:     row.BannedBy, At: moment(row.BannedAt),
		}
	}
	return found, wrapped("read bans", err)
}

func (t chatTx) InsertAudit(ctx context.Context, e audit.Entry) error {
	return wrapped("write an audit entry", insertAudit(ctx, t.q, e))
}
