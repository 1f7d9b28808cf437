package nats_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/nats"
)

// TestRemoveHistory_EveryNode: subscribers of other nodes are told, what another
// node reads is gone, and the server has nothing of it any more.
func TestRemoveHistory_EveryNode(t *testing.T) {
	server := startServer(t, t.TempDir())
	a, b := open(t, server, nil), open(t, server, nil)
	heard := make(chan engine.Publication, 100)
	if err := b.Broker.Subscribe(t.Context(), "room:1", func(p engine.Publication) { heard <- p }); err != nil {
		t.Fatal(err)
	}
	history(t, b, "room:1", nil)
	before := publish(t, a, "room:1", "secret")
	publish(t, b, "room:1", "secret")
	publish(t, a, "room:2", "stays")
	<-heard
	<-heard
	if err := a.Remover.RemoveHistory(t.Context(), "room:1"); err != nil {
		t.Fatal(err)
	}
	told := <-heard
	if told.Kind != engine.Renewed || told.Epoch == before.Epoch {
		t.Errorf("on the other node: heard %+v, want kind Renewed", told)
	}
	if found := history(t, b, "room:1", nil); len(found.Publications) != 0 || found.Top.Epoch != told.Epoch {
		t.Errorf("on the other node: got %d up to %+v, want nothing in epoch %s", len(found.Publications), found.Top, told.Epoch)
	}
	if got := nats.Stored(t.Context(), a, "room:1"); got != 1 {
		t.Errorf("messages on the server: got %d, want 1 that begins the epoch", got)
	}
	if got := nats.Stored(t.Context(), a, "room:2"); got != 1 {
		t.Errorf("messages of another channel: got %d, want 1", got)
	}
	for i, tested := range []*nats.Engine{b, a, b} {
		if next := publish(t, tested, "room:1", "next"); next.Epoch != told.Epoch || next.Offset != uint64(i+1) {
			t.Errorf("the next: got %+v, want offset %d in epoch %s", next, i+1, told.Epoch)
		}
	}
}

// TestRemoveHistory_Meanwhile: publishers and readers of other nodes go on while a
// history is removed again and again; offsets have no gap, and no read fails.
func TestRemoveHistory_Meanwhile(t *testing.T) {
	server := startServer(t, t.TempDir())
	nodes := []*nats.Engine{open(t, server, nil), open(t, server, nil)}
	publish(t, nodes[0], "a", "0")
	ctx := context.WithoutCancel(t.Context())
	var group sync.WaitGroup
	for _, node := range nodes {
		group.Go(func() {
			for n := range 100 {
				if _, err := node.Broker.Publish(ctx, "a", engine.Publication{Data: fmt.Append(nil, n)}, kept); err != nil {
					t.Errorf("publish: %v", err)
				}
			}
		})
		group.Go(func() {
			for range 100 {
				found, err := node.Broker.History(ctx, "a", engine.HistoryQuery{Limit: -1, TTL: kept.TTL})
				if err != nil {
					t.Errorf("history: %v", err)
				}
				for i, p := range found.Publications {
					if p.Offset != found.Publications[0].Offset+uint64(i) || p.Epoch != found.Top.Epoch {
						t.Errorf("history: got offset %d in epoch %s at %d of %s", p.Offset, p.Epoch, i, found.Top.Epoch)
					}
				}
			}
		})
	}
	for range 30 {
		if err := nodes[0].Remover.RemoveHistory(ctx, "a"); err != nil {
			t.Errorf("remove: %v", err)
		}
	}
	group.Wait()
}

// TestHistory_LatestIsGone: the latest publication was removed between being found
// and being read.
func TestHistory_LatestIsGone(t *testing.T) {
	tested := open(t, startServer(t, t.TempDir()), nil)
	publish(t, tested, "a", "1")
	read := nats.HistoryInTwo(t.Context(), tested, "a")
	if err := tested.Remover.RemoveHistory(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if err := read(); !nats.Moved(err) {
		t.Errorf("reading below what is gone: got %v, want to be asked again", err)
	}
}

// TestKeysFull: a node's budget for keys is its own; nothing is published beyond it.
func TestKeysFull(t *testing.T) {
	tested := open(t, startServer(t, t.TempDir()), func(o *nats.Options) { o.MaxKeyBytes = 2000 })
	for _, options := range []engine.PublishOptions{kept, {}} {
		for n := 0; ; n++ {
			options.Key = fmt.Sprint(options.History, n)
			_, err := tested.Broker.Publish(t.Context(), "a", engine.Publication{}, options)
			if errors.Is(err, engine.ErrKeysFull) {
				break
			}
			if err != nil || n > 20 {
				t.Fatalf("key %d: %v", n, err)
			}
		}
	}
	first := kept
	first.Key = fmt.Sprint(kept.History, 0)
	if again, err := tested.Broker.Publish(t.Context(), "a", engine.Publication{}, first); err != nil || again.Offset != 1 {
		t.Errorf("the first key again: got %+v, %v, want it remembered", again, err)
	}
	if top := history(t, tested, "a", nil).Top.Offset; top < 3 || top > 8 {
		t.Errorf("published: got %d, want what 2,000 bytes of keys let through", top)
	}
}
