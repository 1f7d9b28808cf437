package enginetest

import (
	"errors"
	"testing"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
)

// remove removes a history, with an engine that can.
func remove(t *testing.T, tested engine.Engine, channel string) {
	t.Helper()
	if tested.Remover == nil {
		t.Skip("the engine removes no histories")
	}
	if err := tested.Remover.RemoveHistory(t.Context(), channel); err != nil {
		t.Fatalf("remove the history of %s: %v", channel, err)
	}
}

func removed(t *testing.T, tested engine.Engine) {
	before := publish(t, tested.Broker, "a", "secret", kept)
	other := publish(t, tested.Broker, "b", "stays", kept)
	for round := range 3 {
		remove(t, tested, "a")
		found := history(t, tested.Broker, "a", engine.HistoryQuery{Limit: -1})
		if len(found.Publications) != 0 || found.Top.Offset != 0 || found.Top.Epoch == before.Epoch || found.Top.Epoch == "" {
			t.Fatalf("round %d: got %s up to %+v, want nothing in another epoch than %s", round, said(found.Publications), found.Top, before.Epoch)
		}
		recovery := engine.HistoryQuery{Limit: -1, Since: &engine.Position{Epoch: before.Epoch}}
		if found, err := tested.Broker.History(t.Context(), "a", recovery); !errors.Is(err, realtime.ErrUnrecoverable) || len(found.Publications) != 0 {
			t.Fatalf("round %d: recovery with the earlier epoch: got %s, %v", round, said(found.Publications), err)
		}
		next := publish(t, tested.Broker, "a", "next", kept)
		if next.Epoch != found.Top.Epoch || next.Offset != 1 {
			t.Fatalf("round %d: the next: got %+v, want offset 1 in epoch %s", round, next, found.Top.Epoch)
		}
		if all := history(t, tested.Broker, "a", engine.HistoryQuery{Limit: -1}); said(all.Publications) != "next@1 " {
			t.Fatalf("round %d: kept afterwards: got %s", round, said(all.Publications))
		}
		before = next
	}
	if found := history(t, tested.Broker, "b", engine.HistoryQuery{Limit: -1}); said(found.Publications) != "stays@1 " || found.Top != other {
		t.Errorf("another channel: got %s up to %+v, want it untouched", said(found.Publications), found.Top)
	}
}

func removedLive(t *testing.T, tested engine.Engine) {
	heard := listen(t, tested.Broker, "a")
	history(t, tested.Broker, "a", engine.HistoryQuery{}) // as a hub does for its position
	before := publish(t, tested.Broker, "a", "1", kept)
	<-heard
	remove(t, tested, "a")
	next := publish(t, tested.Broker, "a", "2", kept)
	told, after := <-heard, <-heard
	if told.Kind != engine.Renewed || told.Epoch == before.Epoch || told.Offset != 0 || len(told.Data) != 0 {
		t.Errorf("told of the removal: got %+v, want kind Renewed with a new epoch", told)
	}
	if after.Offset != 1 || after.Epoch != told.Epoch || next.Epoch != told.Epoch {
		t.Errorf("the next: got %d in epoch %s, want 1 in %s", after.Offset, after.Epoch, told.Epoch)
	}
	if len(heard) != 0 {
		t.Errorf("heard more: %+v", <-heard)
	}
}

func removedKey(t *testing.T, tested engine.Engine) {
	publish(t, tested.Broker, "a", "once", withKey("key"))
	remove(t, tested, "a")
	publish(t, tested.Broker, "a", "once", withKey("key"))
	if found := history(t, tested.Broker, "a", engine.HistoryQuery{Limit: -1}); len(found.Publications) != 0 {
		t.Errorf("what was removed and tried again: got %s, want nothing", said(found.Publications))
	}
}

func removedNothing(t *testing.T, tested engine.Engine) {
	heard := listen(t, tested.Broker, "a")
	before := history(t, tested.Broker, "a", engine.HistoryQuery{}).Top
	remove(t, tested, "a")
	remove(t, tested, "never asked for")
	if after := history(t, tested.Broker, "a", engine.HistoryQuery{}).Top; after != before {
		t.Errorf("top: got %+v, want %+v as before", after, before)
	}
	publish(t, tested.Broker, "a", "1", kept)
	if p := <-heard; p.Kind != engine.Published || p.Offset != 1 || p.Epoch != before.Epoch {
		t.Errorf("heard %+v, want the first publication", p)
	}
}

// removedLeft: the last subscriber leaves, and a client that knows the channel from
// before the removal comes back.
func removedLeft(t *testing.T, tested engine.Engine) {
	heard := listen(t, tested.Broker, "a")
	before := publish(t, tested.Broker, "a", "1", kept)
	<-heard
	remove(t, tested, "a")
	after := history(t, tested.Broker, "a", engine.HistoryQuery{}).Top
	if err := tested.Broker.Unsubscribe(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if found := history(t, tested.Broker, "a", engine.HistoryQuery{}).Top; found != after || found.Epoch == before.Epoch {
		t.Errorf("top: got %+v, want %+v, and not the epoch of before, %s", found, after, before.Epoch)
	}
}
