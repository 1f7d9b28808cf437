package live

import (
	"errors"
	"time"

	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/realtime"
)

// channels lists every channel of the chat, who follows it and what it carries.
func (l *Live) channels() error {
	inRoom := realtime.AllowSubscribe(l.follows)
	return errors.Join(
		l.Hub.Channel("room:{id}", realtime.ChannelOptions{History: 200, HistoryTTL: time.Hour, Recover: true}, inRoom,
			realtime.WithEvent[wire.MessageSent](), realtime.WithEvent[wire.MessageEdited](), realtime.WithEvent[wire.MessageDeleted](), realtime.WithEvent[wire.MessageNotice](),
			realtime.WithEvent[wire.ReactionChanged](), realtime.WithEvent[wire.MemberJoined](), realtime.WithEvent[wire.MemberLeft](),
			realtime.WithEvent[wire.MemberChanged](), realtime.WithEvent[wire.RoomUpdated]()),
		l.Hub.Channel("room:{id}:typing", realtime.ChannelOptions{}, inRoom, realtime.WithEvent[wire.Typing]()),
		l.Hub.Channel("user:{id}", realtime.ChannelOptions{History: 50, HistoryTTL: time.Hour, Recover: true}, realtime.AllowSubscribe(itself),
			realtime.WithEvent[wire.RoomAdded](), realtime.WithEvent[wire.RoomRemoved](), realtime.WithEvent[wire.UnreadChanged](),
			realtime.WithEvent[wire.SessionsChanged](), realtime.WithEvent[wire.InvitationAdded](), realtime.WithEvent[wire.InvitationRemoved](),
			realtime.WithEvent[wire.BlockChanged]()),
		l.Hub.Channel(chat.PresenceChannel, realtime.ChannelOptions{Presence: true, JoinLeave: true, MaxPresence: maxPresence + 500},
			realtime.AllowSubscribe(l.fewEnough), realtime.WithEvent[wire.PersonChanged]()),
		realtime.Message[wire.Announced](l.Hub),
	)
}
