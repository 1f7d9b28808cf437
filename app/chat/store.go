package chat

import (
	"context"
	"errors"
	"time"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/chat/wire"
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
	Leases
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
	// SetProfile writes what a profile names and nothing else. It is [ErrNone]
	// where the name looks like somebody else's.
	SetProfile(ctx context.Context, id string, p wire.Profile) (wire.Person, error)
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
	InsertRoom(ctx context.Context, room wire.Room, name NameKey, directKey string) (bool, error)
	// UpdateRoom returns [ErrNone] where the name is taken. Where name is nil, the
	// room is neither renamed nor archived.
	UpdateRoom(ctx context.Context, room wire.Room, name *NameKey) error
}

// NameKey is what the name of an open public room is found and told apart by. It
// is empty for other rooms.
type NameKey struct {
	// Folded is without regard to case, width and space.
	Folded string
	// Look is the same for names that look alike.
	Look string
}

// RoomLists lists rooms.
type RoomLists interface {
	RoomsOf(ctx context.Context, userID string) ([]wire.MyRoom, error)
	RoomOf(ctx context.Context, userID, roomID string) (wire.MyRoom, error)
	// PublicRooms lists open public rooms by their folded names.
	PublicRooms(ctx context.Context, userID, part, after string, limit int) ([]wire.PublicRoom, error)
	CountRooms(ctx context.Context) (int64, error)
}

// Seats reads who is in a room.
type Seats interface {
	Seat(ctx context.Context, roomID, userID string) (Seat, error)
	SeatsOf(ctx context.Context, roomID, after string, limit int) ([]wire.Member, error)
	// CountSeats counts rooms. In a Change nobody else makes the person a member
	// of another from then on until the work is done.
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

// Pages reads many messages, reactions included, as one person sees them.
type Pages interface {
	MessagesBefore(ctx context.Context, userID, roomID string, number int64, limit int) ([]wire.Message, error)
	MessagesAfter(ctx context.Context, userID, roomID string, number int64, limit int) ([]wire.Message, error)
	MessagesChanged(ctx context.Context, userID, roomID string, since int64, limit int) ([]wire.Message, error)
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

// Lease is who empties the outbox: one process at a time, on however many the
// chat runs.
type Lease struct {
	// Holder is empty while nobody does.
	Holder string
	// Beat is another one each time that the lease is taken or given back.
	Beat int64
}

// Leases keeps it.
type Leases interface {
	Lease(ctx context.Context) (Lease, error)
	// MoveLease gives the lease to a holder, empty for nobody, and reports false
	// where it is no longer as it was.
	MoveLease(ctx context.Context, from Lease, holder string) (bool, error)
}
