// Package lobby is one channel for everybody who is signed in,
// whose history is kept for those who come back, and who is there.
package lobby

import (
	"context"
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
	// From is the username of who has said it.
	From string    `json:"from"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// TypingChannel is where those in the lobby show that they type.
const TypingChannel = "lobby:typing"

// Composing says whether somebody types; who it is, the hub tells.
type Composing struct {
	Typing bool `json:"typing"`
}

const maxText = 2000 // characters

// errText is an error of this application (400 to 1999).
var errText = &realtime.Error{Code: 400, Message: "a message has 1 to 2,000 characters"}

// Mount adds the lobby to a hub.
func Mount(hub *realtime.Hub, accounts Accounts) error {
	options := realtime.ChannelOptions{History: 100, HistoryTTL: 24 * time.Hour, Recover: true, Presence: true, JoinLeave: true}
	if err := hub.Channel(Channel, options, realtime.WithEvent[Said](), realtime.AllowSubscribe(realtime.AllowAll)); err != nil {
		return err
	}
	if err := hub.Channel(TypingChannel, realtime.ChannelOptions{}, realtime.WithEvent[Composing](),
		realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowPublish(realtime.AllowAll)); err != nil {
		return err
	}
	return realtime.RPC(hub, "lobby.say", func(ctx context.Context, c *realtime.Conn, in Say) (Said, error) {
		return say(ctx, hub, accounts, c, in)
	})
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
	_, err = realtime.PublishEvent(ctx, hub, Channel, said)
	return said, err
}
