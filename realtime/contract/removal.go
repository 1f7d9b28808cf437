package contract

import (
	"errors"
	"testing"

	"github.com/yodelrt/yodel/realtime"
)

// remove removes a history, with an engine that can.
func remove(t *testing.T, engine realtime.Engine, channel string) {
	t.Helper()
	if engine.Remover == nil {
		t.Skip("the engine removes no histories")
	}
	if err := engine.Remover.RemoveHistory(t.Context(), channel); err != nil {
		t.Fatalf("remove the history of %s: %v", channel, err)
	}
}

func removed(t *testing.T, engine realtime.Engine) {
	before := publish(t, engine.Broker, "a", "secret", kept)
	other := publish(t, engine.Broker, "b", "stays", kept)
	for round := range 3 {
		remove(t, engine, "a")
		found := history(t, engine.Broker, "a", realtime.HistoryQuery{Limit: -1})
		if len(found.Publications) != 0 || found.Top.Offset != 0 || found.Top.Epoch == before.Epoch || found.Top.Epoch == "" {
			t.Fatalf("round %d: got %s up to %+v, want nothing in another epoch than %s", round, said(found.Publications), found.Top, before.Epoch)
		}
		recovery := realtime.HistoryQuery{Limit: -1, Since: &realtime.Position{Epoch: before.Epoch}}
		if found, err := engine.Broker.History(t.Context(), "a", recovery); !errors.Is(err, realtime.ErrUnrecoverable) || len(found.Publications) != 0 {
			t.Fatalf("round %d: recovery with the earlier epoch: got %s, %v", round, said(found.Publications), err)
		}
		next := publish(t, engine.Broker, "a", "next", kept)
		if next.Epoch != found.Top.Epoch || next.Offset != 1 {
			t.Fatalf("round %d: the next: got %+v, want offset 1 in epoch %s", round, next, found.Top.Epoch)
		}
		if all := history(t, engine.Broker, "a", realtime.HistoryQuery{Limit: -1}); said(all.Publications) != "next@1 " {
			t.Fatalf("round %d: kept afterwards: got %s", round, said(all.Publications))
		}
		before = next
	}
	if found := history(t, engine.Broker, "b", realtime.HistoryQuery{Limit: -1}); said(found.Publications) != "stays@1 " || found.Top != other {
		t.Errorf("another channel: got %s up to %+v, want it untouched", said(found.Publications), found.Top)
	}
}

func removedLive(t *testing.T, engine realtime.Engine) {
	heard := listen(t, engine.Broker, "a")
	history(t, engine.Broker, "a", realtime.HistoryQuery{}) // as a hub does for its position
	before := publish(t, engine.Broker, "a", "1", kept)
	<-heard
	remove(t, engine, "a")
	next := publish(t, engine.Broker, "a", "2", kept)
	told, after := <-heard, <-heard
	if told.Kind != realtime.Renewed || told.Epoch == before.Epoch || told.Offset != 0 || len(told.Data) != 0 {
		t.Errorf("told of the removal: got %+v, want kind Renewed with a new epoch", told)
	}
	if after.Offset != 1 || after.Epoch != told.Epoch || next.Epoch != told.Epoch {
		t.Errorf("the next: got %d in epoch %s, want 1 in %s", after.Offset, after.Epoch, told.Epoch)
	}
	if len(heard) != 0 {
		t.Errorf("heard more: %+v", <-heard)
	}
}

func removedKey(t *testing.T, engine realtime.Engine) {
	publish(t, engine.Broker, "a", "once", withKey("key"))
	remove(t, engine, "a")
	publish(t, engine.Broker, "a", "once", withKey("key"))
	if found := history(t, engine.Broker, "a", realtime.HistoryQuery{Limit: -1}); len(found.Publications) != 0 {
		t.Errorf("what was removed and tried again: got %s, want nothing", said(found.Publications))
	}
}

func removedNothing(t *testing.T, engine realtime.Engine) {
	heard := listen(t, engine.Broker, "a")
	before := history(t, engine.Broker, "a", realtime.HistoryQuery{}).Top
	remove(t, engine, "a")
	remove(t, engine, "never asked for")
	if after := history(t, engine.Broker, "a", realtime.HistoryQuery{}).Top; after != before {
		t.Errorf("top: got %+v, want %+v as before", after, before)
	}
	publish(t, engine.Broker, "a", "1", kept)
	if p := <-heard; p.Kind != realtime.Published || p.Offset != 1 || p.Epoch != before.Epoch {
		t.Errorf("heard %+v, want the first publication", p)
	}
}

// removedLeft: the last subscriber leaves, and a client that knows the channel from
// before the removal comes back.
func removedLeft(t *testing.T, engine realtime.Engine) {
	heard := listen(t, engine.Broker, "a")
	before := publish(t, engine.Broker, "a", "1", kept)
	<-heard
	remove(t, engine, "a")
	after := history(t, engine.Broker, "a", realtime.HistoryQuery{}).Top
	if err := engine.Broker.Unsubscribe(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if found := history(t, engine.Broker, "a", realtime.HistoryQuery{}).Top; found != after || found.Epoch == before.Epoch {
		t.Errorf("top: got %+v, want %+v, and not the epoch of before, %s", found, after, before.Epoch)
	}
}
