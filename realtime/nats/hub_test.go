package nats_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/nats"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// node is a hub on an engine of its own.
type node struct {
	*realtime.Hub
	*realtimetest.Server
	engine *nats.Engine
}

func newNode(t *testing.T, engine *nats.Engine, change func(*realtime.Config)) *node {
	t.Helper()
	config := realtime.Config{Principal: realtimetest.Principal, Engine: engine.Engine, Logger: quiet, DrainSpread: time.Millisecond}
	if change != nil {
		change(&config)
	}
	hub, err := realtime.New(config)
	if err != nil {
		t.Fatal(err)
	}
	for pattern, options := range map[string]realtime.ChannelOptions{
		"room:{id}": {History: 1000, HistoryTTL: time.Minute, Recover: true, Presence: true}, "fleeting:{id}": {JoinLeave: true},
	} {
		if err := hub.Channel(pattern, options, realtime.AllowSubscribe(realtime.AllowAll)); err != nil {
			t.Fatal(err)
		}
	}
	return &node{hub, realtimetest.Serve(t, hub), engine}
}

// pair is two nodes on one server.
func pair(t *testing.T) (a, b *node) {
	t.Helper()
	server := startServer(t, t.TempDir())
	return newNode(t, open(t, server, nil), nil), newNode(t, open(t, server, nil), nil)
}

func as(user, session string) realtime.Principal {
	return realtime.Principal{UserID: user, SessionID: session}
}

// eventually waits for what another node will have done soon.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-deadline:
			t.Fatalf("not within 20 s: %s", what)
		case <-tick.C:
		}
	}
}

// TestEverySubscriberGetsEachOnceAndInOrder: while both nodes publish to the
// same channel at the same time.
func TestEverySubscriberGetsEachOnceAndInOrder(t *testing.T) {
	a, b := pair(t)
	clients := []*realtimetest.Client{a.Connect(as("alice", "1")), b.Connect(as("bob", "2")), b.Connect(as("carol", "3"))}
	for _, client := range clients {
		client.Subscribe("room:1")
	}
	const each = 200
	var group sync.WaitGroup
	for i, publisher := range []*node{a, b, a, b} {
		group.Go(func() {
			for n := range each {
				if _, err := publisher.Publish(context.WithoutCancel(t.Context()), "room:1", fmt.Appendf(nil, `"%d-%d"`, i, n)); err != nil {
					t.Errorf("publish: %v", err)
				}
			}
		})
	}
	group.Wait()
	var first []string
	for c, client := range clients {
		next := [4]int{}
		for i := range 4 * each {
			pub := client.Next().Pub
			if pub == nil || pub.Offset != uint64(i+1) {
				t.Fatalf("client %d, publication %d: got %+v", c, i, pub)
			}
			var publisher, n int
			if _, err := fmt.Sscanf(string(pub.Data), `"%d-%d"`, &publisher, &n); err != nil || n != next[publisher] {
				t.Fatalf("client %d: %s is out of the order of its publisher", c, pub.Data)
			}
			next[publisher]++
			if c == 0 {
				first = append(first, string(pub.Data))
			} else if first[i] != string(pub.Data) {
				t.Fatalf("client %d sees another order at %d", c, i)
			}
		}
	}
	for _, n := range []*node{a, b} {
		eventually(t, "the ledger settles", func() bool { return n.Account().Settled() })
		if account := n.Account(); account.Dropped+account.Recoverable > 0 {
			t.Errorf("ledger: %+v", account)
		}
	}
	t.Logf("conflicts: %d and %d, filled: %d and %d", a.engine.Stats().Conflicts, b.engine.Stats().Conflicts, a.engine.Stats().Filled, b.engine.Stats().Filled)
}

func TestChannelsWithoutAHistoryReachEveryNode(t *testing.T) {
	a, b := pair(t)
	alice := b.Connect(as("alice", "1"))
	alice.Subscribe("fleeting:1")
	for n := range 50 {
		if _, err := a.Publish(t.Context(), "fleeting:1", fmt.Append(nil, n)); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 50 {
		if pub := alice.Next().Pub; string(pub.Data) != fmt.Sprint(n) || pub.Offset != 0 {
			t.Fatalf("got %s at %d, want %d", pub.Data, pub.Offset, n)
		}
	}
	for range 2 { // once, by its key
		if _, err := a.Publish(t.Context(), "fleeting:1", []byte(`"key"`), realtime.WithKey("k")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Publish(t.Context(), "fleeting:1", []byte(`"key"`), realtime.WithKey("k")); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Publish(t.Context(), "fleeting:1", []byte(`"end"`)); err != nil {
		t.Fatal(err)
	}
	if got := string(alice.Next().Pub.Data) + string(alice.Next().Pub.Data); got != `"key""end"` {
		t.Errorf("got %s, want the publication with a key once", got)
	}
}

// TestRefresh_EveryNodeSeesTheInfo: and a message reaches one connection of another.
func TestRefresh_EveryNodeSeesTheInfo(t *testing.T) {
	server := startServer(t, t.TempDir())
	info := func(c *realtime.Conn) []byte { return []byte(`"` + c.Principal().Name + `"`) }
	withInfo := func(config *realtime.Config) {
		config.Verify = realtimetest.Verify
		config.Connect = func(_ context.Context, c *realtime.Conn, _ realtime.ConnectEvent) (realtime.ConnectReply, error) {
			return realtime.ConnectReply{Info: info(c)}, nil
		}
		config.Refresh = func(_ context.Context, c *realtime.Conn) ([]byte, error) { return info(c), nil }
	}
	a, b := newNode(t, open(t, server, nil), withInfo), newNode(t, open(t, server, nil), withInfo)
	alice := b.Connect(realtime.Principal{UserID: "alice", SessionID: "1", Name: "Alice"})
	alice.Subscribe("room:1")
	seen := func(want string) func() bool {
		return func() bool {
			there, err := a.Presence(t.Context(), "room:1")
			for client, one := range there {
				if _, err := a.Send(t.Context(), realtime.ByClient(client), []byte(`"for one"`)); err != nil {
					t.Fatal(err)
				}
				return err == nil && len(there) == 1 && string(one.Conn) == want
			}
			return false
		}
	}
	eventually(t, "another node sees who is there", seen(`"Alice"`))
	if got := string(alice.Next().Message.Data); got != `"for one"` {
		t.Errorf("heard %s, want what was for one connection", got)
	}
	if reply := alice.Refresh(realtime.Principal{UserID: "alice", SessionID: "1", Name: "Alice B."}); reply.Error != nil {
		t.Fatal(reply.Raw)
	}
	eventually(t, "another node sees the new info", seen(`"Alice B."`))
}

// TestH128_a_revoke_on_one_node: it ends the socket on another within a second,
// and messages to users and to all reach it.
func TestH128_a_revoke_on_one_node(t *testing.T) {
	a, b := pair(t)
	alice, bob := b.Connect(as("alice", "1")), b.Connect(as("bob", "2"))
	if _, err := a.Send(t.Context(), realtime.ByUser("alice"), []byte(`"one"`)); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Send(t.Context(), realtime.All(), []byte(`"all"`)); err != nil {
		t.Fatal(err)
	}
	if got := string(alice.Next().Message.Data) + string(alice.Next().Message.Data); got != `"one""all"` {
		t.Errorf("alice heard %s", got)
	}
	if got := string(bob.Next().Message.Data); got != `"all"` {
		t.Errorf("bob heard %s", got)
	}
	began := time.Now()
	a.Disconnect(t.Context(), realtime.BySession("1"), realtime.CloseRevoked)
	alice.WantEnd(realtime.CloseRevoked)
	if took := time.Since(began); took > time.Second {
		t.Errorf("ended after %s, want a second", took)
	}
	late := b.Dial(as("alice", "1"))
	late.Send(`{"id":1,"connect":{}}`)
	late.WantEnd(realtime.CloseRevoked)
}

func TestPresenceIsThatOfAllNodes(t *testing.T) {
	a, b := pair(t)
	a.Connect(as("alice", "1")).Subscribe("room:1")
	bob := b.Connect(as("bob", "2"))
	bob.Subscribe("room:1")
	for _, n := range []*node{a, b} {
		there, err := n.engine.Presence.Present(t.Context(), "room:1", -1)
		if err != nil || len(there) != 2 {
			t.Errorf("present: got %v, %v, want alice and bob", there, err)
		}
	}
	eventually(t, "both nodes are listed with their numbers", func() bool {
		nodes, err := a.Nodes(t.Context())
		return err == nil && len(nodes) == 2 && nodes[0].Connections == 1 && nodes[1].Connections == 1 && nodes[0].Channels == 1
	})
	bob.Cut()
	eventually(t, "bob is gone", func() bool {
		there, err := a.engine.Presence.Present(t.Context(), "room:1", -1)
		return err == nil && len(there) == 1
	})
	b.Connect(as("bob", "2")).Subscribe("room:1")
	b.engine.Close() // as if its process had ended
	eventually(t, "who was on a dead node is gone", func() bool {
		there, err := a.engine.Presence.Present(t.Context(), "room:1", -1)
		return err == nil && len(there) == 1
	})
	eventually(t, "a dead node is no longer listed", func() bool {
		nodes, err := a.Nodes(t.Context())
		return err == nil && len(nodes) == 1
	})
}
