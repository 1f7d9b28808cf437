package chat

import (
	"context"
	"errors"
	"time"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/lease"
)

// Store runs work on what the chat keeps. Change carries all of it out or
// nothing; View only reads, and may see the work of others in between.
type Store interface {
	View(ctx context.Context, work func(Tx) error) error
	Change(ctx context.Context, work func(Tx) error) error
}

// Tx is what work may do. What is looked for and not there is [ErrNone].
type Tx interface {
	People
	Rooms
	RoomLists
	Seats
	SeatChanges
	Messages
	Pages
	Reactions
	Announcements
	Outbox
	lease.Store // whose holder empties the outbox
}

// ErrNone says that there is none.
var ErrNone = errors.New("none")

// Actor is who wants something, as the store knows them at this moment.
type Actor struct {
	wire.Person
	Role     account.Role
	Disabled bool
}

// Seat is somebody's membership of a room.
type Seat struct {
	Role string
	// Read is the number of the latest message that was read.
	Read int64
}

// People finds people.
type People interface {
	PersonByID(ctx context.Context, id string) (Actor, error)
	PersonByUsername(ctx context.Context, username string) (Actor, error)
	PeopleLike(ctx context.Context, part, after string, limit int) ([]wire.Person, error)
	SetProfile(ctx context.Context, p wire.Person) error
}

// Rooms keeps rooms.
type Rooms interface {
	// RoomByID reads a room. In a Change nobody else can change the room from
	// then on until the work is done.
	RoomByID(ctx context.Context, id string) (wire.Room, error)
	// DirectRoom finds a direct room by its key.
	DirectRoom(ctx context.Context, key string) (string, error)
	// InsertRoom reports false where the name or the direct key is taken.
	// Either may be empty for none.
	InsertRoom(ctx context.Context, room wire.Room, nameKey, directKey string) (bool, error)
	// UpdateRoom returns [ErrNone] where the name is taken.
	UpdateRoom(ctx context.Context, room wire.Room, nameKey string) error
}

// RoomLists lists rooms.
type RoomLists interface {
	RoomsOf(ctx context.Context, userID string) ([]wire.MyRoom, error)
	RoomOf(ctx context.Context, userID, roomID string) (wire.MyRoom, error)
	// PublicRooms lists open public rooms by their folded names.
	PublicRooms(ctx context.Context, userID, part, after string, limit int) ([]wire.PublicRoom, error)
	AnyRoom(ctx context.Context) (bool, error)
}

// Seats reads who is in a room.
type Seats interface {
	Seat(ctx context.Context, roomID, userID string) (Seat, error)
	SeatsOf(ctx context.Context, roomID, after string, limit int) ([]wire.Member, error)
	CountSeats(ctx context.Context, userID string) (int64, error)
	// Heir is who stands highest in a room, and has been there longest.
	Heir(ctx context.Context, roomID string) (string, error)
}

// SeatChanges changes who is in a room.
type SeatChanges interface {
	InsertSeat(ctx context.Context, roomID, userID string, seat Seat, at time.Time) error
	DeleteSeat(ctx context.Context, roomID, userID string) error
	SetSeatRole(ctx context.Context, roomID, userID, role string) error
	// SetSeatRead never moves the marker back.
	SetSeatRead(ctx context.Context, roomID, userID string, number int64) error
}

// Messages keeps messages.
type Messages interface {
	MessageByID(ctx context.Context, id string) (wire.Message, error)
	MessageByKey(ctx context.Context, roomID, userID, key string) (wire.Message, error)
	// InsertMessage and UpdateMessage keep the mentions as well.
	InsertMessage(ctx context.Context, m wire.Message) error
	UpdateMessage(ctx context.Context, m wire.Message) error
}

// Pages reads many messages, reactions included, as one person sees them: as many
// as limit, or fewer where they are long, but one at least where there is one.
type Pages interface {
	MessagesBefore(ctx context.Context, userID, roomID string, number int64, limit int) ([]wire.Message, error)
	MessagesAfter(ctx context.Context, userID, roomID string, number int64, limit int) ([]wire.Message, error)
	// MessagesChanged reports whether there are more.
	MessagesChanged(ctx context.Context, userID, roomID string, since int64, limit int) (found []wire.Message, more bool, err error)
	CountMentions(ctx context.Context, userID, roomID string, after int64) (int64, error)
}

// Reactions keeps reactions.
type Reactions interface {
	// SetReaction reports whether that changed anything.
	SetReaction(ctx context.Context, m wire.Message, emoji, userID string, on bool) (bool, error)
	ReactionsOf(ctx context.Context, m wire.Message, userID string) ([]wire.Reaction, error)
	ReactedWith(ctx context.Context, m wire.Message, emoji string, limit int) ([]wire.Person, error)
	DeleteReactions(ctx context.Context, m wire.Message) error
}

// Announcements keeps announcements.
type Announcements interface {
	// InsertAnnouncement reports false where the author used the key before.
	InsertAnnouncement(ctx context.Context, a wire.Announcement, key string) (bool, error)
	AnnouncementByKey(ctx context.Context, userID, key string) (wire.Announcement, error)
	LatestAnnouncement(ctx context.Context) (wire.Announcement, error)
}

// Outbox keeps what is still to be told.
type Outbox interface {
	InsertTask(ctx context.Context, t Task) error
	Tasks(ctx context.Context, limit int) ([]Task, error)
	DeleteTask(ctx context.Context, id string) error
}
