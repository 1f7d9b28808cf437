package nats_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/engine/enginetest"
)

func TestKeepsTheContract(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) engine.Engine { return open(t, startServer(t, t.TempDir()), nil).Engine }, nil)
}

// TestH078_one_ticket_on_three_nodes: of 200 who take it at the same time, one
// gets it.
func TestH078_one_ticket_on_three_nodes(t *testing.T) {
	server := startServer(t, t.TempDir())
	nodes := []interface {
		Take(ctx context.Context, id string) (bool, error)
	}{}
	for range 3 {
		nodes = append(nodes, open(t, server, nil).Tickets)
	}
	first := open(t, server, nil).Tickets
	for _, id := range []string{"a", "b", "c"} {
		if stored, err := first.Put(t.Context(), id, []byte("record"), "s", time.Now().Add(time.Minute)); !stored || err != nil {
			t.Fatalf("put: %v, %v", stored, err)
		}
		var winners atomic.Int32
		var group sync.WaitGroup
		for i := range 200 {
			group.Go(func() {
				won, err := nodes[i%3].Take(context.WithoutCancel(t.Context()), id)
				if err != nil {
					t.Errorf("take: %v", err)
				}
				if won {
					winners.Add(1)
				}
			})
		}
		group.Wait()
		if n := winners.Load(); n != 1 {
			t.Errorf("winners of %s: got %d, want 1", id, n)
		}
	}
}
