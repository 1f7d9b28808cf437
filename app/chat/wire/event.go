package wire

import (
	"time"

	"github.com/yodelrt/yodel/realtime/shape"
)

// The events of `room:{id}`. Each names the room and has its seq: one more than
// the event before it.
type (
	// MessageSent is a new message.
	MessageSent struct {
		RoomID  string  `json:"room_id"`
		Seq     int64   `json:"seq"`
		Message Message `json:"message"`
	}
	// MessageEdited is a new text; everything else of the message stays.
	MessageEdited struct {
		RoomID    string              `json:"room_id"`
		Seq       int64               `json:"seq"`
		MessageID string              `json:"message_id"`
		Number    int64               `json:"number"`
		Text      string              `json:"text"`
		Mentions  shape.List[Mention] `json:"mentions"`
		EditedAt  time.Time           `json:"edited_at"`
	}
	// MessageDeleted leaves the place of a message empty; its reactions are gone.
	MessageDeleted struct {
		RoomID    string    `json:"room_id"`
		Seq       int64     `json:"seq"`
		MessageID string    `json:"message_id"`
		Number    int64     `json:"number"`
		DeletedAt time.Time `json:"deleted_at"`
		DeletedBy string    `json:"deleted_by"`
	}
	// MessageNotice follows message.sent and message.edited with their seq. It
	// stands for them in the channel's history, which keeps no words: who recovers
	// it, or gets it without the event, has missed that and asks room.sync.
	MessageNotice struct {
		RoomID    string `json:"room_id"`
		Seq       int64  `json:"seq"`
		MessageID string `json:"message_id"`
		Number    int64  `json:"number"`
		// Edited tells message.edited from message.sent.
		Edited bool `json:"edited,omitempty"`
	}
	// ReactionChanged is one person's emoji, set or taken away.
	ReactionChanged struct {
		RoomID    string `json:"room_id"`
		Seq       int64  `json:"seq"`
		MessageID string `json:"message_id"`
		Number    int64  `json:"number"`
		Emoji     string `json:"emoji"`
		UserID    string `json:"user_id"`
		On        bool   `json:"on"`
		// Count is how many have set it now.
		Count int64 `json:"count"`
	}
	// MemberJoined is somebody who came in or was invited.
	MemberJoined struct {
		RoomID string `json:"room_id"`
		Seq    int64  `json:"seq"`
		Member Member `json:"member"`
		// By is who invited them, empty for nobody.
		By string `json:"by,omitempty"`
	}
	// MemberLeft is somebody who left or was removed.
	MemberLeft struct {
		RoomID string `json:"room_id"`
		Seq    int64  `json:"seq"`
		UserID string `json:"user_id"`
		// By is who removed them, empty for those who left.
		By string `json:"by,omitempty"`
	}
	// MemberChanged is a new role of a member in the room.
	MemberChanged struct {
		RoomID string `json:"room_id"`
		Seq    int64  `json:"seq"`
		UserID string `json:"user_id"`
		Role   string `json:"role"`
	}
	// RoomUpdated is a new name or topic, or that the room was archived.
	RoomUpdated struct {
		RoomID string `json:"room_id"`
		Seq    int64  `json:"seq"`
		Room   Room   `json:"room"`
	}
)

// Typing is the only event of `room:{id}:typing`. It is not kept: show it for six
// seconds, or until the person's message arrives.
type Typing struct {
	RoomID   string `json:"room_id"`
	UserID   string `json:"user_id"`
	Username string `json:"username"`
	Name     string `json:"name"`
}

// The events of `user:{id}`: everything that concerns one person, on all their
// devices.
type (
	// RoomAdded is a room that the person is in from now on.
	RoomAdded struct {
		Room MyRoom `json:"room"`
		// By is who invited them, empty for nobody.
		By string `json:"by,omitempty"`
	}
	// RoomRemoved is a room that the person is no longer in.
	RoomRemoved struct {
		RoomID string `json:"room_id"`
		// By is who removed them, empty when they left.
		By string `json:"by,omitempty"`
	}
	// UnreadChanged is a read marker that moved, on whichever device.
	UnreadChanged struct {
		RoomID string `json:"room_id"`
		Unread
	}
	// SessionsChanged says that a device has signed in or out: read
	// /api/sessions again.
	SessionsChanged struct{}
	// InvitationAdded is a room that the person is invited into.
	InvitationAdded struct {
		Invitation RoomInvitation `json:"invitation"`
	}
	// InvitationRemoved is an invitation that was answered or taken back.
	InvitationRemoved struct {
		RoomID string `json:"room_id"`
	}
	// BlockChanged is somebody whom the person has blocked, or no longer blocks.
	BlockChanged struct {
		Person  Person `json:"person"`
		Blocked bool   `json:"blocked"`
	}
)

// PersonChanged is the only event of `presence` besides who comes and goes: a new
// name, status or colour.
type PersonChanged struct {
	Person Person `json:"person"`
}

// Announced is the only message outside of any channel.
type Announced struct {
	Announcement Announcement `json:"announcement"`
}
