// Package live offers the chat over the socket: its channels and who may follow
// them, its calls, and the way from the outbox to the hub.
package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
	"github.com/yodelrt/yodel/app/rpc"
	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
)

// Live is the chat on a hub. Build it with [New]. Safe for concurrent use.
type Live struct {
	Hub  *realtime.Hub
	chat *chat.Service
	log  *slog.Logger
	// presence is that of all nodes.
	presence engine.Presence
}

// maxPresence is how many connections there may be for everybody to see who
// comes and goes: each who comes is told to all others.
const maxPresence = 2000

// channels that one connection follows: its rooms, with typing in some of them,
// and a few besides.
const maxChannels = 256

// maxCommands are those of one frame, and at once: a client that comes back sends
// its connect and all subscriptions together, and then asks for what it shows.
const maxCommands = 2 * maxChannels

// New builds the hub of the chat. The Connect hook in config is replaced.
func New(config realtime.Config, service *chat.Service, log *slog.Logger) (*Live, error) {
	l := &Live{chat: service, log: log, presence: config.Engine.Presence}
	config.Connect = l.welcome
	config.Limits.Channels = maxChannels
	config.Limits.CommandsPerFrame, config.Limits.CommandBurst = maxCommands, maxCommands
	hub, err := realtime.New(config)
	if err != nil {
		return nil, err
	}
	l.Hub = hub
	if err := errors.Join(l.channels(), l.calls()); err != nil {
		return nil, err
	}
	return l, nil
}

// follows is the rule of a room's channels. Whoever may not follow a room can't
// tell it from one that does not exist.
func (l *Live) follows(ctx context.Context, c *realtime.Conn, p realtime.Params) error {
	err := l.chat.MayFollow(ctx, c.Principal().UserID, p.Get("id"))
	if err == nil {
		return nil
	}
	var refused *refusal.Error
	if errors.As(err, &refused) {
		return realtime.ErrPermissionDenied
	}
	l.log.Error("it could not be decided who follows a room", "error", err)
	return realtime.ErrInternal
}

// itself is the rule of a person's own channel. The server subscribes them; the
// rule is for those who do it again.
func itself(_ context.Context, c *realtime.Conn, p realtime.Params) error {
	if p.Get("id") != c.Principal().UserID {
		return realtime.ErrPermissionDenied
	}
	return nil
}

func (l *Live) fewEnough(context.Context, *realtime.Conn, realtime.Params) error {
	if l.Hub.Connections() > maxPresence {
		return realtime.ErrNotAvailable
	}
	return nil
}

// welcome tells a connection who it is and what it missed, and follows its own
// channel for it.
func (l *Live) welcome(ctx context.Context, c *realtime.Conn, _ realtime.ConnectEvent) (realtime.ConnectReply, error) {
	userID := c.Principal().UserID
	me, err := l.chat.Me(ctx, userID, wire.Nothing{})
	if err != nil {
		return realtime.ConnectReply{}, rpc.Spoken(err)
	}
	latest, err := l.chat.Latest(ctx, userID)
	if err != nil {
		return realtime.ConnectReply{}, rpc.Spoken(err)
	}
	data, err := json.Marshal(wire.Welcome{Me: me, Announcement: latest, Presence: l.Hub.Connections() <= maxPresence})
	if err != nil {
		return realtime.ConnectReply{}, fmt.Errorf("encode a welcome: %w", err)
	}
	info, err := json.Marshal(wire.PresenceInfo{Username: me.Username, Name: me.Name})
	if err != nil {
		return realtime.ConnectReply{}, fmt.Errorf("encode a presence: %w", err)
	}
	return realtime.ConnectReply{Data: data, Info: info, Channels: []string{chat.UserChannel(userID)}}, nil
}
