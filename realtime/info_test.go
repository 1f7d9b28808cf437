package realtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// failingPresence fails to enter so many times.
type failingPresence struct {
	engine.Presence
	failures int
}

var errPresence = errors.New("the engine is away")

func (p *failingPresence) Enter(ctx context.Context, channel, client string, info realtime.ClientInfo) error {
	if p.failures > 0 {
		p.failures--
		return errPresence
	}
	return p.Presence.Enter(ctx, channel, client, info)
}

// named is a hub that tells of each connection the name of its principal.
type named struct {
	*realtime.Hub
	*realtimetest.Server
	presence *failingPresence
	refuse   error // of the Refresh hook
}

func newNamed(t *testing.T) *named {
	n := &named{}
	parts := memory.New()
	n.presence = &failingPresence{Presence: parts.Presence}
	parts.Presence = n.presence
	info := func(c *realtime.Conn) []byte {
		text, _ := json.Marshal(c.Principal().Name)
		return text
	}
	hub, err := realtime.New(realtime.Config{
		Principal: realtimetest.Principal, Verify: realtimetest.Verify, Engine: parts,
		Connect: func(_ context.Context, c *realtime.Conn, _ realtime.ConnectEvent) (realtime.ConnectReply, error) {
			return realtime.ConnectReply{Info: info(c)}, nil
		},
		Refresh: func(_ context.Context, c *realtime.Conn) ([]byte, error) {
			if c.Principal().Name == "nobody" {
				return nil, n.refuse
			}
			if c.Principal().Name == "broken" {
				return []byte(`{"open`), n.refuse
			}
			return info(c), n.refuse
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	notBanned := realtime.AllowSubscribe(func(_ context.Context, c *realtime.Conn, _ realtime.Params) error {
		if c.Principal().Name == "banned" {
			return errors.New("banned")
		}
		return nil
	})
	options := realtime.ChannelOptions{Presence: true, History: 5, HistoryTTL: time.Minute}
	seat := realtime.RequireToken(func(_ context.Context, token string) (realtime.SubscriptionClaims, error) {
		return realtime.SubscriptionClaims{Channel: "seat:1", UserID: "alice", ExpiresAt: time.Now().Add(time.Hour), Info: []byte(token)}, nil
	})
	err = errors.Join(
		hub.Channel("room:{id}", options, notBanned, realtime.AllowPublish(realtime.AllowAll)),
		hub.Channel("seat:{id}", options, seat, realtime.AllowPublish(realtime.AllowAll)),
	)
	if err != nil {
		t.Fatal(err)
	}
	n.Hub, n.Server = hub, realtimetest.Serve(t, hub)
	return n
}

func alias(name string) realtime.Principal {
	return realtime.Principal{UserID: "alice", SessionID: "1", Name: name}
}

// wantInfo checks what a channel's presence says of its one client, and what its
// publications do.
func (n *named) wantInfo(t *testing.T, c *realtimetest.Client, channel, conn, here string) {
	t.Helper()
	if reply := c.Publish(channel, 1); reply.Error != nil {
		t.Errorf("publish: got %s", reply.Raw)
	}
	kept, err := n.History(t.Context(), channel, realtime.HistoryQuery{Limit: 1, Reverse: true})
	if err != nil || len(kept.Publications) != 1 {
		t.Fatalf("history: got %+v, %v, want one", kept, err)
	}
	there, err := n.Presence(t.Context(), channel)
	if err != nil || len(there) != 1 {
		t.Fatalf("presence of %s: got %v, %v, want one", channel, there, err)
	}
	for _, one := range there {
		for what, got := range map[string]realtime.ClientInfo{"presence": one, "publication": *kept.Publications[0].Info} {
			if string(got.Conn) != conn || string(got.Channel) != here {
				t.Errorf("%s of %s: got %q, %q, want %q, %q", what, channel, got.Conn, got.Channel, conn, here)
			}
		}
	}
}

// bothEncodings runs a test with a connected client in either.
func bothEncodings(t *testing.T, test func(t *testing.T, n *named, c *realtimetest.Client)) {
	t.Helper()
	for name, connect := range map[string]func(*realtimetest.Server, realtime.Principal) *realtimetest.Client{
		"JSON": (*realtimetest.Server).Connect, "protobuf": (*realtimetest.Server).ConnectProtobuf,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNamed(t)
				test(t, n, connect(n.Server, alias("Alice")))
			})
		})
	}
}

// TestRefresh_RenewsInfo: presence and publications tell the new one, in every channel.
func TestRefresh_RenewsInfo(t *testing.T) {
	bothEncodings(t, func(t *testing.T, n *named, c *realtimetest.Client) {
		c.Subscribe("room:1")
		c.Subscribe("room:2")
		n.wantInfo(t, c, "room:1", `"Alice"`, "")
		for _, test := range []struct{ name, info string }{{"Alice B.", `"Alice B."`}, {"nobody", ""}, {"Alice C.", `"Alice C."`}} {
			if reply := c.Refresh(alias(test.name)); reply.Error != nil {
				t.Fatalf("refresh: got %s", reply.Raw)
			}
			n.wantInfo(t, c, "room:1", test.info, "")
			n.wantInfo(t, c, "room:2", test.info, "")
		}
	})
}

// TestRefresh_InfoIsRefused: the answer says so, the connection goes on, and so does
// its info. Nobody who has lost a channel is present there.
func TestRefresh_InfoIsRefused(t *testing.T) {
	bothEncodings(t, func(t *testing.T, n *named, c *realtimetest.Client) {
		c.Subscribe("room:1")
		n.refuse = &realtime.Error{Code: 400, Message: "no"}
		if reply := c.Refresh(alias("Other")); reply.Error == nil || reply.Error.Code != 400 {
			t.Errorf("an error of the hook: got %s, want its code", reply.Raw)
		}
		n.refuse = nil
		if reply := c.Refresh(alias("broken")); reply.Error == nil || reply.Error.Code != 100 {
			t.Errorf("an info that is not JSON: got %s, want 100", reply.Raw)
		}
		n.wantInfo(t, c, "room:1", `"Alice"`, "")
		n.presence.failures = 1
		if reply := c.Refresh(alias("Later")); reply.Error == nil || !strings.Contains(reply.Raw, `"temporary":true`) {
			t.Errorf("an engine that is away: got %s, want a temporary error", reply.Raw)
		}
		if reply := c.Refresh(alias("Later")); reply.Error != nil {
			t.Errorf("again: got %s", reply.Raw)
		}
		n.wantInfo(t, c, "room:1", `"Later"`, "")
		n.refuse = &realtime.Error{Code: 400, Message: "no"}
		c.Refresh(alias("banned"))
		if there, err := n.Presence(t.Context(), "room:1"); len(there) != 0 || err != nil {
			t.Errorf("who has lost the channel: got %v, %v, want nobody present", there, err)
		}
	})
}

// TestSubRefresh_RenewsInfo: a subscription tells what its latest token says.
func TestSubRefresh_RenewsInfo(t *testing.T) {
	bothEncodings(t, func(t *testing.T, n *named, c *realtimetest.Client) {
		subscribe, refresh := `"subscribe":{"channel":"seat:1","token":`, `"sub_refresh":{"channel":"seat:1","token":`
		if reply := c.Command(subscribe + `"7"}`); reply.Error != nil {
			t.Fatalf("subscribe: got %s", reply.Raw)
		}
		n.wantInfo(t, c, "seat:1", `"Alice"`, "7")
		if reply := c.Command(refresh + `"8"}`); reply.Error != nil {
			t.Errorf("refresh: got %s", reply.Raw)
		}
		n.wantInfo(t, c, "seat:1", `"Alice"`, "8")
		if reply := c.Command(refresh + `"{open"}`); reply.Error == nil || reply.Error.Code != 100 {
			t.Errorf("an info that is not JSON: got %s, want 100", reply.Raw)
		}
		n.presence.failures = 1
		if reply := c.Command(refresh + `"9"}`); reply.Error == nil || !strings.Contains(reply.Raw, `"temporary":true`) {
			t.Errorf("an engine that is away: got %s, want a temporary error", reply.Raw)
		}
		if reply := c.Command(refresh + `"9"}`); reply.Error != nil {
			t.Errorf("again: got %s", reply.Raw)
		}
		n.wantInfo(t, c, "seat:1", `"Alice"`, "9")
		if reply := c.Refresh(alias("Alice B.")); reply.Error != nil {
			t.Errorf("refresh of the connection: got %s", reply.Raw)
		}
		n.wantInfo(t, c, "seat:1", `"Alice B."`, "9")
	})
}
