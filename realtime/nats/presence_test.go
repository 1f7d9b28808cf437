package nats_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/nats"
)

// TestPresence_AcrossNodes: a user with connections to several nodes is one, and
// the limit counts all nodes together.
func TestPresence_AcrossNodes(t *testing.T) {
	server := startServer(t, t.TempDir())
	var nodes []*nats.Engine
	for range 3 {
		nodes = append(nodes, newNode(t, open(t, server, nil), nil).engine) // a hub lists its node
	}
	enter := func(node int, client, user string) {
		t.Helper()
		if err := nodes[node].Presence.Enter(t.Context(), "a", client, engine.ClientInfo{User: user, Client: client}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range nodes {
		eventually(t, "all nodes are listed", func() bool {
			listed, err := nodes[i].Control.Nodes(t.Context())
			return err == nil && len(listed) == 3
		})
	}
	wantEverywhere := func(clients, users int) {
		t.Helper()
		for i, node := range nodes {
			got, err := node.Presence.Stats(t.Context(), "a")
			if err != nil || got.Clients != clients || got.Users != users {
				t.Errorf("node %d counts: got %+v, %v, want %d clients and %d users", i, got, err, clients, users)
			}
			there, err := node.Presence.Present(t.Context(), "a", clients)
			if err != nil || len(there) != clients {
				t.Errorf("node %d: got %d, %v, want %d", i, len(there), err, clients)
			}
			if there, err := node.Presence.Present(t.Context(), "a", clients-1); !errors.Is(err, engine.ErrTooManyPresent) || there != nil {
				t.Errorf("node %d, one too many: got %d, %v, want %v", i, len(there), err, engine.ErrTooManyPresent)
			}
		}
	}
	enter(0, "1", "alice")
	enter(1, "2", "alice")
	enter(1, "3", "bob")
	wantEverywhere(3, 2)
	enter(2, "4", "carol")
	wantEverywhere(4, 3)
}

// TestH316_presence_of_50000_on_another_node: it is counted, refused, and never
// sent; users beyond what one message holds are counted all the same.
func TestH316_presence_of_50000_on_another_node(t *testing.T) {
	server := startServer(t, t.TempDir())
	small := func(o *nats.Options) { o.MaxMessageBytes = 8 * 10_000 }
	asks, has := newNode(t, open(t, server, small), nil).engine, newNode(t, open(t, server, small), nil).engine
	eventually(t, "both are listed", func() bool {
		listed, err := asks.Control.Nodes(t.Context())
		return err == nil && len(listed) == 2
	})
	for _, test := range []struct {
		channel        string
		clients, users int
	}{{"sent", 50_000, 5000}, {"too large to be sent", 50_000, 25_000}} {
		for i := range test.clients {
			info := engine.ClientInfo{User: fmt.Sprint(i % test.users)}
			if err := has.Presence.Enter(t.Context(), test.channel, fmt.Sprint(i), info); err != nil {
				t.Fatal(err)
			}
		}
		if err := asks.Presence.Enter(t.Context(), test.channel, "here", engine.ClientInfo{User: "here"}); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			got, err := asks.Presence.Stats(t.Context(), test.channel)
			if want := (engine.PresenceStats{Clients: test.clients + 1, Users: test.users + 1}); err != nil || got != want {
				t.Errorf("%s: got %+v, %v, want %+v", test.channel, got, err, want)
			}
		}
		for _, limit := range []int{1000, -1} {
			if there, err := asks.Presence.Present(t.Context(), test.channel, limit); !errors.Is(err, engine.ErrTooManyPresent) {
				t.Errorf("%s, limit %d: got %d, %v, want %v", test.channel, limit, len(there), err, engine.ErrTooManyPresent)
			}
		}
	}
}
