package nats_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/nats"
)

// TestH131_what_is_stored_survives_a_restart: histories with their epochs and
// offsets, revocations, tickets and idempotency keys, though server and node are
// others.
func TestH131_what_is_stored_survives_a_restart(t *testing.T) {
	dir := t.TempDir()
	server, err := nats.Embedded(nats.ServerOptions{Dir: dir, Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	first := open(t, server, nil)
	keyed := kept
	keyed.Key = "once"
	before, err := first.Broker.Publish(t.Context(), "room:1", engine.Publication{Data: []byte("0")}, keyed)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 9 {
		publish(t, first, "room:1", fmt.Sprint(n+1))
	}
	if err := first.Revocations.Revoke(t.Context(), cluster.Revocation{By: realtime.BySession("1"), Code: 3503, Reason: "signed out", At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if _, err := first.Tickets.Put(t.Context(), "ticket", []byte("record"), "s", time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	first.Close()
	server.Close()

	second := open(t, startServer(t, dir), nil)
	found := history(t, second, "room:1", &before)
	if found.Top != (engine.Position{Epoch: before.Epoch, Offset: 10}) || len(found.Publications) != 9 {
		t.Errorf("history: got %d up to %+v, want 9 up to offset 10 of epoch %s", len(found.Publications), found.Top, before.Epoch)
	}
	if again, err := second.Broker.Publish(t.Context(), "room:1", engine.Publication{}, keyed); err != nil || again != before {
		t.Errorf("the same key: got %+v, %v, want %+v", again, err, before)
	}
	if next := publish(t, second, "room:1", "10"); next.Offset != 11 || next.Epoch != before.Epoch {
		t.Errorf("the next: got %+v", next)
	}
	if won, err := second.Tickets.Take(t.Context(), "ticket"); !won || err != nil {
		t.Errorf("the ticket: got %v, %v", won, err)
	}
	late := newNode(t, second, nil).Dial(as("alice", "1"))
	late.Send(`{"id":1,"connect":{}}`)
	late.WantEnd(realtime.CloseRevoked)
}

// The server goes and comes back under a node that stays.
func TestANodeOutlivesItsServer(t *testing.T) {
	dir := t.TempDir()
	server := listening(t, dir)
	between := newProxy(t, server.URL())
	b := newNode(t, open(t, nil, func(o *nats.Options) { o.URL, o.Secret, o.Timeout = between.url(), secret, time.Second }), nil)
	alice, bob := b.Connect(as("alice", "1")), b.Connect(as("bob", "2"))
	alice.Subscribe("room:1")
	for n := range 5 {
		publish(t, b.engine, "room:1", fmt.Sprint(n))
		alice.Next()
	}
	server.Close()
	between.cut()
	again := listening(t, dir)
	between.retarget(again.URL())
	between.mend()
	a := newNode(t, open(t, again, func(o *nats.Options) { o.Secret = secret }), nil)
	publish(t, a.engine, "room:1", "5")
	if pub := alice.Next().Pub; pub.Offset != 6 {
		t.Errorf("after the restart: got %+v, want offset 6", pub)
	}
	a.Disconnect(t.Context(), realtime.BySession("2"), realtime.CloseRevoked)
	bob.WantEnd(realtime.CloseRevoked)
}
