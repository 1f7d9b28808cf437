package realtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// TestSend_EverySelectorOnEveryNode: a message reaches whom its selector selects,
// wherever they are connected and however they speak, and nobody else.
func TestSend_EverySelectorOnEveryNode(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		clients := map[string]*realtimetest.Client{
			"alice 1 here": a.Connect(who("alice", "1")), "alice 2 here": a.ConnectProtobuf(who("alice", "2")),
			"alice 1 there": b.ConnectProtobuf(who("alice", "1")), "bob 3 there": b.Connect(who("bob", "3")),
		}
		waiting := b.Dial(who("alice", "1")) // it has not connected yet
		bob := b.Snapshot(realtime.ByUser("bob"))[0].Client
		here := a.Snapshot(realtime.BySession("2"))[0].Client
		for n, test := range []struct {
			by   realtime.Selector
			here int
			want []string
		}{
			{realtime.ByUser("alice"), 2, []string{"alice 1 here", "alice 2 here", "alice 1 there"}},
			{realtime.BySession("1"), 1, []string{"alice 1 here", "alice 1 there"}},
			{realtime.ByToken("token of 1"), 1, []string{"alice 1 here", "alice 1 there"}},
			{realtime.ByUserBefore("alice", 1), 2, []string{"alice 1 here", "alice 2 here", "alice 1 there"}},
			{realtime.ByClient(bob), 0, []string{"bob 3 there"}},
			{realtime.ByClient(here), 1, []string{"alice 2 here"}},
			{realtime.All(), 2, []string{"alice 1 here", "alice 2 here", "alice 1 there", "bob 3 there"}},
			{realtime.ByClient("nobody"), 0, nil}, {realtime.BySession(""), 0, nil}, {realtime.Selector{}, 0, nil},
		} {
			message := fmt.Sprintf(`{"n":%d.0}`, n)
			if taken, err := a.Send(t.Context(), test.by, []byte(message)); taken != test.here || err != nil {
				t.Errorf("%v: got %d of this node, %v, want %d", test.by, taken, err, test.here)
			}
			synctest.Wait()
			for _, name := range test.want {
				if c := clients[name]; c.Heard() != 1 {
					t.Errorf("%v: %s heard %d messages, want 1", test.by, name, c.Heard())
				} else if got := string(c.Next().Message.Data); got != message {
					t.Errorf("%v: %s heard %s, want %s", test.by, name, got, message)
				}
			}
			for name, c := range clients {
				if c.Heard() > 0 {
					t.Errorf("%v: %s heard %s, want nothing more", test.by, name, c.Next().Message.Data)
				}
			}
		}
		if reply := waiting.Command(`"connect":{}`); reply.Error != nil || waiting.Heard() > 0 {
			t.Errorf("who connects afterwards: got %s and %d messages, want none", reply.Raw, waiting.Heard())
		}
		for _, node := range []*branch{a, b} {
			if account := node.Account(); !account.Settled() || account.Owed == 0 {
				t.Errorf("ledger: got %+v, want it settled and messages counted", account)
			}
		}
	})
}

// TestSend_RefusedAndUntold: what is not JSON is sent to nobody, and an engine that is
// away is an error while this node has sent it.
func TestSend_RefusedAndUntold(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		here, there := a.Connect(who("alice", "1")), b.Connect(who("alice", "2"))
		for _, by := range []realtime.Selector{realtime.ByUser("alice"), realtime.All(), realtime.BySession("1"), realtime.ByClient("x"), {}} {
			if n, err := a.Send(t.Context(), by, []byte(`{"open`)); n != 0 || !errors.Is(err, realtime.ErrNotJSON) {
				t.Errorf("%v: got %d, %v, want ErrNotJSON", by, n, err)
			}
		}
		a.station.cut()
		if n, err := a.Send(t.Context(), realtime.ByUser("alice"), []byte(`1`)); n != 1 || !errors.Is(err, errCut) {
			t.Errorf("cut off: got %d, %v, want 1 and the engine's error", n, err)
		}
		own := a.Snapshot(realtime.All())[0].Client
		if n, err := a.Send(t.Context(), realtime.ByClient(own), []byte(`2`)); n != 1 || err != nil {
			t.Errorf("cut off, one connection of this node: got %d, %v, want 1: no other node has it", n, err)
		}
		a.station.mend()
		synctest.Wait()
		if here.Heard() != 2 || there.Heard() != 0 {
			t.Errorf("heard: got %d here and %d there, want 2 and 0", here.Heard(), there.Heard())
		}
	})
}

// TestSend_OwnConnection: a handler tells its own connection, before its answer.
func TestSend_OwnConnection(t *testing.T) {
	for _, protobuf := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			hub, err := realtime.New(realtime.Config{Principal: realtimetest.Principal, Engine: memory.New()})
			if err != nil {
				t.Fatal(err)
			}
			realtime.Message[notice](hub)
			realtime.RPC(hub, "start", func(ctx context.Context, c *realtime.Conn, _ json.RawMessage) (int, error) {
				return realtime.SendEvent(ctx, hub, realtime.ByClient(c.ID()), notice{Text: "half done"})
			})
			server := realtimetest.Serve(t, hub)
			alice, other := server.Connect(who("alice", "1")), server.Connect(who("alice", "1"))
			if protobuf {
				alice = server.ConnectProtobuf(who("alice", "1"))
			}
			if reply := alice.Call("start", 1); reply.RPC == nil || string(reply.RPC.Data) != "1" {
				t.Errorf("got %s, want 1 connection", reply.Raw)
			}
			synctest.Wait()
			if alice.Heard() != 1 || other.Heard() != 0 {
				t.Errorf("heard: got %d and %d at another, want 1 and 0", alice.Heard(), other.Heard())
			}
		})
	}
}
