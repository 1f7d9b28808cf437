package realtimetest_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is an application's hub as its own tests would build it.
func house(t *testing.T, ended chan<- realtime.Close) (*realtime.Hub, *realtimetest.Server) {
	t.Helper()
	hub, err := realtime.New(realtime.Config{
		Principal:  realtimetest.Principal,
		Engine:     memory.New(),
		Disconnect: func(_ *realtime.Conn, reason realtime.Close) { ended <- reason },
		Logger:     slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := hub.Channel("room:{id}", realtime.ChannelOptions{History: 10, HistoryTTL: time.Hour, Recover: true}, realtime.AllowSubscribe(realtime.AllowAll)); err != nil {
		t.Fatal(err)
	}
	realtime.RPC(hub, "greet", func(_ context.Context, c *realtime.Conn, in string) (string, error) {
		if in == "" {
			return "", errors.New("nothing to say")
		}
		return "hello " + c.Principal().UserID, nil
	})
	return hub, realtimetest.Serve(t, hub)
}

func TestTheKit(t *testing.T) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, hub *realtime.Hub, server *realtimetest.Server, ended <-chan realtime.Close)
	}{
		{"calls, channels, messages", func(t *testing.T, hub *realtime.Hub, server *realtimetest.Server, _ <-chan realtime.Close) {
			alice := server.Connect(realtime.Principal{UserID: "alice"})
			if reply := alice.Call("greet", "hi"); string(reply.RPC.Data) != `"hello alice"` {
				t.Errorf("greet: got %s", reply.Raw)
			}
			if reply := alice.Call("greet", ""); reply.Error == nil || reply.Error.Code != 100 {
				t.Errorf("greet with nothing: got %s", reply.Raw)
			}
			alice.Subscribe("room:1")
			if _, err := hub.Publish(t.Context(), "room:1", []byte(`{"n":1}`)); err != nil {
				t.Fatal(err)
			}
			if push := alice.Next(); push.Channel != "room:1" || string(push.Pub.Data) != `{"n":1}` || push.Pub.Offset != 1 {
				t.Errorf("push: got %+v", push)
			}
			if _, err := hub.Send(t.Context(), realtime.ByUser("alice"), []byte(`1`)); err != nil {
				t.Fatal(err)
			}
			if push := alice.Next(); string(push.Message.Data) != "1" || alice.Heard() != 0 {
				t.Errorf("message: got %+v", push)
			}
		}},
		{"an hour of pings, then the token's end", func(t *testing.T, hub *realtime.Hub, server *realtimetest.Server, ended <-chan realtime.Close) {
			alice, began := server.Connect(realtime.Principal{UserID: "alice", ExpiresAt: time.Now().Add(time.Hour)}), time.Now()
			alice.WantEnd(realtime.CloseExpired)
			if took := time.Since(began); took != time.Hour {
				t.Errorf("ended after %s, want 1h", took)
			}
			if reason := <-ended; reason.Code != realtime.CloseExpired.Code {
				t.Errorf("hook: got %+v", reason)
			}
		}},
		{"H121 a stalled peer is revoked within a second", func(t *testing.T, hub *realtime.Hub, server *realtimetest.Server, ended <-chan realtime.Close) {
			alice := server.Connect(realtime.Principal{UserID: "alice"})
			alice.Subscribe("room:1")
			alice.Stall()
			for range 50 {
				if _, err := hub.Publish(t.Context(), "room:1", []byte(`"x"`)); err != nil {
					t.Fatal(err)
				}
			}
			began := time.Now()
			hub.Disconnect(t.Context(), realtime.ByUser("alice"), realtime.CloseRevoked)
			if reason := <-ended; reason.Code != realtime.CloseRevoked.Code {
				t.Errorf("hook: got %+v", reason)
			}
			if took := time.Since(began); took > time.Second {
				t.Errorf("gone after %s, want a second at most", took)
			}
			heard := alice.Heard()
			alice.WantEnd(realtime.CloseRevoked)
			if late := alice.Heard() - heard; late > 1 {
				t.Errorf("%d frames came after the revoke", late)
			}
			if account := hub.Account(); !account.Settled() || account.Recoverable == 0 {
				t.Errorf("ledger: got %+v", account)
			}
		}},
		{"a cut leaves nothing behind", aCutLeavesNothing},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ended := make(chan realtime.Close, 10)
				hub, server := house(t, ended)
				test.run(t, hub, server, ended)
			})
		})
	}
}

func aCutLeavesNothing(t *testing.T, hub *realtime.Hub, server *realtimetest.Server, ended <-chan realtime.Close) {
	alice := server.Connect(realtime.Principal{UserID: "alice"})
	alice.Subscribe("room:1")
	alice.Cut()
	<-ended
	if n := hub.Connections(); n != 0 || len(hub.Channels()) != 0 {
		t.Errorf("left: %d connections, channels %v", n, hub.Channels())
	}
}
