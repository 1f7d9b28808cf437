package realtime_test

import (
	"context"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/memory"
)

// A refresh that changes the principal re-judges subscriptions.
func TestH124_a_refresh_with_other_roles_judges_subscriptions_again(t *testing.T) {
	demoted := atomic.Bool{}
	c := newClub(t, func(cfg *realtime.Config) {
		withTokens(cfg)
		cfg.Verify = func(ctx context.Context, _ string) (context.Context, error) {
			p := realtime.Principal{UserID: "alice", SessionID: "s1", ExpiresAt: time.Now().Add(time.Hour)}
			if !demoted.Load() {
				p.Roles = []string{"member"}
			}
			return context.WithValue(ctx, principalKey{}, p), nil
		}
	})
	if err := c.hub.Channel("members", realtime.ChannelOptions{}, realtime.AllowSubscribe(func(_ context.Context, conn *realtime.Conn, _ realtime.Params) error {
		if len(conn.Principal().Roles) == 0 {
			return realtime.ErrPermissionDenied
		}
		return nil
	})); err != nil {
		t.Fatal(err)
	}
	k := c.open("", "Test-Pending", "1.2.3.4")
	k.say(`{"id":1,"connect":{"token":"x"}}`)
	k.hear()
	k.say(`{"id":2,"subscribe":{"channel":"members"}}`)
	k.want(`{"id":2,"subscribe":{}}`)
	demoted.Store(true)
	k.say(`{"id":3,"refresh":{"token":"x"}}`)
	t.Log(k.hear())
	c.publish("members", `1`)
	if got := k.hear(); strings.Contains(got, `"pub"`) {
		t.Errorf("after losing the role: got %s, want unsubscribe 2000", got)
	}
}

type slowLeave struct {
	engine.Presence
	hold    atomic.Bool
	reached chan struct{}
	free    chan struct{}
}

func (p *slowLeave) Leave(ctx context.Context, channel, client string) error {
	if p.hold.CompareAndSwap(true, false) {
		close(p.reached)
		<-p.free
	}
	return p.Presence.Leave(ctx, channel, client)
}

// A client that subscribes again while the old subscription is cleaned up stays present.
func TestResubscribingWhileTheOldSubscriptionIsCleanedUp(t *testing.T) {
	slow := &slowLeave{reached: make(chan struct{}), free: make(chan struct{})}
	c := newClub(t, func(cfg *realtime.Config) {
		cfg.Engine = memory.New()
		slow.Presence = cfg.Engine.Presence
		cfg.Engine.Presence = slow
	})
	k := c.join("alice")
	k.say(`{"id":2,"subscribe":{"channel":"room:1"}}`)
	k.hear()
	c.mu.Lock()
	c.banned["alice"] = true
	c.mu.Unlock()
	slow.hold.Store(true)
	done := make(chan struct{})
	go func() { c.hub.Rejudge(context.WithoutCancel(t.Context()), realtime.ByUser("alice")); close(done) }()
	<-slow.reached
	t.Log(k.hear())
	c.mu.Lock()
	delete(c.banned, "alice")
	c.mu.Unlock()
	k.say(`{"id":3,"subscribe":{"channel":"room:1"}}`)
	close(slow.free)
	<-done
	t.Log(k.hear())
	k.say(`{"id":4,"presence":{"channel":"room:1"}}`)
	if got := k.hear(); !strings.Contains(got, `"user":"alice"`) {
		t.Errorf("presence of a subscribed client: got %s", got)
	}
}

// Exactly one leave per join, also when connect fails half way.
func TestNoLeaveWithoutAJoin(t *testing.T) {
	c := newClub(t, func(cfg *realtime.Config) {
		cfg.Connect = func(_ context.Context, conn *realtime.Conn, _ realtime.ConnectEvent) (realtime.ConnectReply, error) {
			if conn.Principal().UserID == "bob" {
				return realtime.ConnectReply{Channels: []string{"room:1", "nowhere"}}, nil
			}
			return realtime.ConnectReply{}, nil
		}
	})
	k := c.join("alice")
	k.say(`{"id":2,"subscribe":{"channel":"room:1","join_leave":true}}`)
	t.Log(k.hear(), k.hear())
	bob := c.open("bob")
	bob.say(`{"id":1,"connect":{}}`)
	t.Log(bob.hear())
	_, _, err := bob.conn.Read(t.Context())
	t.Log(err)
	for c.hub.Stats().Closed[websocketCode(err)] == 0 {
		runtime.Gosched()
	}
	c.publish("room:1", `1`)
	for {
		got := k.hear()
		if strings.Contains(got, `"leave"`) {
			t.Errorf("a leave without a join: %s", got)
		}
		if strings.Contains(got, `"pub"`) {
			break
		}
	}
}

func websocketCode(err error) int { return int(websocket.CloseStatus(err)) }

// A verdict on a subscription that is gone does not touch its successor.
func TestAVerdictOnAPredecessorLeavesItsSuccessorAlone(t *testing.T) {
	asked, answer := make(chan struct{}), make(chan struct{})
	var hold atomic.Bool
	c := newClub(t, nil)
	if err := c.hub.Channel("slow:{id}", realtime.ChannelOptions{Presence: true}, realtime.AllowRead(realtime.AllowAll),
		realtime.AllowSubscribe(func(context.Context, *realtime.Conn, realtime.Params) error {
			if hold.CompareAndSwap(true, false) {
				close(asked)
				<-answer
				return realtime.ErrPermissionDenied
			}
			return nil
		})); err != nil {
		t.Fatal(err)
	}
	k := c.join("alice")
	k.say(`{"id":2,"subscribe":{"channel":"slow:1"}}`)
	k.hear()
	hold.Store(true)
	done := make(chan struct{})
	go func() { c.hub.Rejudge(context.Background(), realtime.ByUser("alice")); close(done) }()
	<-asked
	k.say(`{"id":3,"unsubscribe":{"channel":"slow:1"}}`, `{"id":4,"subscribe":{"channel":"slow:1"}}`)
	t.Log(k.hear(), k.hear())
	close(answer)
	<-done
	k.say(`{"id":5,"unsubscribe":{"channel":"slow:1"}}`)
	k.hear()
	c.publish("slow:1", `1`)
	k.say(`{"id":6,"rpc":{"method":"add","data":{}}}`)
	if got := k.hear(); strings.Contains(got, `"pub"`) {
		t.Errorf("after the unsubscribe reply: got %s", got)
	}
	_ = k.conn.CloseNow()
	<-c.ended
	if n := c.hub.Channels()["slow:1"]; n != 0 {
		t.Errorf("subscribers left behind by an ended connection: %d", n)
	}
	other := c.join("bob")
	other.say(`{"id":7,"presence_stats":{"channel":"slow:1"}}`)
	if got := other.hear(); strings.Contains(got, `"num_clients":1`) {
		t.Errorf("presence of an ended connection: %s", got)
	}
}
