package chat_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/lease"
	"github.com/yodelrt/yodel/app/store"
	"github.com/yodelrt/yodel/app/store/storetest"
)

// hand is a carrier that remembers what it carried, in order.
type hand struct {
	others *atomic.Int32 // that carry at this moment
	mu     *sync.Mutex
	all    *[]string
	enough chan struct{}
	want   int
	clash  atomic.Bool
}

func (h *hand) Publish(_ context.Context, _ string, _ []byte, key string) error {
	if h.others.Add(1) > 1 {
		h.clash.Store(true)
	}
	defer h.others.Add(-1)
	h.mu.Lock()
	defer h.mu.Unlock()
	*h.all = append(*h.all, key)
	if len(*h.all) == h.want {
		close(h.enough)
	}
	return nil
}

func (h *hand) Pass(context.Context, string, []byte) error { return nil }

func (h *hand) Broadcast(context.Context, []byte) error { return nil }

func (h *hand) Rejudge(context.Context, string) {}

func quietRelay(s *store.Store) *chat.Relay {
	return chat.NewRelay(s.Chat(), slog.New(slog.NewTextHandler(io.Discard, nil)))
}

func insertTask(t *testing.T, s *store.Store, id string) {
	t.Helper()
	err := s.Chat().Change(t.Context(), func(tx chat.Tx) error {
		return tx.InsertTask(t.Context(), chat.Task{ID: id, Action: chat.Publish, Target: "room:1", Data: []byte("{}")})
	})
	if err != nil {
		t.Error(err)
	}
}

func waitingTasks(t *testing.T, s *store.Store) (left []chat.Task) {
	t.Helper()
	err := s.Chat().View(t.Context(), func(tx chat.Tx) (err error) {
		left, err = tx.Tasks(t.Context(), 1000)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return left
}

// TestTwoProcessesTakeTurns: each task is carried out once and in its order, and
// never by both at a time.
func TestTwoProcessesTakeTurns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const tasks = 60
		var all []string
		one := &hand{others: new(atomic.Int32), mu: new(sync.Mutex), all: &all, enough: make(chan struct{}), want: tasks}
		relays := []*chat.Relay{quietRelay(s), quietRelay(s)}
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		for _, relay := range relays {
			running.Go(func() { relay.Run(ctx, one) })
		}
		var want []string
		for i := range tasks {
			want = append(want, fmt.Sprintf("%04d", i))
			insertTask(t, s, want[i])
			relays[0].Wake()
			relays[1].Wake()
		}
		<-one.enough
		stop()
		running.Wait()
		if !slices.Equal(all, want) {
			t.Errorf("carried out %v", all)
		}
		if one.clash.Load() {
			t.Error("both carried at the same time")
		}
		if left := waitingTasks(t, s); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	})
}

// stuck is a carrier that hangs, as in a process that was stopped.
type stuck struct {
	hand
	hangs, goesOn chan struct{}
}

func (s *stuck) Publish(context.Context, string, []byte, string) error {
	close(s.hangs)
	<-s.goesOn
	return nil
}

// TestADeadProcessLosesItsTurn: another one takes over, and what the first does
// when it wakes up changes nothing.
func TestADeadProcessLosesItsTurn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		insertTask(t, s, "1")
		dead := &stuck{hangs: make(chan struct{}), goesOn: make(chan struct{})}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var running sync.WaitGroup
		first, second := quietRelay(s), quietRelay(s)
		running.Go(func() { first.Run(ctx, dead) })
		<-dead.hangs
		var all []string
		alive := &hand{others: new(atomic.Int32), mu: new(sync.Mutex), all: &all, enough: make(chan struct{}), want: 1}
		second.LeaseLife(10 * time.Millisecond)
		running.Go(func() { second.Run(ctx, alive) })
		<-alive.enough
		stop()
		close(dead.goesOn)
		running.Wait()
		if done, _ := first.Counts(); done != 0 {
			t.Errorf("the first one counts %d as done", done)
		}
		if left := waitingTasks(t, s); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	})
}

// TestALeaseThatIsUsedIsKept, whatever another process thinks of the time.
func TestALeaseThatIsUsedIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		move := func(from lease.Lease, holder string) (now lease.Lease, moved bool) {
			err := s.Chat().Change(t.Context(), func(tx chat.Tx) (err error) {
				if moved, err = tx.MoveLease(t.Context(), from, holder); err != nil {
					return err
				}
				now, err = tx.Lease(t.Context())
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return now, moved
		}
		held, moved := move(lease.Lease{}, "other")
		if !moved || held.Holder != "other" {
			t.Fatalf("take: %v %v", held, moved)
		}
		if now, moved := move(lease.Lease{}, "me"); moved || now != held {
			t.Errorf("one that has moved on: got %v %v", now, moved)
		}
	})
}
