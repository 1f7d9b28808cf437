package wire

import (
	"time"

	"github.com/yodelrt/yodel/realtime/shape"
)

// Message is one of a room.
type Message struct {
	ID     string `json:"id"`
	RoomID string `json:"room_id"`
	// Number is its place in the room, from 1.
	Number int64  `json:"number"`
	Author Person `json:"author"`
	// Text is markdown without HTML; empty in one that was deleted.
	Text string `json:"text"`
	// Mentions are the members that the text names with an @.
	Mentions shape.List[Mention] `json:"mentions"`
	// Reactions are empty in events; room.history and room.sync fill them.
	Reactions shape.List[Reaction] `json:"reactions"`
	SentAt    time.Time            `json:"sent_at"`
	// EditedAt is null for a message as it was sent.
	EditedAt *time.Time `json:"edited_at"`
	// DeletedAt is null for a message that stands.
	DeletedAt *time.Time `json:"deleted_at"`
	// DeletedBy is who did, empty for nobody.
	DeletedBy string `json:"deleted_by,omitempty"`
	// Rev is the room's seq at its latest change. Of two versions the one with
	// the higher rev counts.
	Rev int64 `json:"rev"`
	// Key is the one that the sender chose: in the answer to message.send, in
	// message.sent, and for the sender in room.history and room.sync.
	Key string `json:"key,omitempty"`
}

// Mention is a member whom a text names.
type Mention struct {
	UserID   string `json:"user_id"`
	Username string `json:"username"`
}

// Reaction is how many have answered a message with an emoji.
type Reaction struct {
	Emoji string `json:"emoji"`
	Count int64  `json:"count"`
	// Mine is true where who asks is one of them.
	Mine bool `json:"mine"`
}

// SendMessage says something in a room.
type SendMessage struct {
	RoomID string `json:"room_id"`
	// Key is a UUID that the client chooses when the person presses enter, and
	// keeps for every retry: the message is stored and published once.
	Key string `json:"key"`
	// Text has 1 to 4,000 characters.
	Text string `json:"text"`
}

// EditMessage changes the text of a message of one's own.
type EditMessage struct {
	MessageID string `json:"message_id"`
	// Text has 1 to 4,000 characters.
	Text string `json:"text"`
}

// MessageRef names a message.
type MessageRef struct {
	MessageID string `json:"message_id"`
}

// SetReaction adds an emoji of one's own to a message, or takes it away.
type SetReaction struct {
	MessageID string `json:"message_id"`
	// Emoji is one.
	Emoji string `json:"emoji"`
	On    bool   `json:"on"`
}

// ReactionQuery asks who has answered with an emoji.
type ReactionQuery struct {
	MessageID string `json:"message_id"`
	Emoji     string `json:"emoji"`
}

// HistoryQuery asks for messages of a room by their numbers. At most one of
// Before, After, Around and AroundID is set; none asks for the latest.
type HistoryQuery struct {
	RoomID string `json:"room_id"`
	// Before and After are exclusive.
	Before int64 `json:"before,omitempty"`
	After  int64 `json:"after,omitempty"`
	// Around is in the middle of the page.
	Around int64 `json:"around,omitempty"`
	// AroundID is the id of the message in the middle, as in a link.
	AroundID string `json:"around_id,omitempty"`
	// Limit is 1 to 200, 0 for 50.
	Limit int `json:"limit,omitempty"`
}

// History is one page of messages, oldest first.
type History struct {
	Messages shape.List[Message] `json:"messages"`
	// HasBefore and HasAfter say whether there is more on either side.
	HasBefore bool `json:"has_before"`
	HasAfter  bool `json:"has_after"`
	// Seq is the room's when the page was read: the events up to it are in the
	// page.
	Seq int64 `json:"seq"`
}

// SyncQuery asks what has changed in a room since an event.
type SyncQuery struct {
	RoomID string `json:"room_id"`
	// Since is the seq of the latest event that the client has.
	Since int64 `json:"since"`
	// Limit is 1 to 200, 0 for 100.
	Limit int `json:"limit,omitempty"`
}

// Sync are the messages that were sent, edited, deleted or reacted to since,
// each as it is now, by rev.
type Sync struct {
	Room     MyRoom              `json:"room"`
	Messages shape.List[Message] `json:"messages"`
	// Seq is where to go on: everything up to it has been told.
	Seq int64 `json:"seq"`
	// More is true where the client must ask again from Seq. One that would
	// have to ask often reads the latest page of room.history instead.
	More bool `json:"more"`
}

// MarkRead says that a person has read a room up to a message. A number below
// the marker changes nothing.
type MarkRead struct {
	RoomID string `json:"room_id"`
	Number int64  `json:"number"`
}
