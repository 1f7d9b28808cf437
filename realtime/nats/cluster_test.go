package nats_test

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/nats"
)

// freePorts are addresses that nobody listens on.
func freePorts(t *testing.T, n int) []string {
	t.Helper()
	var addresses []string
	for range n {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		addresses = append(addresses, listener.Addr().String())
	}
	return addresses
}

// startCluster starts three servers that are one cluster.
func startCluster(t *testing.T) []*nats.Server {
	t.Helper()
	routes := freePorts(t, 3)
	servers := make([]*nats.Server, len(routes))
	for i, address := range routes {
		server, err := nats.Embedded(nats.ServerOptions{
			Dir: t.TempDir(), Name: fmt.Sprintf("s%d", i), Logger: quiet,
			Cluster: &nats.Cluster{Name: "test", Listen: address, Routes: routes, User: "route", Password: "between servers"},
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Close)
		servers[i] = server
	}
	return servers
}

// TestAcknowledgedPublicationsOutliveAServer: with three replicas, one of three
// servers is ended in the middle of publishing; everything acknowledged is there,
// once and in order, and the node of the other two goes on.
func TestAcknowledgedPublicationsOutliveAServer(t *testing.T) {
	servers := startCluster(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var engines []*nats.Engine
	for _, server := range servers {
		engine, err := nats.Open(ctx, nats.Options{
			Server: server, Secret: secret, Replicas: 3, Logger: quiet, Heartbeat: 200 * time.Millisecond, Timeout: 2 * time.Second,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(engine.Close)
		engines = append(engines, engine)
	}
	a, b := newNode(t, engines[0], nil), newNode(t, engines[1], nil)
	alice, bob := a.Connect(as("alice", "1")), b.Connect(as("bob", "2"))
	alice.Subscribe("room:1")
	bob.Subscribe("room:1")
	var acknowledged []engine.Position
	put := func(n int) {
		eventually(t, fmt.Sprintf("publication %d is acknowledged", n), func() bool {
			position, err := []*node{a, b}[n%2].Publish(ctx, "room:1", fmt.Append(nil, n), realtime.WithKey(fmt.Sprint(n)))
			if err == nil {
				acknowledged = append(acknowledged, position)
			}
			return err == nil
		})
	}
	for n := range 60 {
		if n == 20 {
			servers[2].Close()
		}
		put(n)
	}
	for n, position := range acknowledged {
		if position.Offset != uint64(n+1) || position.Epoch != acknowledged[0].Epoch {
			t.Fatalf("publication %d is at %+v", n, position)
		}
	}
	for name, engine := range map[string]*nats.Engine{"a": engines[0], "b": engines[1]} {
		found := history(t, engine, "room:1", nil)
		if len(found.Publications) != 60 || found.Top.Offset != 60 {
			t.Errorf("%s: got %d publications up to %d, want 60", name, len(found.Publications), found.Top.Offset)
		}
	}
	for n := range 60 {
		for _, pub := range []*struct{ got string }{{string(alice.Next().Pub.Data)}, {string(bob.Next().Pub.Data)}} {
			if pub.got != fmt.Sprint(n) {
				t.Fatalf("a subscriber got %s, want %d", pub.got, n)
			}
		}
	}
	if nodes, err := a.Nodes(ctx); err != nil || len(nodes) < 2 {
		t.Errorf("nodes: got %+v, %v", nodes, err)
	}
}
