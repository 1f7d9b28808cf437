package realtime_test

import (
	"context"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
)

// TestH192_a_refused_publication_reaches_nobody: neither a subscriber nor the
// history.
func TestH192_a_refused_publication_reaches_nobody(t *testing.T) {
	c := newTestHub(t, nil)
	k := c.join("alice")
	k.say(`{"id":2,"subscribe":{"channel":"news"}}`, `{"id":3,"publish":{"channel":"news","data":"forged"}}`, `{"id":4,"history":{"channel":"news","limit":-1}}`)
	k.hear()
	k.want(`{"id":3,"error":{"code":103,"message":"permission denied"}}`, `{"id":4,"history":{"publications":[],"epoch":"…","offset":0}}`)
	c.publish("news", `"real"`)
	k.want(`{"push":{"channel":"news","pub":{"data":"real","offset":1}}}`)
}

// TestH194_history_after_leaving: the right to read went with the subscription.
func TestH194_history_after_leaving(t *testing.T) {
	c := newTestHub(t, nil)
	k := c.join("alice")
	c.publish("news", `1`)
	k.say(`{"id":2,"subscribe":{"channel":"news"}}`, `{"id":3,"unsubscribe":{"channel":"news"}}`, `{"id":4,"history":{"channel":"news","limit":-1}}`)
	k.hear()
	k.want(`{"id":3,"unsubscribe":{}}`, `{"id":4,"error":{"code":103,"message":"permission denied"}}`)
}

// TestH164_names_are_bytes: names that look alike after some reading of them are
// different channels.
func TestH164_names_are_bytes(t *testing.T) {
	for _, pair := range [][2]string{{"plain:%2e%2e", "plain:.."}, {"plain:a//b", "plain:a/b"}, {"plain:a/../b", "plain:b"}, {"plain:A", "plain:a"}, {"plain:é", "plain:e\u0301"}} {
		t.Run(pair[0], func(t *testing.T) {
			c := newTestHub(t, nil)
			k := c.join("alice")
			k.say(`{"id":2,"subscribe":{"channel":"` + pair[0] + `"}}`)
			k.want(`{"id":2,"subscribe":{}}`)
			c.publish(pair[1], `"for another"`)
			c.publish(pair[0], `"for this"`)
			k.want(`{"push":{"channel":"` + pair[0] + `","pub":{"data":"for this"}}}`)
		})
	}
}

// TestH196_a_call_for_admins_does_not_exist_for_others: to the byte.
func TestH196_a_call_for_admins_does_not_exist_for_others(t *testing.T) {
	c := newTestHub(t, nil)
	realtime.RPC(c.hub, "admin.purge", func(_ context.Context, conn *realtime.Conn, _ any) (string, error) {
		if conn.Principal().UserID != "root" {
			return "", realtime.ErrMethodNotFound
		}
		return "purged", nil
	})
	k, root := c.join("alice"), c.join("root")
	k.say(`{"id":2,"rpc":{"method":"admin.purge"}}`, `{"id":2,"rpc":{"method":"admin.nothing"}}`)
	if purge, nothing := k.hear(), k.hear(); purge != nothing || !strings.Contains(purge, `"code":104`) {
		t.Errorf("heard %s and %s", purge, nothing)
	}
	root.say(`{"id":2,"rpc":{"method":"admin.purge"}}`)
	root.want(`{"id":2,"rpc":{"data":"purged"}}`)
}

// TestGoClient_ComesBackAfterLoss: it subscribes again by itself and
// recovers what was lost, and follows the server into a channel and out of it.
func TestGoClient_ComesBackAfterLoss(t *testing.T) {
	for name, protobuf := range map[string]bool{"JSON": false, "protobuf": true} {
		t.Run(name, func(t *testing.T) {
			b := &leaky{}
			c := newTestHub(t, func(config *realtime.Config) {
				config.Engine = memory.New()
				b.Broker = config.Engine.Broker
				config.Engine.Broker = b
			})
			alice := c.foreign(protobuf, "alice")
			s := alice.follow("news")
			<-s.subscribed
			b.lose.Store(1)
			c.publish("news", `1`)
			c.publish("news", `2`)
			for i, want := range []string{`1`, `2`} {
				if got := <-s.heard; string(got.Data) != want || got.Offset != uint64(i+1) {
					t.Errorf("heard %s at %d, want %s", got.Data, got.Offset, want)
				}
			}
			if again := <-s.subscribed; !again.Recovered {
				t.Errorf("subscribed again: got %+v, want it recovered", again)
			}
			c.publish("news", `3`)
			if got := <-s.heard; string(got.Data) != `3` || got.Offset != 3 {
				t.Errorf("heard %s at %d", got.Data, got.Offset)
			}
		})
	}
}

// TestGoClient_StaysAwayAfterRefusal: a final error is final for it.
func TestGoClient_StaysAwayAfterRefusal(t *testing.T) {
	opened := make(chan struct{}, 10)
	c := newTestHub(t, func(config *realtime.Config) {
		config.Connect = func(context.Context, *realtime.Conn, realtime.ConnectEvent) (realtime.ConnectReply, error) {
			opened <- struct{}{}
			return realtime.ConnectReply{}, &realtime.Error{Code: 401, Message: "not you"}
		}
	})
	f := c.dialForeign(false, "alice")
	if got := <-f.disconnected; got.Code != 401 {
		t.Errorf("disconnected: got %+v, want 401", got)
	}
	if n := len(opened); n != 1 {
		t.Errorf("attempts: got %d, want 1", n)
	}
}
