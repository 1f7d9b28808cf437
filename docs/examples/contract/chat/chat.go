// Package chat is an application's own part: its types, and a hub that carries
// them. Mount the hub as in the other examples.
package chat

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
)

//go:generate go run ../gen

// Message is one that was sent to a room.
type Message struct {
	ID   string    `json:"id"`
	From string    `json:"from"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// EventType tells it from the other events of a room.
func (Message) EventType() string { return "message.sent" }

// Erased says that a message is gone.
type Erased struct {
	ID string `json:"id"`
}

// EventType tells it from the other events of a room.
func (Erased) EventType() string { return "message.erased" }

// Send is what a client asks for to say something.
type Send struct {
	Room string `json:"room"`
	Text string `json:"text"`
}

// Erase is what a client asks for to take it back.
type Erase struct {
	Room string `json:"room"`
	ID   string `json:"id"`
}

// New builds the hub. principal is package middleware's, or your own.
func New(principal func(context.Context) (realtime.Principal, bool)) (*realtime.Hub, error) {
	hub, err := realtime.New(realtime.Config{Principal: principal, Engine: memory.New()})
	if err != nil {
		return nil, err
	}
	options := realtime.ChannelOptions{History: 100, HistoryTTL: time.Hour, Recover: true}
	err = hub.Channel("room:{id}", options, realtime.WithEvent[Message](), realtime.WithEvent[Erased](), realtime.AllowSubscribe(realtime.AllowAll))
	if err != nil {
		return nil, err
	}
	var last atomic.Int64
	sends := realtime.RPC(hub, "message.send", func(ctx context.Context, c *realtime.Conn, in Send) (Message, error) {
		message := Message{strconv.FormatInt(last.Add(1), 10), c.Principal().UserID, in.Text, time.Now().UTC()}
		_, err := realtime.PublishEvent(ctx, hub, "room:"+in.Room, message)
		return message, err
	})
	erases := realtime.RPC(hub, "message.erase", func(ctx context.Context, _ *realtime.Conn, in Erase) (struct{}, error) {
		_, err := realtime.PublishEvent(ctx, hub, "room:"+in.Room, Erased{in.ID})
		return struct{}{}, err
	})
	return hub, errors.Join(sends, erases)
}
