package chat

import (
	"context"
	"errors"
	"time"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/audit"
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
	RoomChanges
	Seats
	SeatChanges
	Blocks
	Invitations
	InvitationLists
	Bans
	Audit
	Messages
	MessageChanges
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
	// Own is true where they have come in by their own choice; it is written and
	// not read. The others don't count towards how many rooms they can be in.
	Own bool
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
}

// RoomChanges changes rooms, each method its own columns. Where the room is no
// longer as it was when it was read, they change nothing: [ErrNone].
type RoomChanges interface {
	// AdvanceRoom writes how many events, messages and members there are, and when
	// the latest message came, if the latest event is still the one that was.
	AdvanceRoom(ctx context.Context, room wire.Room, was int64) error
	// NameRoom writes name and topic of an open room, and reports false where the
	// name is taken.
	NameRoom(ctx context.Context, room wire.Room, name NameKey) (bool, error)
	// ArchiveRoom archives an open room and gives its name free.
	ArchiveRoom(ctx context.Context, roomID string, at time.Time) error
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
	AnyRoom(ctx context.Context) (bool, error)
}

// Seats reads who is in a room.
type Seats interface {
	Seat(ctx context.Context, roomID, userID string) (Seat, error)
	SeatsOf(ctx context.Context, roomID, after string, limit int) ([]wire.Member, error)
	// CountSeats counts those that somebody has taken by their own choice. In a
	// Change nobody else makes the person a member of another from then on until the
	// work is done.
	CountSeats(ctx context.Context, userID string) (int64, error)
	// Heir is who stands highest in a room, and has been there longest.
	Heir(ctx context.Context, roomID string) (string, error)
}

// SeatChanges changes who is in a room.
type SeatChanges interface {
	InsertSeat(ctx context.Context, roomID, userID string, seat Seat, at time.Time) error
	// DeleteSeat returns [ErrNone] where there is none.
	DeleteSeat(ctx context.Context, roomID, userID string) error
	SetSeatRole(ctx context.Context, roomID, userID, role string) error
	// SetSeatRead never moves the marker back.
	SetSeatRead(ctx context.Context, roomID, userID string, number int64) error
}

// Messages keeps messages.
type Messages interface {
	MessageByID(ctx context.Context, id string) (wire.Message, error)
	// MessageWithKey has the key that it was sent with, too.
	MessageWithKey(ctx context.Context, id string) (wire.Message, error)
	MessageByKey(ctx context.Context, roomID, userID, key string) (wire.Message, error)
	// InsertMessage keeps the mentions as well.
	InsertMessage(ctx context.Context, m wire.Message) error
}

// MessageChanges changes messages, each method its own columns. Where a message
// was deleted, or changed later than its Rev, they change nothing: [ErrNone].
type MessageChanges interface {
	// EditMessage writes the text and who is mentioned.
	EditMessage(ctx context.Context, m wire.Message) error
	// EmptyMessage takes text, mentions and reactions away.
	EmptyMessage(ctx context.Context, m wire.Message) error
	// TouchMessage writes that something about a message has changed.
	TouchMessage(ctx context.Context, m wire.Message) error
}

// Blocks keeps who has blocked whom.
type Blocks interface {
	// SetBlock reports whether that changed anything.
	SetBlock(ctx context.Context, by, whom string, on bool, at time.Time) (bool, error)
	Blocks(ctx context.Context, by, whom string) (bool, error)
	BlockedBy(ctx context.Context, userID string) ([]wire.Person, error)
	// BlockersIn returns who has blocked the other, of a person and those who are
	// in a room with them.
	BlockersIn(ctx context.Context, roomID, userID string) ([]string, error)
}

// Invitation is one into a room that was not answered yet.
type Invitation struct {
	RoomID, UserID, By string
	At                 time.Time
}

// InvitationFilter chooses invitations: a field that is empty chooses all.
type InvitationFilter struct {
	RoomID, UserID, By string
	// Until is when they were made at the latest, zero for any time.
	Until time.Time
}

// Invitations keeps them.
type Invitations interface {
	// InsertInvitation reports false where the person is invited there already.
	InsertInvitation(ctx context.Context, i Invitation) (bool, error)
	Invitation(ctx context.Context, roomID, userID string, since time.Time) (Invitation, error)
	// EndInvitations deletes them and returns which.
	EndInvitations(ctx context.Context, which InvitationFilter) ([]Invitation, error)
	// CountInvitations counts those that somebody has made, to one person or, where
	// whom is empty, to all.
	CountInvitations(ctx context.Context, by, whom string, since time.Time) (int64, error)
}

// InvitationLists lists them.
type InvitationLists interface {
	// InvitationsOf lists those of a person, the latest first.
	InvitationsOf(ctx context.Context, userID string, since time.Time, limit int) ([]wire.RoomInvitation, error)
	// InvitedTo lists who is invited into a room, by username.
	InvitedTo(ctx context.Context, roomID string, since time.Time, after string, limit int) ([]wire.Kept, error)
}

// Bans keeps who may not come into a public room.
type Bans interface {
	// SetBan reports whether that changed anything.
	SetBan(ctx context.Context, roomID, userID, by string, on bool, at time.Time) (bool, error)
	Banned(ctx context.Context, roomID, userID string) (bool, error)
	// BannedFrom lists them by username.
	BannedFrom(ctx context.Context, roomID, after string, limit int) ([]wire.Kept, error)
}

// Audit writes into the audit log.
type Audit interface {
	InsertAudit(ctx context.Context, e audit.Entry) error
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
