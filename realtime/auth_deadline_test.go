package realtime_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/centrifugal/centrifuge-go"
	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
)

// lateCase is what a peer does that has not connected when Limits.AuthDeadline is over.
type lateCase struct {
	name string
	do   func(c *testHub, k *rawClient)
	want realtime.Close
}

// keepsReading lets the peer answer pings, which it does while it reads.
func keepsReading(_ *testHub, k *rawClient) { k.conn.CloseRead(k.t.Context()) }

var lateCases = []lateCase{
	{"H095 says nothing and answers pings", keepsReading, realtime.CloseStale},
	{"H095 sends pings and answers them", func(c *testHub, k *rawClient) {
		keepsReading(c, k)
		go func() {
			for range 4 {
				time.Sleep(2 * time.Second)
				_ = k.conn.Ping(k.t.Context())
			}
		}()
	}, realtime.CloseStale},
	{"H097 begins a message and answers pings", func(c *testHub, k *rawClient) {
		begin(c, k)
		keepsReading(c, k)
	}, realtime.CloseStale},
	{"its network carries nothing", func(*testHub, *rawClient) {}, realtime.CloseNoPong},
	{"its network has carried a ping, and then nothing", func(_ *testHub, k *rawClient) {
		ctx, cancel := context.WithTimeout(k.t.Context(), time.Second)
		defer cancel()
		_ = k.conn.Ping(ctx)
	}, realtime.CloseNoPong},
	{"its network has carried half of its message", begin, realtime.CloseNoPong},
	{"its connect is at work", func(_ *testHub, k *rawClient) { k.say(`{"id":1,"connect":{}}`) }, realtime.CloseInternal},
}

// begin sends the first part of a message that never ends.
func begin(_ *testHub, k *rawClient) {
	writer, err := k.conn.Writer(k.t.Context(), websocket.MessageText)
	if err != nil {
		k.t.Fatal(err)
	}
	if _, err := writer.Write([]byte(`{"id":1,"connect":{` + strings.Repeat(" ", 5000))); err != nil {
		k.t.Fatal(err)
	}
}

// stuck is a Connect hook that never ends by itself.
func stuck(c *realtime.Config) {
	c.Connect = func(ctx context.Context, _ *realtime.Conn, _ realtime.ConnectEvent) (realtime.ConnectReply, error) {
		<-ctx.Done()
		return realtime.ConnectReply{}, ctx.Err()
	}
}

// TestAuthDeadline_End: a connection that is not let in in time ends with a final code
// only where the peer could be heard and did not say connect. Each counts for the limit.
func TestAuthDeadline_End(t *testing.T) {
	for _, test := range lateCases {
		t.Run(test.name, func(t *testing.T) {
			hubBubble(t, stuck, func(t *testing.T, c *testHub) {
				k, began := c.open("alice"), time.Now()
				test.do(c, k)
				for len(c.hub.Stats().Closed) == 0 {
					time.Sleep(time.Second)
					synctest.Wait()
				}
				if took := time.Since(began); took < 10*time.Second || took > 12*time.Second {
					t.Errorf("ended after %s, want 10s", took)
				}
				if got := c.hub.Stats().Closed; got[test.want.Code] != 1 || len(got) != 1 {
					t.Errorf("closes by code: got %v, want one %d", got, test.want.Code)
				}
				c.wantRefusals("auth_deadline", 1)
			})
		})
	}
}

// TestAuthDeadline_StalledNetwork: the network of an official client swallows its
// connect for the whole deadline. The client waits longer than that for its answer, is
// told so, and comes back.
func TestAuthDeadline_StalledNetwork(t *testing.T) {
	for name, protobuf := range map[string]bool{"JSON": false, "protobuf": true} {
		t.Run(name, func(t *testing.T) {
			c := newTestHub(t, func(config *realtime.Config) { config.Limits.AuthDeadline = 300 * time.Millisecond })
			proxy := newProxy(t, c.server.Listener.Addr().String())
			proxy.deafen(1)
			config := manyOptions()
			config.ReadTimeout = time.Second // it sees an end before the answer to connect no sooner
			r := newReturning(t, proxy.url(), protobuf, config)
			r.connect()
			r.until("connected", func() bool { return r.connected == 1 })
			if got := c.hub.Stats().Closed[realtime.CloseNoPong.Code]; got != 1 {
				t.Errorf("ends with 3012: got %d, want 1", got)
			}
		})
	}
}

// TestAuthDeadline_Silent: a client that is there and says nothing is told that for good.
func TestAuthDeadline_Silent(t *testing.T) {
	c := newTestHub(t, func(config *realtime.Config) { config.Limits.AuthDeadline = 300 * time.Millisecond })
	c.open("alice").wantClose(realtime.CloseStale)
}

// TestH313_a_rule_meets_a_fault: a rule that reaches no verdict refuses nobody for good,
// and lets nobody stay: clients come back and recover after 2500.
func TestH313_a_rule_meets_a_fault(t *testing.T) {
	for name, fault := range map[string]error{"temporary": passing{true}, "a context that has ended": context.DeadlineExceeded, "no check": realtime.ErrCheckUnavailable} {
		t.Run(name, func(t *testing.T) {
			c := newTestHub(t, nil)
			var faults = make(chan error, 10)
			rule := func(context.Context, *realtime.Conn, realtime.Params) error {
				select {
				case err := <-faults:
					return err
				default:
					return nil
				}
			}
			if err := c.hub.Channel("asked:{id}", realtime.ChannelOptions{}, realtime.AllowSubscribe(rule), realtime.AllowPublish(rule)); err != nil {
				t.Fatal(err)
			}
			k := c.join("alice")
			passes := `"error":{"code":100,"message":"internal server error","temporary":true}}`
			faults <- fault
			k.say(`{"id":2,"subscribe":{"channel":"asked:1"}}`, `{"id":3,"subscribe":{"channel":"asked:1"}}`)
			k.want(`{"id":2,`+passes, `{"id":3,"subscribe":{}}`)
			faults <- fault
			k.say(`{"id":4,"publish":{"channel":"asked:1","data":1}}`)
			k.want(`{"id":4,` + passes)
			faults <- fault
			c.hub.Rejudge(t.Context(), realtime.ByUser("alice"))
			k.want(`{"push":{"channel":"asked:1","unsubscribe":{"code":2500,"reason":"insufficient state"}}}`)
			k.say(`{"id":5,"subscribe":{"channel":"asked:1"}}`)
			k.want(`{"id":5,"subscribe":{}}`)
			faults <- passing{false}
			c.hub.Rejudge(t.Context(), realtime.ByUser("alice"))
			k.want(`{"push":{"channel":"asked:1","unsubscribe":{"code":2000,"reason":"permission lost"}}}`)
		})
	}
}

// TestH313_a_rule_meets_a_fault_and_a_client: the official client subscribes when the
// fault has passed.
func TestH313_a_rule_meets_a_fault_and_a_client(t *testing.T) {
	c := newTestHub(t, nil)
	asked := make(chan struct{}, 10)
	rule := func(context.Context, *realtime.Conn, realtime.Params) error {
		if asked <- struct{}{}; len(asked) < 3 {
			return passing{true}
		}
		return nil
	}
	if err := c.hub.Channel("asked:{id}", realtime.ChannelOptions{}, realtime.AllowSubscribe(rule)); err != nil {
		t.Fatal(err)
	}
	r := newReturning(t, "ws://"+c.server.Listener.Addr().String(), false, centrifuge.Config{Header: http.Header{"Test-User": {"alice"}}})
	r.connect()
	r.follow("asked:1", nil)
	r.until("subscribed", func() bool { return r.live["asked:1"] })
}
