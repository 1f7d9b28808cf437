package realtimetest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// A rule and a call of an application's own, and what its test says of them.
func ExampleServe() {
	t := &standIn{} // in a test of yours: t *testing.T
	hub, err := realtime.New(realtime.Config{Principal: realtimetest.Principal, Engine: memory.New()})
	if err != nil {
		t.Fatalf("hub: %v", err)
	}
	members := func(_ context.Context, c *realtime.Conn, p realtime.Params) error {
		if c.Principal().UserID != p.Get("owner") {
			return errors.New("not a member")
		}
		return nil
	}
	if err := hub.Channel("home:{owner}", realtime.ChannelOptions{}, realtime.AllowSubscribe(members)); err != nil {
		t.Fatalf("channel: %v", err)
	}
	realtime.RPC(hub, "double", func(_ context.Context, _ *realtime.Conn, n int) (int, error) { return 2 * n, nil })

	server := realtimetest.Serve(t, hub)
	alice, bob := server.Connect(realtime.Principal{UserID: "alice"}), server.ConnectProtobuf(realtime.Principal{UserID: "bob"})
	alice.Subscribe("home:alice")
	bob.WantDenied(bob.Command(`"subscribe":{"channel":"home:alice"}`), realtime.ErrPermissionDenied)
	fmt.Println(string(bob.Call("double", 21).RPC.Data))
	_, _ = hub.Publish(t.Context(), "home:alice", []byte(`"welcome"`))
	fmt.Println(string(alice.Next().Pub.Data))
	server.Revoke(realtime.ByUser("alice"))
	alice.WantEnd(realtime.CloseRevoked)
	t.end()
	// Output:
	// 42
	// "welcome"
}

// standIn is what an example has for a *testing.T.
type standIn struct {
	testing.TB
	cleanups []func()
}

func (s *standIn) Helper()                        {}
func (s *standIn) Context() context.Context       { return context.Background() }
func (s *standIn) Cleanup(f func())               { s.cleanups = append(s.cleanups, f) }
func (s *standIn) Errorf(format string, a ...any) { fmt.Printf(format+"\n", a...) }
func (s *standIn) Fatalf(format string, a ...any) { panic(fmt.Sprintf(format, a...)) }
func (s *standIn) end() {
	for i := len(s.cleanups) - 1; i >= 0; i-- {
		s.cleanups[i]()
	}
}
