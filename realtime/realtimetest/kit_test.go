package realtimetest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// TestKit_BothEncodings expires, stalls, cuts, refreshes and revokes.
func TestKit_BothEncodings(t *testing.T) {
	for name, connect := range map[string]func(*realtimetest.Server, realtime.Principal) *realtimetest.Client{
		"JSON": (*realtimetest.Server).Connect, "protobuf": (*realtimetest.Server).ConnectProtobuf,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				hub, err := realtime.New(realtime.Config{Principal: realtimetest.Principal, Pending: realtimetest.Pending, Verify: realtimetest.Verify, Engine: memory.New()})
				if err != nil {
					t.Fatal(err)
				}
				options := realtime.ChannelOptions{JoinLeave: true, History: 5, HistoryTTL: time.Hour, Recover: true}
				if err := hub.Channel("room:{id}", options, realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowPublish(realtime.AllowAll)); err != nil {
					t.Fatal(err)
				}
				server := realtimetest.Serve(t, hub)
				hour := func(user string) realtime.Principal {
					return realtime.Principal{UserID: user, SessionID: user, ExpiresAt: time.Now().Add(time.Hour)}
				}
				alice, bob := connect(server, hour("alice")), connect(server, hour("bob"))
				if reply := alice.Command(`"subscribe":{"channel":"room:1","join_leave":true}`); reply.Error != nil {
					t.Fatal(reply.Raw)
				}
				if push := alice.Next(); push.Join == nil || push.Join.Info.User != "alice" {
					t.Errorf("push: got %+v, want her join", push)
				}
				bob.Subscribe("room:1")
				if push := alice.Next(); push.Join == nil || push.Join.Info.User != "bob" {
					t.Errorf("push: got %+v, want his join", push)
				}
				if reply := bob.Publish("room:1", map[string]int{"n": 1}); reply.Error != nil {
					t.Error(reply.Raw)
				}
				if push := alice.Next(); push.Pub == nil || string(push.Pub.Data) != `{"n":1}` || push.Pub.Offset != 1 {
					t.Errorf("push: got %+v", push)
				}
				bob.WantDenied(bob.Call("nothing", nil), realtime.ErrMethodNotFound)
				bob.Cut()
				if push := alice.Next(); push.Leave == nil || push.Leave.Info.User != "bob" {
					t.Errorf("push: got %+v, want his leave", push)
				}
				time.Sleep(30 * time.Minute)
				if reply := alice.Refresh(hour("alice")); reply.Error != nil {
					t.Error(reply.Raw)
				}
				began := time.Now()
				alice.Expire()
				if took := time.Since(began); took != time.Hour {
					t.Errorf("expired after %s, want an hour", took)
				}
				late := server.DialPending()
				late.Command(`"connect":{"token":"` + realtimetest.Token(hour("carol")) + `"}`)
				if n := server.Revoke(realtime.BySession("carol")); n != 1 {
					t.Errorf("revoked: got %d, want 1", n)
				}
				late.WantEnd(realtime.CloseRevoked)
			})
		})
	}
}
