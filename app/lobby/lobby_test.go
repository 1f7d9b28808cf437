package lobby_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/lobby"
	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// people are the accounts of the test.
type people map[string]account.Account

func (p people) ByID(_ context.Context, id string) (account.Account, error) {
	found, known := p[id]
	if !known {
		return account.Account{}, errors.New("the database is away")
	}
	return found, nil
}

func open(t *testing.T) *realtimetest.Server {
	t.Helper()
	hub, err := realtime.New(realtime.Config{
		Principal: realtimetest.Principal, Engine: memory.New(), Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := lobby.Mount(hub, people{"1": {ID: "1", Username: "alice", Name: "Alice"}, "2": {ID: "2", Username: "bob", Name: "Bob"}}); err != nil {
		t.Fatal(err)
	}
	return realtimetest.Serve(t, hub)
}

func TestSpeaking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := open(t)
		alice, bob := server.Connect(realtime.Principal{UserID: "1"}), server.Connect(realtime.Principal{UserID: "2"})
		bob.Subscribe(lobby.Channel)
		reply := alice.Call("lobby.say", lobby.Say{Text: "hello"})
		heard := bob.Next()
		if reply.Error != nil || string(heard.Pub.Data) != string(reply.RPC.Data) || !strings.Contains(string(heard.Pub.Data), `"from":"alice","text":"hello"`) {
			t.Errorf("alice read %s, bob heard %s", reply.Raw, heard.Pub.Data)
		}
		for text, want := range map[string]bool{"": false, strings.Repeat("é", 2000): true, strings.Repeat("é", 2001): false} {
			if reply := alice.Call("lobby.say", lobby.Say{Text: text}); (reply.Error == nil) != want || (!want && reply.Error.Code != 400) {
				t.Errorf("%d characters: got %.80s", len(text)/2, reply.Raw)
			}
		}
	})
}

func TestWhoCannotBeFoundDoesNotSpeak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		nobody := open(t).Connect(realtime.Principal{UserID: "3"})
		if reply := nobody.Call("lobby.say", lobby.Say{Text: "hello"}); reply.Error == nil || reply.Error.Code != 100 || strings.Contains(reply.Raw, "database") {
			t.Errorf("say: got %s", reply.Raw)
		}
	})
}

func TestTypingIsShownToTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := open(t)
		alice, bob := server.Connect(realtime.Principal{UserID: "1"}), server.Connect(realtime.Principal{UserID: "2"})
		for _, client := range []*realtimetest.Client{alice, bob} {
			client.Subscribe(lobby.TypingChannel)
		}
		if reply := alice.Publish(lobby.TypingChannel, lobby.Composing{Typing: true}); reply.Error != nil {
			t.Fatalf("alice publishes: got %s", reply.Raw)
		}
		if heard := bob.Next(); string(heard.Pub.Data) != `{"typing":true}` || heard.Pub.Offset != 0 {
			t.Errorf("bob heard %s at %d, want it without a position", heard.Pub.Data, heard.Pub.Offset)
		}
		alice.WantDenied(alice.Publish(lobby.TypingChannel, map[string]any{"typing": "a story"}), realtime.ErrBadRequest)
	})
}
