package realtime_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

// TestH309_rejudged_between_welcome_and_join: the Connect hook gives alice a channel,
// and her right to it is gone before she is in it. Whoever watches sees her come and
// go, in that order, and the hooks pair.
func TestH309_rejudged_between_welcome_and_join(t *testing.T) {
	var c *testHub
	var denied atomic.Bool
	welcomed := make(chan string, 10)
	c = newTestHub(t, func(config *realtime.Config) {
		config.Connect = func(ctx context.Context, conn *realtime.Conn, _ realtime.ConnectEvent) (realtime.ConnectReply, error) {
			if conn.Principal().UserID != "alice" {
				return realtime.ConnectReply{}, nil
			}
			denied.Store(true)
			c.hub.RejudgeHere(ctx, realtime.ByUser("alice"))
			welcomed <- conn.ID()
			return realtime.ConnectReply{Channels: []string{"staff:1"}}, nil
		}
	})
	stay := func(_ context.Context, conn *realtime.Conn, _ realtime.Params) error {
		if denied.Load() && conn.Principal().UserID == "alice" {
			return errors.New("no longer")
		}
		return nil
	}
	err := c.hub.Channel("staff:{id}", realtime.ChannelOptions{JoinLeave: true, Presence: true}, realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowStay(stay))
	if err != nil {
		t.Fatal(err)
	}
	watcher := c.join("bob")
	watcher.say(`{"id":2,"subscribe":{"channel":"staff:1","join_leave":true}}`)
	watcher.hear() // the answer
	watcher.hear() // its own join
	alice := c.join("alice")
	for _, want := range []string{`"join"`, `"leave"`} {
		if got := watcher.hear(); !strings.Contains(got, want) || !strings.Contains(got, `"user":"alice"`) {
			t.Errorf("the watcher: got %s, want alice's %s", got, want)
		}
	}
	if got := c.hub.Channels()["staff:1"]; got != 1 {
		t.Errorf("subscribers: got %d, want the watcher alone", got)
	}
	_ = alice.conn.CloseNow()
	<-welcomed
	<-c.ended // one Disconnect for one Connect
}

// TestConnect_ExpiredSinceItsUpgrade: nobody is let in whose token has ended
// meanwhile.
func TestConnect_ExpiredSinceItsUpgrade(t *testing.T) {
	greets := func(config *realtime.Config) {
		config.Connect = func(context.Context, *realtime.Conn, realtime.ConnectEvent) (realtime.ConnectReply, error) {
			t.Error("it was greeted")
			return realtime.ConnectReply{}, nil
		}
	}
	hubBubble(t, greets, func(t *testing.T, c *testHub) {
		k := c.open("alice", "Test-Life", "1s")
		time.Sleep(2 * time.Second)
		k.say(`{"id":1,"connect":{}}`)
		k.wantClose(realtime.CloseExpired)
	})
}
