// Package lobby is what /ws says: one channel for everybody who is signed in,
// whose history is kept for those who come back, and who is there.
package lobby

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/realtime"
)

// Accounts finds people.
type Accounts interface {
	ByID(ctx context.Context, id string) (account.Account, error)
}

// Channel is the one that everybody may join.
const Channel = "lobby"

// Say is what a client sends to speak.
type Say struct {
	// Text has 1 to 2,000 characters.
	Text string `json:"text"`
}

// Said is what everybody in the lobby hears.
type Said struct {
	From string    `json:"from"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

const maxText = 2000 // characters

// errText is an error of this application (400 to 1999).
var errText = &realtime.Error{Code: 400, Message: "a message has 1 to 2,000 characters"}

// New builds the hub. Hooks in config are replaced.
func New(config realtime.Config, accounts Accounts) (*realtime.Hub, error) {
	config.Connect = func(ctx context.Context, c *realtime.Conn, _ realtime.ConnectEvent) (realtime.ConnectReply, error) {
		who, err := accounts.ByID(ctx, c.Principal().UserID)
		if err != nil {
			return realtime.ConnectReply{}, err
		}
		info, err := json.Marshal(map[string]string{"name": who.Name, "username": who.Username})
		return realtime.ConnectReply{Info: info}, err
	}
	hub, err := realtime.New(config)
	if err != nil {
		return nil, err
	}
	options := realtime.ChannelOptions{History: 100, HistoryTTL: 24 * time.Hour, Recover: true, Presence: true, JoinLeave: true}
	if err := hub.Channel(Channel, options, realtime.AllowSubscribe(realtime.Everybody)); err != nil {
		return nil, err
	}
	realtime.RPC(hub, "lobby.say", func(ctx context.Context, c *realtime.Conn, in Say) (Said, error) {
		return say(ctx, hub, accounts, c, in)
	})
	return hub, nil
}

// say publishes what somebody has said, under the name that the server knows.
func say(ctx context.Context, hub *realtime.Hub, accounts Accounts, c *realtime.Conn, in Say) (Said, error) {
	if n := utf8.RuneCountInString(in.Text); n == 0 || n > maxText {
		return Said{}, errText
	}
	who, err := accounts.ByID(ctx, c.Principal().UserID)
	if err != nil {
		return Said{}, fmt.Errorf("find who speaks: %w", err)
	}
	said := Said{From: who.Username, Text: in.Text, At: time.Now().UTC()}
	event, err := realtime.Event(said)
	if err != nil {
		return Said{}, err
	}
	if _, err := hub.Publish(ctx, Channel, event); err != nil {
		return Said{}, err
	}
	return said, nil
}
