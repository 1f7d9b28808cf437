// Package tickettest holds what every [middleware.TicketStore] must keep to.
// Run it in the tests of a store of your own.
package tickettest

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/yodelrt/yodel/middleware"
)

// PerSession is how many open tickets a session may have in the stores under
// test.
const PerSession = 10

// Run holds the store that open returns against the contract. open makes an
// empty store for each test. bubble runs a test: synctest.Test gives stores in
// the process a fake clock, nil lets real time pass.
func Run(t *testing.T, open func(t *testing.T) middleware.TicketStore, bubble func(*testing.T, func(*testing.T))) {
	if bubble == nil {
		bubble = func(t *testing.T, test func(*testing.T)) { test(t) }
	}
	for _, test := range []struct {
		name string
		run  func(t *testing.T, store middleware.TicketStore)
	}{
		{"what was put can be peeked at any number of times", peeks},
		{"an unknown id is nothing", unknown},
		{"H076 a ticket is taken once", takesOnce},
		{"H077 of parallel takers one wins", races},
		{"a ticket expires", expires},
		{"H090 a session has so many open tickets and no more", bounded},
		{"H082 dropping a session drops its open tickets alone", drops},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) { test.run(t, open(t)) })
		})
	}
}

func put(t *testing.T, store middleware.TicketStore, id, session string, life time.Duration) {
	t.Helper()
	stored, err := store.Put(t.Context(), id, []byte("record of "+id), session, time.Now().Add(life))
	if err != nil || !stored {
		t.Fatalf("put %s: got %v, %v, want true", id, stored, err)
	}
}

func wantRecord(t *testing.T, store middleware.TicketStore, id string, known, taken bool) {
	t.Helper()
	record, wasTaken, err := store.Peek(t.Context(), id)
	if err != nil {
		t.Fatalf("peek %s: %v", id, err)
	}
	if (record != nil) != known || (known && (string(record) != "record of "+id || wasTaken != taken)) {
		t.Errorf("peek %s: got %q, taken %v; want known %v, taken %v", id, record, wasTaken, known, taken)
	}
}

func wantTake(t *testing.T, store middleware.TicketStore, id string, want bool) {
	t.Helper()
	got, err := store.Take(t.Context(), id)
	if err != nil || got != want {
		t.Errorf("take %s: got %v, %v, want %v", id, got, err, want)
	}
}

func peeks(t *testing.T, store middleware.TicketStore) {
	put(t, store, "a", "s", time.Minute)
	for range 3 {
		wantRecord(t, store, "a", true, false)
	}
	wantTake(t, store, "a", true)
}

func unknown(t *testing.T, store middleware.TicketStore) {
	wantRecord(t, store, "nobody", false, false)
	wantTake(t, store, "nobody", false)
	if err := store.Drop(t.Context(), "nobody"); err != nil {
		t.Errorf("drop of nothing: %v", err)
	}
}

func takesOnce(t *testing.T, store middleware.TicketStore) {
	put(t, store, "a", "s", time.Minute)
	wantTake(t, store, "a", true)
	wantTake(t, store, "a", false)
	if record, taken, err := store.Peek(t.Context(), "a"); err != nil || (record != nil && !taken) {
		t.Errorf("peek after take: got %q, %v, %v; want nothing, or taken", record, taken, err)
	}
}

func races(t *testing.T, store middleware.TicketStore) {
	put(t, store, "a", "s", time.Minute)
	var winners atomic.Int32
	var group sync.WaitGroup
	for range 200 {
		group.Go(func() {
			if won, err := store.Take(context.WithoutCancel(t.Context()), "a"); err != nil {
				t.Errorf("take: %v", err)
			} else if won {
				winners.Add(1)
			}
		})
	}
	group.Wait()
	if n := winners.Load(); n != 1 {
		t.Errorf("winners: got %d, want 1", n)
	}
}

func expires(t *testing.T, store middleware.TicketStore) {
	put(t, store, "short", "s", time.Second)
	put(t, store, "long", "s", time.Hour)
	time.Sleep(1100 * time.Millisecond) // past the expiry, on whichever clock runs
	wantRecord(t, store, "short", false, false)
	wantTake(t, store, "short", false)
	wantTake(t, store, "long", true)
}

func bounded(t *testing.T, store middleware.TicketStore) {
	for i := range PerSession {
		put(t, store, strconv.Itoa(i), "s", time.Second)
	}
	if stored, err := store.Put(t.Context(), "more", nil, "s", time.Now().Add(time.Minute)); stored || err != nil {
		t.Fatalf("one more: got %v, %v, want false", stored, err)
	}
	put(t, store, "other", "another session", time.Minute)
	wantTake(t, store, "0", true)
	put(t, store, "after a take", "s", time.Minute)
	time.Sleep(1100 * time.Millisecond) // past the expiry, on whichever clock runs
	for i := range PerSession - 1 {
		put(t, store, "after expiry "+strconv.Itoa(i), "s", time.Minute)
	}
}

func drops(t *testing.T, store middleware.TicketStore) {
	put(t, store, "a", "s", time.Minute)
	put(t, store, "b", "s", time.Minute)
	put(t, store, "c", "another session", time.Minute)
	if err := store.Drop(t.Context(), "s"); err != nil {
		t.Fatalf("drop: %v", err)
	}
	wantTake(t, store, "a", false)
	wantTake(t, store, "b", false)
	wantTake(t, store, "c", true)
	for i := range PerSession {
		put(t, store, "new "+strconv.Itoa(i), "s", time.Minute)
	}
}
