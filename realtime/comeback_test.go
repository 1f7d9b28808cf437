package realtime_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

// TestConnect_NoVerify: without a way to refresh, a client is not told to. It comes
// back after the end, with what its upgrade carries by then.
func TestConnect_NoVerify(t *testing.T) {
	c := newTestHub(t, func(config *realtime.Config) {
		config.Principal = func(context.Context) (realtime.Principal, bool) {
			return realtime.Principal{UserID: "alice", ExpiresAt: time.Now().Add(time.Hour)}, true
		}
	})
	k := c.open("alice")
	k.say(`{"id":1,"connect":{}}`)
	if got := k.hear(); strings.Contains(got, "expires") || strings.Contains(got, "ttl") {
		t.Errorf("got %s, want no word of a refresh", got)
	}
}

// TestSubscribe_ComesBack: a client never gets more subscriptions than the frame has
// room for with which it comes back, long names and tokens counted.
func TestSubscribe_ComesBack(t *testing.T) {
	c := newTestHub(t, set(func(l *realtime.Limits) { l.Channels, l.MessageBytes = 3, 4*145 }))
	k := c.join("alice")
	subscribe := func(id int, name string) {
		k.say(fmt.Sprintf(`{"id":%d,"subscribe":{"channel":"plain:%s"}}`, id, name))
	}
	subscribe(2, strings.Repeat("a", 200))
	k.want(`{"id":2,"subscribe":{}}`)
	subscribe(3, strings.Repeat("b", 200)) // 2 x (206+105) + 145 > 580
	k.want(`{"id":3,"error":{"code":106,"message":"limit exceeded"}}`)
	subscribe(4, "c")
	k.want(`{"id":4,"subscribe":{}}`)
	k.say(`{"id":5,"unsubscribe":{"channel":"plain:` + strings.Repeat("a", 200) + `"}}`)
	k.want(`{"id":5,"unsubscribe":{}}`)
	subscribe(6, strings.Repeat("b", 200))
	k.want(`{"id":6,"subscribe":{}}`)
}

// TestRejudge_NoVerdictServer: a fault while a subscription of the server's is judged
// again ends the connection so that its client recovers.
func TestRejudge_NoVerdictServer(t *testing.T) {
	c := newTestHub(t, nil)
	fault := false
	stay := func(context.Context, *realtime.Conn, realtime.Params) error {
		if fault {
			return realtime.ErrCheckUnavailable
		}
		return nil
	}
	if err := c.hub.Channel("server:{id}", realtime.ChannelOptions{}, realtime.AllowStay(stay)); err != nil {
		t.Fatal(err)
	}
	k := c.join("alice")
	if _, err := c.hub.Subscribe(t.Context(), realtime.ByUser("alice"), "server:1"); err != nil {
		t.Fatal(err)
	}
	k.want(`{"push":{"channel":"server:1","subscribe":{}}}`)
	fault = true
	c.hub.Rejudge(t.Context(), realtime.ByUser("alice"))
	k.wantClose(realtime.CloseInsufficientState)
}

// TestRecheck_AnswerThatPasses: an answer that says of itself that it passes is no
// verdict, wherever it comes from.
func TestRecheck_AnswerThatPasses(t *testing.T) {
	c := newTestHub(t, func(config *realtime.Config) {
		config.Recheck = func(context.Context, realtime.Principal) error {
			return fmt.Errorf("read the account: %w", &realtime.Error{Code: 100, Message: "later", Temporary: true})
		}
	})
	k := c.open("alice")
	k.say(`{"id":1,"connect":{}}`)
	k.want(`{"id":1,"error":{"code":100,"message":"internal server error","temporary":true}}`)
	k.wantClose(realtime.CloseInternal)
}
