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
			realtime.Carries[wire.MessageSent](), realtime.Carries[wire.MessageEdited](), realtime.Carries[wire.MessageDeleted](),
			realtime.Carries[wire.ReactionChanged](), realtime.Carries[wire.MemberJoined](), realtime.Carries[wire.MemberLeft](),
			realtime.Carries[wire.MemberChanged](), realtime.Carries[wire.RoomUpdated]()),
		l.Hub.Channel("room:{id}:typing", realtime.ChannelOptions{}, inRoom, realtime.Carries[wire.Typing]()),
		l.Hub.Channel("user:{id}", realtime.ChannelOptions{History: 50, HistoryTTL: time.Hour, Recover: true}, realtime.AllowSubscribe(itself),
			realtime.Carries[wire.RoomAdded](), realtime.Carries[wire.RoomRemoved](), realtime.Carries[wire.UnreadChanged](),
			realtime.Carries[wire.SessionsChanged]()),
		l.Hub.Channel(chat.PresenceChannel, realtime.ChannelOptions{Presence: true, JoinLeave: true, MaxPresence: maxPresence + 500},
			realtime.AllowSubscribe(l.fewEnough), realtime.Carries[wire.PersonChanged]()),
		realtime.Message[wire.Announced](l.Hub),
	)
}
