package nats_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/nats"
)

var secret = []byte("a secret of thirty-two bytes, or more")

// listening starts a server that clients of other processes reach.
func listening(t *testing.T, dir string) *nats.Server {
	t.Helper()
	server, err := nats.Embedded(nats.ServerOptions{Dir: dir, Listen: "127.0.0.1:0", Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// divided is two nodes, of which b reaches the server by a proxy.
func divided(t *testing.T, cutOff cluster.CutOff, recheck func(context.Context, realtime.Principal) error) (a, b *node, between *proxy) {
	t.Helper()
	server := listening(t, t.TempDir())
	between = newProxy(t, server.URL())
	a = newNode(t, open(t, server, func(o *nats.Options) { o.Secret = secret }), nil)
	far := open(t, nil, func(o *nats.Options) { o.URL, o.Secret, o.Timeout = between.url(), secret, time.Second })
	b = newNode(t, far, func(c *realtime.Config) { c.CutOff, c.Recheck = cutOff, recheck })
	return a, b, between
}

// TestH129_a_partition_during_a_revoke: the node that was cut off carries it out
// when it is back, and its subscribers get what was published meanwhile.
func TestH129_a_partition_during_a_revoke(t *testing.T) {
	a, b, between := divided(t, cluster.CutOff{}, nil)
	alice, bob := b.Connect(as("alice", "1")), b.Connect(as("bob", "2"))
	alice.Subscribe("room:1")
	if _, err := a.Publish(t.Context(), "room:1", []byte("0")); err != nil {
		t.Fatal(err)
	}
	alice.Next()
	between.cut()
	a.Disconnect(t.Context(), realtime.BySession("2"), realtime.CloseRevoked)
	for n := range 10 {
		if _, err := a.Publish(t.Context(), "room:1", fmt.Append(nil, n+1)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Publish(t.Context(), "room:1", []byte("99")); err == nil {
		t.Error("a node that is cut off acknowledged a publication")
	}
	if _, err := b.Publish(t.Context(), "fleeting:1", []byte("99")); err == nil {
		t.Error("a node that is cut off acknowledged a publication without history")
	}
	between.mend()
	bob.WantEnd(realtime.CloseRevoked)
	for n := range 10 {
		if pub := alice.Next().Pub; pub == nil || string(pub.Data) != fmt.Sprint(n+1) || pub.Offset != uint64(n+2) {
			t.Fatalf("publication %d: got %+v", n+1, pub)
		}
	}
	if filled := b.engine.Stats().Filled; filled == 0 {
		t.Error("nothing was read again")
	}
}

// TestH130_a_node_that_lost_its_engine: it refuses, ends its own within the
// bound with a code to come back, and serves again when the engine is back.
func TestH130_a_node_that_lost_its_engine(t *testing.T) {
	var asked atomic.Int32
	_, b, between := divided(t, cluster.CutOff{RefuseAfter: 300 * time.Millisecond, EndAfter: time.Second},
		func(context.Context, realtime.Principal) error { asked.Add(1); return nil })
	alice := b.Connect(as("alice", "1"))
	between.cut()
	eventually(t, "it refuses new connections", func() bool { return !b.HasRoom() })
	if n := b.Connections(); n != 1 {
		t.Errorf("connections when it begins to refuse: got %d, want 1", n)
	}
	alice.WantEnd(realtime.CloseReconnect)
	between.mend()
	eventually(t, "it serves again", b.HasRoom)
	b.Connect(as("alice", "1"))
}

// TestH079_tickets_with_the_engine_away: none is given and none is taken.
func TestH079_tickets_with_the_engine_away(t *testing.T) {
	a, b, between := divided(t, cluster.CutOff{}, nil)
	expires := time.Now().Add(time.Minute)
	if stored, err := b.engine.Tickets.Put(t.Context(), "a", []byte("record"), "s", expires); !stored || err != nil {
		t.Fatalf("put: %v, %v", stored, err)
	}
	between.cut()
	if _, err := b.engine.Tickets.Put(t.Context(), "b", []byte("record"), "s", expires); err == nil {
		t.Error("put: want an error")
	}
	if won, err := b.engine.Tickets.Take(t.Context(), "a"); err == nil || won {
		t.Errorf("take: got %v, %v, want an error", won, err)
	}
	if won, err := a.engine.Tickets.Take(t.Context(), "a"); err != nil || !won {
		t.Errorf("take on the node that reaches the engine: got %v, %v", won, err)
	}
	between.mend()
	eventually(t, "the engine is back", func() bool {
		won, err := b.engine.Tickets.Take(t.Context(), "a")
		if won {
			t.Fatal("a second one won")
		}
		return err == nil
	})
}

func TestTheContextBoundsEveryCall(t *testing.T) {
	_, b, between := divided(t, cluster.CutOff{}, nil)
	between.cut()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.engine.Broker.History(ctx, "a", engine.HistoryQuery{Limit: -1}); !errors.Is(err, context.Canceled) {
		t.Errorf("history: got %v, want %v", err, context.Canceled)
	}
}
