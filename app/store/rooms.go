package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/store/queries"
)

// containing is the LIKE pattern for texts that hold a part, whose own wildcards
// mean themselves.
func containing(part string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(part) + "%"
}

func roomOf(row queries.RoomByIDRow) wire.Room {
	return wire.Room{
		ID: row.ID, Kind: row.Kind, Name: row.Name, Topic: row.Topic, CreatedBy: row.CreatedBy,
		CreatedAt: moment(row.CreatedAt), ActiveAt: moment(row.ActiveAt), ArchivedAt: maybeMoment(row.ArchivedAt),
		Seq: row.Seq, Messages: row.Messages, Members: row.Members,
	}
}

func (t chatTx) RoomByID(ctx context.Context, id string) (wire.Room, error) {
	if t.changes {
		row, err := t.q.LockRoom(ctx, id)
		return roomOf(queries.RoomByIDRow(row)), none("read a room", err)
	}
	row, err := t.q.RoomByID(ctx, id)
	return roomOf(row), none("read a room", err)
}

func (t chatTx) DirectRoom(ctx context.Context, key string) (string, error) {
	id, err := t.q.DirectRoom(ctx, maybe(key))
	return id, none("read a room", err)
}

func (t chatTx) InsertRoom(ctx context.Context, room wire.Room, name chat.NameKey, directKey string) (bool, error) {
	n, err := t.q.InsertRoom(ctx, queries.InsertRoomParams{
		ID: room.ID, Kind: room.Kind, Name: room.Name, NameKey: maybe(name.Folded), NameLook: maybe(name.Look), Topic: room.Topic, DirectKey: maybe(directKey),
		CreatedBy: room.CreatedBy, CreatedAt: millis(room.CreatedAt),
	})
	return n > 0, wrapped("write a room", err)
}

// written turns a statement that has found nothing to write into the error that
// the chat knows.
func written(doing string, n int64, err error) error {
	if err == nil && n == 0 {
		return chat.ErrNone
	}
	return wrapped(doing, err)
}

func (t chatTx) AdvanceRoom(ctx context.Context, room wire.Room, was int64) error {
	n, err := t.q.AdvanceRoom(ctx, queries.AdvanceRoomParams{
		Seq: room.Seq, Messages: room.Messages, Members: room.Members, ActiveAt: millis(room.ActiveAt), ID: room.ID, Was: was,
	})
	return written("write a room", n, err)
}

func (t chatTx) NameRoom(ctx context.Context, room wire.Room, name chat.NameKey) (bool, error) {
	n, err := t.q.NameRoom(ctx, queries.NameRoomParams{Name: room.Name, NameKey: maybe(name.Folded), NameLook: maybe(name.Look), Topic: room.Topic, ID: room.ID})
	if duplicate(err) {
		return false, nil
	}
	return true, written("name a room", n, err)
}

func (t chatTx) ArchiveRoom(ctx context.Context, roomID string, at time.Time) error {
	n, err := t.q.ArchiveRoom(ctx, queries.ArchiveRoomParams{ArchivedAt: maybeMillis(&at), ID: roomID})
	return written("archive a room", n, err)
}

func myRoom(row queries.RoomOfRow) wire.MyRoom {
	mine := wire.MyRoom{
		Room: roomOf(queries.RoomByIDRow{
			ID: row.ID, Kind: row.Kind, Name: row.Name, Topic: row.Topic, CreatedBy: row.CreatedBy, CreatedAt: row.CreatedAt,
			ActiveAt: row.ActiveAt, ArchivedAt: row.ArchivedAt, Seq: row.Seq, Messages: row.Messages, Members: row.Members,
		}),
		Role:   row.Role,
		Unread: wire.Unread{ReadNumber: row.ReadNumber, Unread: row.Messages - row.ReadNumber, Mentions: row.Mentioned},
	}
	if row.WithID.Valid {
		mine.With = &wire.Person{
			ID: row.WithID.String, Username: row.WithUsername.String, Name: row.WithName.String,
			Status: row.WithStatus.String, Colour: row.WithColour.String,
		}
	}
	return mine
}

func (t chatTx) RoomsOf(ctx context.Context, userID string) ([]wire.MyRoom, error) {
	rows, err := t.q.RoomsOf(ctx, userID)
	found := make([]wire.MyRoom, len(rows))
	for i, row := range rows {
		found[i] = myRoom(queries.RoomOfRow(row))
	}
	return found, wrapped("read rooms", err)
}

func (t chatTx) RoomOf(ctx context.Context, userID, roomID string) (wire.MyRoom, error) {
	row, err := t.q.RoomOf(ctx, queries.RoomOfParams{AccountID: userID, RoomID: roomID})
	return myRoom(row), none("read a room", err)
}

func (t chatTx) PublicRooms(ctx context.Context, userID, part, after string, limit int) ([]wire.PublicRoom, error) {
	after = strings.Join(strings.Fields(after), " ")
	rows, err := t.q.PublicRooms(ctx, queries.PublicRoomsParams{
		AccountID: userID, After: sql.NullString{String: after, Valid: true}, Pattern: containing(part), Most: int32(limit),
	})
	found := make([]wire.PublicRoom, len(rows))
	for i, row := range rows {
		found[i] = wire.PublicRoom{ID: row.ID, Name: row.Name, Topic: row.Topic, Members: row.Members, Joined: row.Joined > 0}
	}
	return found, wrapped("read rooms", err)
}

func (t chatTx) AnyRoom(ctx context.Context) (bool, error) {
	any, err := t.q.AnyRoom(ctx)
	return any, wrapped("look for rooms", err)
}

func (t chatTx) Seat(ctx context.Context, roomID, userID string) (chat.Seat, error) {
	row, err := t.q.Seat(ctx, queries.SeatParams{RoomID: roomID, AccountID: userID})
	return chat.Seat{Role: row.Role, Read: row.ReadNumber}, none("read a membership", err)
}

func (t chatTx) SeatsOf(ctx context.Context, roomID, after string, limit int) ([]wire.Member, error) {
	rows, err := t.q.SeatsOf(ctx, queries.SeatsOfParams{RoomID: roomID, Username: after, Limit: int32(limit)})
	found := make([]wire.Member, len(rows))
	for i, row := range rows {
		found[i] = wire.Member{
			Person: wire.Person{ID: row.ID, Username: row.Username, Name: row.Name, Status: row.Status, Colour: row.Colour},
			Role:   row.Role, JoinedAt: moment(row.JoinedAt),
		}
	}
	return found, wrapped("read members", err)
}

func (t chatTx) CountSeats(ctx context.Context, userID string) (int64, error) {
	if err := t.lockPerson(ctx, userID); err != nil {
		return 0, err
	}
	n, err := t.q.CountSeats(ctx, userID)
	return n, wrapped("count rooms", err)
}

// lockPerson keeps what is counted for a person as it is until the change is done.
func (t chatTx) lockPerson(ctx context.Context, userID string) error {
	if !t.changes {
		return nil
	}
	_, err := t.q.LockAccount(ctx, userID)
	return none("read a person", err)
}

func (t chatTx) Heir(ctx context.Context, roomID string) (string, error) {
	id, err := t.q.Heir(ctx, roomID)
	return id, none("read members", err)
}

func (t chatTx) InsertSeat(ctx context.Context, roomID, userID string, seat chat.Seat, at time.Time) error {
	return wrapped("write a membership", t.q.InsertSeat(ctx, queries.InsertSeatParams{
		RoomID: roomID, AccountID: userID, Role: seat.Role, JoinedAt: millis(at), ReadNumber: seat.Read, Own: seat.Own,
	}))
}

func (t chatTx) DeleteSeat(ctx context.Context, roomID, userID string) error {
	n, err := t.q.DeleteSeat(ctx, queries.DeleteSeatParams{RoomID: roomID, AccountID: userID})
	return written("delete a membership", n, err)
}

func (t chatTx) SetSeatRole(ctx context.Context, roomID, userID, role string) error {
	return wrapped("write a membership", t.q.SetSeatRole(ctx, queries.SetSeatRoleParams{Role: role, RoomID: roomID, AccountID: userID}))
}

func (t chatTx) SetSeatRead(ctx context.Context, roomID, userID string, number int64) error {
	return wrapped("write a marker", t.q.SetSeatRead(ctx, queries.SetSeatReadParams{ReadNumber: number, RoomID: roomID, AccountID: userID}))
}
