package wire

// Event is anything that is told: its type goes in front of its fields on the
// wire, as `type`.
type Event interface{ EventType() string }

// RoomEvent is an event of `room:{id}`.
type RoomEvent interface {
	Event
	ofRoom()
}

// UserEvent is an event of `user:{id}`.
type UserEvent interface {
	Event
	ofUser()
}

// The events of a room.

// EventType is `type` on the wire.
func (MessageSent) EventType() string { return "message.sent" }

// EventType is `type` on the wire.
func (MessageEdited) EventType() string { return "message.edited" }

// EventType is `type` on the wire.
func (MessageDeleted) EventType() string { return "message.deleted" }

// EventType is `type` on the wire.
func (MessageNotice) EventType() string { return "message.notice" }

// EventType is `type` on the wire.
func (ReactionChanged) EventType() string { return "reaction.changed" }

// EventType is `type` on the wire.
func (MemberJoined) EventType() string { return "member.joined" }

// EventType is `type` on the wire.
func (MemberLeft) EventType() string { return "member.left" }

// EventType is `type` on the wire.
func (MemberChanged) EventType() string { return "member.changed" }

// EventType is `type` on the wire.
func (RoomUpdated) EventType() string { return "room.updated" }

// The events of a person.

// EventType is `type` on the wire.
func (RoomAdded) EventType() string { return "room.added" }

// EventType is `type` on the wire.
func (RoomRemoved) EventType() string { return "room.removed" }

// EventType is `type` on the wire.
func (UnreadChanged) EventType() string { return "unread.changed" }

// EventType is `type` on the wire.
func (SessionsChanged) EventType() string { return "sessions.changed" }

// EventType is `type` on the wire.
func (InvitationAdded) EventType() string { return "invitation.added" }

// EventType is `type` on the wire.
func (InvitationRemoved) EventType() string { return "invitation.removed" }

// EventType is `type` on the wire.
func (BlockChanged) EventType() string { return "block.changed" }

// The others.

// EventType is `type` on the wire.
func (Typing) EventType() string { return "typing" }

// EventType is `type` on the wire.
func (PersonChanged) EventType() string { return "person.changed" }

// EventType is `type` on the wire.
func (Announced) EventType() string { return "announced" }

func (MessageSent) ofRoom()     {}
func (MessageEdited) ofRoom()   {}
func (MessageDeleted) ofRoom()  {}
func (MessageNotice) ofRoom()   {}
func (ReactionChanged) ofRoom() {}
func (MemberJoined) ofRoom()    {}
func (MemberLeft) ofRoom()      {}
func (MemberChanged) ofRoom()   {}
func (RoomUpdated) ofRoom()     {}

func (RoomAdded) ofUser()         {}
func (RoomRemoved) ofUser()       {}
func (UnreadChanged) ofUser()     {}
func (SessionsChanged) ofUser()   {}
func (InvitationAdded) ofUser()   {}
func (InvitationRemoved) ofUser() {}
func (BlockChanged) ofUser()      {}
