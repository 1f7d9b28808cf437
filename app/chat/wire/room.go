package wire

import (
	"time"

	"github.com/yodelrt/yodel/realtime/shape"
)

// The kinds of rooms.
const (
	Public  = "public"  // everybody may find and join it
	Private = "private" // nobody knows of it but its members
	Direct  = "direct"  // between two people, for good
)

// The roles in a room, each of which includes the one before.
const (
	RoomMember    = "member"
	RoomModerator = "moderator"
	RoomOwner     = "owner"
)

// Room is what its members know of a room.
type Room struct {
	ID string `json:"id"`
	// Kind is public, private or direct.
	Kind string `json:"kind"`
	// Name is empty in a direct room.
	Name      string    `json:"name"`
	Topic     string    `json:"topic"`
	CreatedBy string    `json:"created_by"`
	CreatedAt time.Time `json:"created_at"`
	// ActiveAt is when the latest message was sent.
	ActiveAt time.Time `json:"active_at"`
	// ArchivedAt is null while the room is in use.
	ArchivedAt *time.Time `json:"archived_at"`
	// Seq is that of the latest event.
	Seq int64 `json:"seq"`
	// Messages is the number of the latest message, 0 for none.
	Messages int64 `json:"messages"`
	// Members is how many there are.
	Members int64 `json:"members"`
}

// MyRoom is a room as one member sees it.
type MyRoom struct {
	Room
	// Role is what the member is here.
	Role string `json:"role"`
	Unread
	// With is the other person of a direct room, null in others.
	With *Person `json:"with"`
}

// Unread is how far a person has read in a room. It is the same on all their
// devices.
type Unread struct {
	// ReadNumber is the number of the latest message that was read.
	ReadNumber int64 `json:"read_number"`
	// Unread is how many came since.
	Unread int64 `json:"unread"`
	// Mentions is how many of those mention the person.
	Mentions int64 `json:"mentions"`
}

// MyRooms are those that a person is in, the latest active first.
type MyRooms struct {
	Rooms shape.List[MyRoom] `json:"rooms"`
}

// RoomRef names a room.
type RoomRef struct {
	RoomID string `json:"room_id"`
}

// BrowseRooms asks for public rooms by name, in its order.
type BrowseRooms struct {
	// Query is part of a name, empty for all.
	Query string `json:"query,omitempty"`
	// After is `next` of the page before.
	After string `json:"after,omitempty"`
	// Limit is 1 to 100, 0 for 50.
	Limit int `json:"limit,omitempty"`
}

// PublicRoom is what everybody may know of a public room.
type PublicRoom struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Topic   string `json:"topic"`
	Members int64  `json:"members"`
	// Joined is true where who asks is a member.
	Joined bool `json:"joined"`
}

// PublicRooms is one page of them.
type PublicRooms struct {
	Rooms shape.List[PublicRoom] `json:"rooms"`
	// Next begins the page that follows, empty for none.
	Next string `json:"next"`
}

// CreateRoom makes a public or a private room, with who asks as its owner.
type CreateRoom struct {
	// Kind is public or private.
	Kind string `json:"kind"`
	// Name has 1 to 80 characters. Open public rooms have different ones.
	Name string `json:"name"`
	// Topic has at most 250 characters.
	Topic string `json:"topic,omitempty"`
}

// DirectRoom finds the direct room with somebody, or makes it.
type DirectRoom struct {
	UserID string `json:"user_id"`
}

// UpdateRoom renames a room or sets its topic; a field that is null stays as it
// is.
type UpdateRoom struct {
	RoomID string  `json:"room_id"`
	Name   *string `json:"name"`
	Topic  *string `json:"topic"`
}

// RoomPerson names somebody in a room, or who shall be: by id or by username.
type RoomPerson struct {
	RoomID   string `json:"room_id"`
	UserID   string `json:"user_id,omitempty"`
	Username string `json:"username,omitempty"`
}

// RoomInvitation is a room that somebody is invited into. Until they accept they
// are not in it, and know no more of it than this.
type RoomInvitation struct {
	RoomID string `json:"room_id"`
	// Kind is public or private.
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Topic   string `json:"topic"`
	Members int64  `json:"members"`
	// By is who invites.
	By Person    `json:"by"`
	At time.Time `json:"at"`
}

// RoomInvitations are those of one person, the latest 100.
type RoomInvitations struct {
	Invitations shape.List[RoomInvitation] `json:"invitations"`
}

// Kept is somebody whom a room keeps in mind without having them as a member: they
// are invited, or banned.
type Kept struct {
	Person Person `json:"person"`
	// By is the id of who invited or banned them.
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// KeptPeople is one page of them.
type KeptPeople struct {
	People shape.List[Kept] `json:"people"`
	// More is true where another page follows.
	More bool `json:"more"`
}

// SetRoomRole makes a member owner, moderator or member of a room.
type SetRoomRole struct {
	RoomID string `json:"room_id"`
	UserID string `json:"user_id"`
	Role   string `json:"role"`
}

// MembersQuery asks for members of a room by username, in its order.
type MembersQuery struct {
	RoomID string `json:"room_id"`
	// After is the last username of the page before.
	After string `json:"after,omitempty"`
	// Limit is 1 to 200, 0 for 100.
	Limit int `json:"limit,omitempty"`
}

// Member is somebody in a room.
type Member struct {
	Person   Person    `json:"person"`
	Role     string    `json:"role"`
	JoinedAt time.Time `json:"joined_at"`
}

// Members is one page of them.
type Members struct {
	Members shape.List[Member] `json:"members"`
	// More is true where another page follows.
	More bool `json:"more"`
}
