package live

import (
	"context"
	"errors"

	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/rpc"
	"github.com/yodelrt/yodel/realtime"
)

// calls lists every call of the chat.
func (l *Live) calls() error {
	return errors.Join(
		realtime.RPC(l.Hub, "room.list", rpc.By(l.chat.MyRooms)),
		realtime.RPC(l.Hub, "room.get", rpc.By(l.chat.Room)),
		realtime.RPC(l.Hub, "room.browse", rpc.By(l.chat.BrowseRooms)),
		realtime.RPC(l.Hub, "room.create", rpc.By(l.chat.CreateRoom)),
		realtime.RPC(l.Hub, "room.direct", rpc.By(l.chat.DirectRoom)),
		realtime.RPC(l.Hub, "room.update", rpc.By(l.chat.UpdateRoom)),
		realtime.RPC(l.Hub, "room.archive", rpc.By(l.chat.ArchiveRoom)),
		realtime.RPC(l.Hub, "room.join", rpc.By(l.chat.JoinRoom)),
		realtime.RPC(l.Hub, "room.leave", rpc.By(l.chat.LeaveRoom)),
		realtime.RPC(l.Hub, "room.invite", rpc.By(l.chat.Invite)),
		realtime.RPC(l.Hub, "room.invited", rpc.By(l.chat.Invited)),
		realtime.RPC(l.Hub, "room.uninvite", rpc.By(l.chat.Uninvite)),
		realtime.RPC(l.Hub, "room.remove", rpc.By(l.chat.RemoveMember)),
		realtime.RPC(l.Hub, "room.ban", rpc.By(l.chat.Ban)),
		realtime.RPC(l.Hub, "room.unban", rpc.By(l.chat.Unban)),
		realtime.RPC(l.Hub, "room.banned", rpc.By(l.chat.Banned)),
		realtime.RPC(l.Hub, "room.role", rpc.By(l.chat.SetRoomRole)),
		realtime.RPC(l.Hub, "room.members", rpc.By(l.chat.Members)),
		realtime.RPC(l.Hub, "room.history", rpc.By(l.chat.History)),
		realtime.RPC(l.Hub, "room.sync", rpc.By(l.chat.Sync)),

		realtime.RPC(l.Hub, "invitation.list", rpc.By(l.chat.Invitations)),
		realtime.RPC(l.Hub, "invitation.accept", rpc.By(l.chat.Accept)),
		realtime.RPC(l.Hub, "invitation.decline", rpc.By(l.chat.Decline)),

		realtime.RPC(l.Hub, "message.send", rpc.By(l.chat.Send)),
		realtime.RPC(l.Hub, "message.edit", rpc.By(l.chat.Edit)),
		realtime.RPC(l.Hub, "message.delete", rpc.By(l.chat.Delete)),
		realtime.RPC(l.Hub, "reaction.set", rpc.By(l.chat.SetReaction)),
		realtime.RPC(l.Hub, "reaction.people", rpc.By(l.chat.Reacted)),
		realtime.RPC(l.Hub, "read.mark", rpc.By(l.chat.MarkRead)),
		realtime.RPC(l.Hub, "typing.set", l.typing),

		realtime.RPC(l.Hub, "people.list", rpc.By(l.chat.PeopleLike)),
		realtime.RPC(l.Hub, "people.get", rpc.By(l.chat.Person)),
		realtime.RPC(l.Hub, "people.online", l.online),
		realtime.RPC(l.Hub, "people.block", rpc.By(l.chat.Block)),
		realtime.RPC(l.Hub, "people.unblock", rpc.By(l.chat.Unblock)),
		realtime.RPC(l.Hub, "people.blocked", rpc.By(l.chat.BlockedPeople)),
		realtime.RPC(l.Hub, "profile.get", rpc.By(l.chat.Me)),
		realtime.RPC(l.Hub, "profile.set", rpc.By(l.chat.SetProfile)),
		realtime.RPC(l.Hub, "announcement.send", rpc.By(l.chat.Announce)),
	)
}

// typing shows the others of a room that somebody types. What comes too often is
// left out, and counted.
func (l *Live) typing(ctx context.Context, c *realtime.Conn, in wire.RoomRef) (wire.Nothing, error) {
	shown, err := l.chat.Typing(ctx, c.Principal().UserID, in)
	if chat.TooOften(err) {
		return wire.Nothing{}, nil
	}
	if err != nil {
		return wire.Nothing{}, rpc.Spoken(err)
	}
	_, err = realtime.PublishEvent(ctx, l.Hub, chat.TypingChannel(shown.RoomID), shown, realtime.Except(c.ID()))
	return wire.Nothing{}, err
}

// online answers who of some people has a connection to this node, or follows
// who comes and goes on another.
func (l *Live) online(ctx context.Context, c *realtime.Conn, in wire.OnlineQuery) (wire.Online, error) {
	if err := l.chat.CheckOnline(c.Principal().UserID, in); err != nil {
		return wire.Online{}, rpc.Spoken(err)
	}
	present, err := l.presence.Present(ctx, chat.PresenceChannel, -1)
	if err != nil {
		l.log.Error("it could not be told who is online", "error", err)
		return wire.Online{}, realtime.ErrCheckUnavailable
	}
	elsewhere := map[string]bool{}
	for _, one := range present {
		elsewhere[one.User] = true
	}
	found := wire.Online{UserIDs: []string{}}
	for _, id := range in.UserIDs {
		if elsewhere[id] || len(l.Hub.Snapshot(realtime.ByUser(id))) > 0 {
			found.UserIDs = append(found.UserIDs, id)
		}
	}
	return found, nil
}
