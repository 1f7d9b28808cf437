package enginetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/yodelrt/yodel/realtime/engine"
)

func ended(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// wantEnded: a call either did its work or says that its context has ended.
func wantEnded(t *testing.T, call string, err error) {
	t.Helper()
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("%s: got %v, want nil or %v", call, err, context.Canceled)
	}
}

// hears reads what was heard until a publication that is the last.
func hears(heard chan engine.Publication, last string) []engine.Publication {
	var all []engine.Publication
	for p := range heard {
		if all = append(all, p); string(p.Data) == last {
			break
		}
	}
	return all
}

func endedPublish(t *testing.T, tested engine.Engine) {
	heard := listen(t, tested.Broker, "a")
	history(t, tested.Broker, "a", engine.HistoryQuery{})
	for i := range 2 {
		position, err := tested.Broker.Publish(ended(t), "a", engine.Publication{Data: fmt.Append(nil, i)}, kept)
		if wantEnded(t, "publish", err); err == nil && position.Offset == 0 {
			t.Error("publish: got no error and no position")
		}
	}
	publish(t, tested.Broker, "a", "last", kept)
	live, read := said(hears(heard, "last")), said(history(t, tested.Broker, "a", engine.HistoryQuery{Limit: -1}).Publications)
	if live != read {
		t.Errorf("heard %s, but kept %s: want the same", live, read)
	}
	_, err := tested.Broker.Publish(ended(t), "passing", engine.Publication{}, engine.PublishOptions{})
	wantEnded(t, "publish without history", err)
}

func endedSubscribe(t *testing.T, tested engine.Engine) {
	heard := make(chan engine.Publication, 10)
	err := tested.Broker.Subscribe(ended(t), "a", func(p engine.Publication) { heard <- p })
	wantEnded(t, "subscribe", err)
	again := listen(t, tested.Broker, "b")
	publish(t, tested.Broker, "a", "1", kept)
	publish(t, tested.Broker, "b", "1", kept)
	<-again
	if err == nil {
		<-heard
	} else if len(heard) != 0 {
		t.Errorf("subscribe: got %v, and yet heard %s", err, (<-heard).Data)
	}
	if err := tested.Broker.Unsubscribe(t.Context(), "a"); err != nil {
		t.Errorf("unsubscribe afterwards: %v", err)
	}
	anew := listen(t, tested.Broker, "a")
	publish(t, tested.Broker, "a", "2", kept)
	if p := <-anew; string(p.Data) != "2" || len(anew) != 0 {
		t.Errorf("subscribed anew: heard %s and %d more, want 2 alone", p.Data, len(anew))
	}
}

func endedRead(t *testing.T, tested engine.Engine) {
	publish(t, tested.Broker, "a", "1", kept)
	found, err := tested.Broker.History(ended(t), "a", engine.HistoryQuery{Limit: -1, TTL: kept.TTL})
	if wantEnded(t, "history", err); err == nil && said(found.Publications) != "1@1 " {
		t.Errorf("history: got %s and no error", said(found.Publications))
	}
	enter(t, tested, "a", "1", "alice")
	there, err := tested.Presence.Present(ended(t), "a", -1)
	if wantEnded(t, "present", err); err == nil && len(there) != 1 {
		t.Errorf("present: got %+v and no error", there)
	}
	stats, err := tested.Presence.Stats(ended(t), "a")
	if wantEnded(t, "stats", err); err == nil && stats.Clients != 1 {
		t.Errorf("stats: got %+v and no error", stats)
	}
	err = tested.Presence.Enter(ended(t), "b", "1", engine.ClientInfo{User: "alice"})
	wantEnded(t, "enter", err)
	if stats, _ := tested.Presence.Stats(t.Context(), "b"); (stats.Clients == 1) != (err == nil) {
		t.Errorf("enter: got %v, and then %d clients", err, stats.Clients)
	}
}

// endedUnsubscribe: whatever it returns, nothing more is delivered, and the channel
// may be subscribed to again, each publication once.
func endedUnsubscribe(t *testing.T, tested engine.Engine) {
	for _, options := range []engine.PublishOptions{kept, {}} {
		heard := listen(t, tested.Broker, "a")
		publish(t, tested.Broker, "a", "1", options)
		<-heard
		wantEnded(t, "unsubscribe", tested.Broker.Unsubscribe(ended(t), "a"))
		publish(t, tested.Broker, "a", "2", options)
		again := listen(t, tested.Broker, "a")
		publish(t, tested.Broker, "a", "3", options)
		publish(t, tested.Broker, "a", "4", options)
		if all := hears(again, "4"); len(all) != 2 {
			t.Errorf("subscribed again: heard %s, want 3 and 4", said(all))
		}
		if len(heard) != 0 {
			t.Errorf("after unsubscribing: heard %s", (<-heard).Data)
		}
		if err := tested.Broker.Unsubscribe(t.Context(), "a"); err != nil {
			t.Errorf("unsubscribe: %v", err)
		}
		if err := tested.Broker.Unsubscribe(t.Context(), "a"); err != nil {
			t.Errorf("unsubscribe a second time: %v", err)
		}
	}
}

func endedLeave(t *testing.T, tested engine.Engine) {
	enter(t, tested, "a", "1", "alice")
	err := tested.Presence.Leave(ended(t), "a", "1")
	wantEnded(t, "leave", err)
	if stats, failed := tested.Presence.Stats(t.Context(), "a"); failed != nil || err == nil && stats.Clients != 0 {
		t.Errorf("after leaving: got %+v, %v, want nobody", stats, failed)
	}
}

func endedRemove(t *testing.T, tested engine.Engine) {
	if tested.Remover == nil {
		t.Skip("the engine removes no histories")
	}
	before := publish(t, tested.Broker, "a", "1", kept)
	err := tested.Remover.RemoveHistory(ended(t), "a")
	wantEnded(t, "remove", err)
	found := history(t, tested.Broker, "a", engine.HistoryQuery{Limit: -1})
	if whole := len(found.Publications) == 1 && found.Top == before; whole == (found.Top.Epoch != before.Epoch) || err == nil && whole {
		t.Errorf("remove: got %v, and then %s up to %+v, before %+v", err, said(found.Publications), found.Top, before)
	}
}
