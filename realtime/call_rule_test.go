package realtime_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// TestH196_a_call_that_is_not_there_for_everybody compares a forbidden method with
// one that does not exist, also where the payload could not be read.
func TestH196_a_call_that_is_not_there_for_everybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub, err := realtime.New(realtime.Config{Principal: realtimetest.Principal, Engine: memory.New()})
		if err != nil {
			t.Fatal(err)
		}
		type question struct{ Number int }
		only := realtime.AllowCall(func(_ context.Context, c *realtime.Conn) error {
			if c.Principal().UserID != "admin" {
				return realtime.ErrMethodNotFound
			}
			return nil
		})
		realtime.RPC(hub, "double", func(_ context.Context, _ *realtime.Conn, in question) (question, error) {
			return question{2 * in.Number}, nil
		}, only)
		server := realtimetest.Serve(t, hub)
		user, admin := server.Connect(realtime.Principal{UserID: "user"}), server.Connect(realtime.Principal{UserID: "admin"})
		for _, payload := range []any{question{3}, "not a question"} {
			forbidden, missing := user.Call("double", payload), user.Call("triple", payload)
			if forbidden.Error == nil || missing.Error == nil || forbidden.Error.Code != missing.Error.Code || forbidden.Error.Message != missing.Error.Message {
				t.Errorf("%v: forbidden %s, missing %s", payload, forbidden.Raw, missing.Raw)
			}
		}
		if reply := admin.Call("double", question{3}); reply.Error != nil || string(reply.RPC.Data) != `{"Number":6}` {
			t.Errorf("admin: got %s", reply.Raw)
		}
		if reply := admin.Call("double", "not a question"); reply.Error == nil || reply.Error.Code != 107 {
			t.Errorf("what can't be read: got %s, want error 107", reply.Raw)
		}
	})
}
