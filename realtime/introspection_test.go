package realtime_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
)

func TestHubSnapshot(t *testing.T) {
	clubBubble(t, nil, func(t *testing.T, c *club) {
		k := c.join("alice", "Test-Session", "s1")
		k.say(`{"id":2,"subscribe":{"channel":"plain:2"}}`, `{"id":3,"subscribe":{"channel":"plain:1"}}`)
		k.hear()
		k.hear()
		k.want(`{}`)
		time.Sleep(3 * time.Second)
		k.say(`{}`, `{"id":4,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
		k.hear()
		c.join("bob")
		states := c.hub.Snapshot(realtime.ByUser("alice"))
		if len(states) != 1 {
			t.Fatalf("states: got %d, want 1", len(states))
		}
		got := states[0]
		if got.User != "alice" || got.Session != "s1" || strings.Join(got.Channels, " ") != "plain:1 plain:2" || got.RoundTrip != 3*time.Second || got.QueueBytes != 0 || got.Since.IsZero() || got.Client == "" {
			t.Errorf("state: got %+v", got)
		}
		if channels := c.hub.Channels(); len(channels) != 2 || channels["plain:1"] != 1 {
			t.Errorf("channels: got %v", channels)
		}
		if n := len(c.hub.Snapshot(realtime.All())); n != 2 {
			t.Errorf("all: got %d, want 2", n)
		}
	})
}

func TestH179_a_herd_is_let_in_as_fast_as_it_is_served(t *testing.T) {
	c := newClub(t, func(config *realtime.Config) { config.Limits.Connecting, config.Limits.ConnectionsPerUser = 3, 100 })
	var waiting []*talker
	for range 3 {
		waiting = append(waiting, c.open("alice"))
	}
	waiting[0].say(`{"id":1,"connect":{}}`)
	waiting[0].hear()
	c.open("alice")
	_, response, err := c.dial(nil, "Test-User", "alice")
	if err == nil || response.StatusCode != 503 || response.Header.Get("Retry-After") == "" {
		t.Errorf("one more than may connect at once: got %v, want 503 with Retry-After", response)
	}
	_ = waiting[1].conn.CloseNow()
	for !c.hub.HasRoom() { // it is on its way out
		waiting[0].say(`{"id":2,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
		waiting[0].hear()
	}
	waiting[2].say(`{"id":1,"connect":{}}`)
	waiting[2].hear()
}

func TestShutdownIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		hub, err := realtime.New(realtime.Config{
			Principal: func(context.Context) (realtime.Principal, bool) { return realtime.Principal{UserID: "alice"}, true },
			Engine:    memory.New(),
		})
		if err != nil {
			t.Fatal(err)
		}
		realtime.RPC(hub, "hang", func(context.Context, *realtime.Conn, any) (any, error) { <-release; return nil, nil }) // looks at no context
		c := &club{t: t, hub: hub, server: serve(hub, newPipeListener())}
		conn, _, err := c.dial(nil)
		if err != nil {
			t.Fatal(err)
		}
		k := &talker{club: c, conn: conn}
		k.say(`{"id":1,"connect":{}}`, `{"id":2,"rpc":{"method":"hang"}}`)
		k.hear()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began := time.Now()
		if err := hub.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("shutdown: got %v, want %v", err, context.DeadlineExceeded)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("took %s, want the deadline and a second", took)
		}
		close(release)
		_ = conn.CloseNow()
		c.server.Close()
	})
}

func TestBroadcastsAreInTheLedger(t *testing.T) {
	c := newClub(t, nil)
	peers := []*talker{c.join("alice"), c.join("bob")}
	for range 100 {
		if _, err := c.hub.Send(t.Context(), realtime.All(), []byte(`"all"`)); err != nil {
			t.Fatal(err)
		}
	}
	for _, k := range peers {
		for range 100 {
			k.want(`{"push":{"message":{"data":"all"}}}`)
		}
		k.say(`{"id":2,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
		k.hear()
		_ = k.conn.CloseNow()
		<-c.ended
	}
	if account := c.hub.Account(); account.Owed != 200 || account.Delivered != 200 || !account.Settled() {
		t.Errorf("ledger: got %+v, want 200 delivered", account)
	}
}
