package memory_test

import (
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/memory"
)

var windows = []int{100, 1000, 10_000}

// TestHistory_CostsWhatItReturns: one publication of a full window allocates the
// same however long the window is.
func TestHistory_CostsWhatItReturns(t *testing.T) {
	for _, query := range []engine.HistoryQuery{
		{Limit: 1}, {Limit: 1, Reverse: true}, {Limit: -1, MaxBytes: 1}, {Limit: 1, Since: &engine.Position{Offset: 50}},
	} {
		for _, n := range windows {
			broker, _ := filled(t, n)
			const asked = 100
			before := allocated()
			for range asked {
				if found, err := broker.History(t.Context(), "a", query); err != nil || len(found.Publications) != 1 {
					t.Fatalf("%+v: got %d, %v, want one", query, len(found.Publications), err)
				}
			}
			if got := (allocated() - before) / asked; got > 1024 {
				t.Errorf("%+v of %d: got %d bytes allocated, want at most 1,024", query, n, got)
			}
		}
	}
}

func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}

// TestPublish_MovesNothing: publishing into a full window copies no publication
// that is kept already, and filling one copies each twice at most.
func TestPublish_MovesNothing(t *testing.T) {
	for _, n := range windows {
		tested := memory.New()
		options := engine.PublishOptions{History: n, TTL: time.Hour}
		publish := func(times int) {
			for range times {
				if _, err := tested.Broker.Publish(t.Context(), "a", engine.Publication{Data: []byte("1")}, options); err != nil {
					t.Fatal(err)
				}
			}
		}
		publish(n)
		filling := memory.Moved(tested, "a")
		if filling > 2*n {
			t.Errorf("filling a window of %d: got %d copied, want at most %d", n, filling, 2*n)
		}
		publish(3 * n)
		if got := memory.Moved(tested, "a") - filling; got != 0 {
			t.Errorf("publishing into a full window of %d: got %d copied, want none", n, got)
		}
		options.History = 1
		publish(n)
		if got := memory.Moved(tested, "a") - filling; got > 2*n {
			t.Errorf("a window of %d made small: got %d copied, want at most %d", n, got, 2*n)
		}
		if found, err := tested.Broker.History(t.Context(), "a", engine.HistoryQuery{Limit: -1}); err != nil || len(found.Publications) != 1 || found.Publications[0].Offset != uint64(5*n) {
			t.Errorf("afterwards: got %d publications, %v, want the latest", len(found.Publications), err)
		}
	}
}

// TestPublish_KeysFull: nothing is published with a key for which there is no
// room, and without one it is.
func TestPublish_KeysFull(t *testing.T) {
	broker := memory.New(memory.MaxKeyBytes(10_000)).Broker
	options := engine.PublishOptions{History: 1000, TTL: time.Hour}
	n := 0
	for ; ; n++ {
		options.Key = fmt.Sprint(n)
		if _, err := broker.Publish(t.Context(), "a", engine.Publication{}, options); errors.Is(err, engine.ErrKeysFull) {
			break
		} else if err != nil || n > 100 {
			t.Fatalf("key %d: %v", n, err)
		}
	}
	for i := range n {
		options.Key = fmt.Sprint(i)
		if position, err := broker.Publish(t.Context(), "a", engine.Publication{}, options); err != nil || position.Offset != uint64(i+1) {
			t.Fatalf("key %d again: got %+v, %v, want it remembered", i, position, err)
		}
	}
	options.Key = ""
	if position, err := broker.Publish(t.Context(), "a", engine.Publication{}, options); err != nil || position.Offset != uint64(n+1) {
		t.Errorf("without a key: got %+v, %v, want offset %d", position, err, n+1)
	}
}

// TestH177_names_that_are_published_to: a hundred thousand more channels with a
// history take no more memory.
func TestH177_names_that_are_published_to(t *testing.T) {
	for _, options := range []engine.PublishOptions{{History: 10, TTL: time.Hour}, {}} {
		broker := memory.New(memory.MaxBytes(8 << 20)).Broker
		flood := func(from, to int) {
			for i := from; i < to; i++ {
				if _, err := broker.Publish(t.Context(), fmt.Sprint("room:", i), engine.Publication{Data: []byte("1")}, options); err != nil {
					t.Fatal(err)
				}
			}
		}
		start := heap()
		flood(0, 100_000)
		before := heap()
		flood(100_000, 300_000)
		if grown := heap() - before; grown > 12<<20 {
			t.Errorf("history %d: heap grew by %d KiB for 200,000 more names", options.History, grown>>10)
		}
		if all := heap() - start; all > 80<<20 {
			t.Errorf("history %d: all take %d KiB", options.History, all>>10)
		}
		runtime.KeepAlive(broker)
	}
}

// TestH177_names_of_a_kilobyte: long names are bounded by their bytes.
func TestH177_names_of_a_kilobyte(t *testing.T) {
	broker := memory.New(memory.MaxBytes(8 << 20)).Broker
	before := heap()
	for i := range 150_000 {
		if _, err := broker.Publish(t.Context(), fmt.Sprintf("%01024d", i), engine.Publication{}, engine.PublishOptions{History: 1, TTL: time.Hour}); err != nil {
			t.Fatal(err)
		}
	}
	if grown := heap() - before; grown > 96<<20 {
		t.Errorf("heap grew by %d KiB, want at most 96 MiB", grown>>10)
	}
	runtime.KeepAlive(broker)
}
