package memory_test

import (
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/engine/enginetest"
	"github.com/yodelrt/yodel/realtime/memory"
)

func TestKeepsTheContract(t *testing.T) {
	enginetest.Run(t, func(*testing.T) engine.Engine { return memory.New() }, synctest.Test)
}

// TestH177_memory_comes_back: a stream that nobody needs is forgotten, which its
// new epoch shows.
func TestH177_memory_comes_back(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broker := memory.New().Broker
		before, err := broker.Publish(t.Context(), "a", engine.Publication{Data: []byte("1")}, engine.PublishOptions{History: 5, TTL: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		for i := range 2000 {
			if _, err := broker.Publish(t.Context(), fmt.Sprint(i), engine.Publication{}, engine.PublishOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		after, err := broker.History(t.Context(), "a", engine.HistoryQuery{})
		if err != nil || after.Top.Epoch == before.Epoch || after.Top.Offset != 0 {
			t.Errorf("two hours later: got %+v, %v, want a new epoch", after.Top, err)
		}
	})
}

// TestH177_names_that_come_and_go_leave_nothing: somebody subscribes to one name
// after another.
func TestH177_names_that_come_and_go_leave_nothing(t *testing.T) {
	broker := memory.New().Broker
	churn := func(n int) {
		for i := range n {
			name := fmt.Sprint("room:", i)
			if err := broker.Subscribe(t.Context(), name, func(engine.Publication) {}); err != nil {
				t.Fatal(err)
			}
			if _, err := broker.History(t.Context(), name, engine.HistoryQuery{TTL: time.Minute}); err != nil {
				t.Fatal(err)
			}
			if err := broker.Unsubscribe(t.Context(), name); err != nil {
				t.Fatal(err)
			}
		}
	}
	churn(1000)
	before := heap()
	churn(100_000)
	if grown := heap() - before; grown > 2<<20 {
		t.Errorf("heap grew by %d KiB", grown>>10)
	}
	runtime.KeepAlive(broker)
}

func heap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// TestAForgottenChannelThatWasNeverPublishedToIsTheSame: clients hold its epoch.
func TestAForgottenChannelThatWasNeverPublishedToIsTheSame(t *testing.T) {
	broker := memory.New().Broker
	var tops []engine.Position
	for range 2 {
		if err := broker.Subscribe(t.Context(), "a", func(engine.Publication) {}); err != nil {
			t.Fatal(err)
		}
		found, err := broker.History(t.Context(), "a", engine.HistoryQuery{})
		if err != nil {
			t.Fatal(err)
		}
		tops = append(tops, found.Top)
		if err := broker.Unsubscribe(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
	}
	if tops[0] != tops[1] {
		t.Errorf("top: got %+v and then %+v", tops[0], tops[1])
	}
}

// TestH189_histories_are_bounded_by_bytes: each and all of them; what is left is
// the latest, and the offsets go on in the same epoch.
func TestH189_histories_are_bounded_by_bytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broker := memory.New(memory.MaxChannelBytes(20_000), memory.MaxBytes(100_000)).Broker
		options := engine.PublishOptions{History: 1000, TTL: time.Hour}
		epochs := map[string]string{}
		for round := range 10 {
			for i := range 50 {
				time.Sleep(time.Millisecond)
				name := fmt.Sprint(i)
				position, err := broker.Publish(t.Context(), name, engine.Publication{Data: make([]byte, 5000)}, options)
				if err != nil || position.Offset != uint64(round+1) || (epochs[name] != "" && epochs[name] != position.Epoch) {
					t.Fatalf("publish: got %+v, %v, want offset %d in epoch %s", position, err, round+1, epochs[name])
				}
				epochs[name] = position.Epoch
			}
		}
		kept := map[string]int{}
		total := 0
		for i := range 50 {
			found, err := broker.History(t.Context(), fmt.Sprint(i), engine.HistoryQuery{Limit: -1, TTL: time.Hour})
			if err != nil || found.Top.Offset != 10 {
				t.Fatalf("history: got %+v, %v", found.Top, err)
			}
			kept[fmt.Sprint(i)] = len(found.Publications)
			total += len(found.Publications)
		}
		if total*5000 > 100_000 || total == 0 {
			t.Errorf("kept: got %d publications of 5,000 bytes, want at most 100,000 bytes", total)
		}
		if kept["49"] == 0 || kept["0"] != 0 {
			t.Errorf("kept: got %d of the latest channel and %d of the first", kept["49"], kept["0"])
		}
		for range 100 {
			if _, err := broker.Publish(t.Context(), "busy", engine.Publication{Data: make([]byte, 5000)}, options); err != nil {
				t.Fatal(err)
			}
		}
		found, err := broker.History(t.Context(), "busy", engine.HistoryQuery{Limit: -1, TTL: time.Hour})
		if n := len(found.Publications); err != nil || n != 3 || found.Publications[2].Offset != 100 {
			t.Errorf("one channel: got %d publications, %v, want the latest three", n, err)
		}
	})
}

// TestH189_histories_are_bounded_by_time: also those that nobody asks for again.
func TestH189_histories_are_bounded_by_time(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broker := memory.New().Broker
		options := engine.PublishOptions{History: 100, TTL: time.Minute}
		before := heap()
		for i := range 200 {
			if _, err := broker.Publish(t.Context(), fmt.Sprint(i), engine.Publication{Data: make([]byte, 50_000)}, options); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(2 * time.Minute)
		if _, err := broker.History(t.Context(), "another", engine.HistoryQuery{}); err != nil {
			t.Fatal(err)
		}
		if _, err := broker.Publish(t.Context(), "another", engine.Publication{}, options); err != nil {
			t.Fatal(err)
		}
		if grown := heap() - before; grown > 2<<20 {
			t.Errorf("after their time: heap grew by %d KiB", grown>>10)
		}
		runtime.KeepAlive(broker)
	})
}

// TestForgottenWhileItIsUsed: a call that has found a stream which is dropped
// before it gets at it does not go on with what is nobody's any more.
func TestForgottenWhileItIsUsed(t *testing.T) {
	tested := memory.New()
	goOn := memory.Hold(tested, "a")
	if err := tested.Broker.Unsubscribe(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if goOn() {
		t.Error("the call went on with a stream that was dropped")
	}
	if !memory.Hold(tested, "a")() {
		t.Error("the next call has no stream")
	}
}

// TestRemoveHistory_Forgotten: a channel that is forgotten after its history was
// removed does not begin with the epoch that it first had.
func TestRemoveHistory_Forgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tested := memory.New()
		options := engine.PublishOptions{History: 5, TTL: time.Minute}
		before, err := tested.Broker.Publish(t.Context(), "a", engine.Publication{}, options)
		if err == nil {
			err = tested.Remover.RemoveHistory(t.Context(), "a")
		}
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		if _, err := tested.Broker.Publish(t.Context(), "another", engine.Publication{}, options); err != nil {
			t.Fatal(err)
		}
		after, err := tested.Broker.History(t.Context(), "a", engine.HistoryQuery{})
		if err != nil || after.Top.Epoch == before.Epoch {
			t.Errorf("got %+v, %v, want another epoch than %s", after.Top, err, before.Epoch)
		}
	})
}
