// Package enginetest holds what every engine of package realtime must keep to. Run
// it in the tests of an engine of your own.
package enginetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
)

// Run holds the engine that open returns against the contract. open makes an
// empty engine for each test. bubble runs a test: synctest.Test gives engines in
// the process a fake clock, nil lets real time pass.
func Run(t *testing.T, open func(t *testing.T) engine.Engine, bubble func(*testing.T, func(*testing.T))) {
	if bubble == nil {
		bubble = func(t *testing.T, test func(*testing.T)) { test(t) }
	}
	for _, test := range []struct {
		name string
		run  func(t *testing.T, tested engine.Engine)
	}{
		{"a channel that nothing was published to has an epoch", emptyChannel},
		{"offsets count from one without gaps, and all subscribers see one order", ordered},
		{"a channel without history has no offsets", fleeting},
		{"H189 the window is bounded by size", windowed},
		{"the window is bounded by time, and offsets go on", aged},
		{"history forwards, backwards, since and limited", queried},
		{"another epoch is unrecoverable", anotherEpoch},
		{"a publication is in the history before its publish returns", storedFirst},
		{"an idempotency key publishes once", idempotent},
		{"joins and leaves are delivered and not kept", joins},
		{"nothing is delivered after unsubscribing", unsubscribed},
		{"a key counts for its channel, and keys that look alike are different", keysApart},
		{"a key is remembered however many others there are", keysMany},
		{"a key that is too long publishes nothing", keysLong},
		{"history is cut by bytes, forwards and backwards", cutByBytes},
		{"history says when there is more", more},
		{"all of a publication survives, live and in the history", survives},
		{"H363 whom a publication leaves out is kept with it", leftOut},
		{"H325 what is removed is gone for history and recovery", removed},
		{"subscribers are told that a history was removed", removedLive},
		{"a key is remembered when its publication was removed", removedKey},
		{"what was removed stays so when the last subscriber leaves", removedLeft},
		{"nothing to remove", removedNothing},
		{"a publish whose context has ended is whole or nothing", endedPublish},
		{"a subscribe whose context has ended is whole or nothing", endedSubscribe},
		{"reading with a context that has ended", endedRead},
		{"unsubscribing with a context that has ended cleans up", endedUnsubscribe},
		{"leaving with a context that has ended cleans up", endedLeave},
		{"removing with a context that has ended is whole or nothing", endedRemove},
		{"presence knows who is there", present},
		{"presence tells the latest info", presentChanged},
		{"H316 presence is bounded before it is gathered", presentBounded},
		{"presence counts clients and users", presentCounted},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) { test.run(t, open(t)) })
		})
	}
}

var kept = engine.PublishOptions{History: 5, TTL: time.Minute}

func publish(t *testing.T, broker engine.Broker, channel, data string, options engine.PublishOptions) engine.Position {
	t.Helper()
	position, err := broker.Publish(t.Context(), channel, engine.Publication{Data: []byte(data)}, options)
	if err != nil {
		t.Fatalf("publish %s: %v", data, err)
	}
	return position
}

func history(t *testing.T, broker engine.Broker, channel string, query engine.HistoryQuery) engine.History {
	t.Helper()
	query.TTL = kept.TTL
	found, err := broker.History(t.Context(), channel, query)
	if err != nil {
		t.Fatalf("history: %v", err)
	}
	return found
}

// listen subscribes to a channel. What it hears waits in a channel with room for
// 100.
func listen(t *testing.T, broker engine.Broker, channel string) chan engine.Publication {
	t.Helper()
	heard := make(chan engine.Publication, 100)
	if err := broker.Subscribe(t.Context(), channel, func(p engine.Publication) { heard <- p }); err != nil {
		t.Fatalf("subscribe: %v", err)
	}
	return heard
}

// said is what publications carry, in order.
func said(publications []engine.Publication) string {
	all := ""
	for _, p := range publications {
		all += fmt.Sprintf("%s@%d ", p.Data, p.Offset)
	}
	return all
}

func emptyChannel(t *testing.T, tested engine.Engine) {
	first := history(t, tested.Broker, "a", engine.HistoryQuery{}).Top
	if first.Epoch == "" || first.Offset != 0 {
		t.Errorf("top: got %+v, want an epoch at offset 0", first)
	}
	if again := history(t, tested.Broker, "a", engine.HistoryQuery{}).Top; again != first {
		t.Errorf("top: got %+v and then %+v", first, again)
	}
	if position := publish(t, tested.Broker, "a", "1", kept); position.Epoch != first.Epoch || position.Offset != 1 {
		t.Errorf("the first publication: got %+v, want offset 1 in epoch %s", position, first.Epoch)
	}
}

func ordered(t *testing.T, tested engine.Engine) {
	var mu sync.Mutex
	var heard []engine.Publication
	err := tested.Broker.Subscribe(t.Context(), "a", func(p engine.Publication) {
		mu.Lock()
		defer mu.Unlock()
		heard = append(heard, p)
	})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for publisher := range 4 {
		group.Go(func() {
			for i := range 25 {
				_, err := tested.Broker.Publish(context.WithoutCancel(t.Context()), "a", engine.Publication{Data: fmt.Appendf(nil, "%d-%d", publisher, i)}, engine.PublishOptions{History: 100, TTL: time.Minute})
				if err != nil {
					t.Errorf("publish: %v", err)
				}
			}
		})
	}
	group.Wait()
	mu.Lock()
	defer mu.Unlock()
	for i, p := range heard {
		if p.Offset != uint64(i+1) || p.Epoch != heard[0].Epoch || p.Epoch == "" {
			t.Fatalf("publication %d has offset %d in epoch %q, the first is in %q", i, p.Offset, p.Epoch, heard[0].Epoch)
		}
	}
	found := history(t, tested.Broker, "a", engine.HistoryQuery{Limit: -1})
	if found.Top.Epoch != heard[0].Epoch {
		t.Errorf("the history is of epoch %s, what was heard of %s", found.Top.Epoch, heard[0].Epoch)
	}
	if len(heard) != 100 || said(found.Publications) != said(heard) {
		t.Errorf("heard %d; the history is in another order", len(heard))
	}
}

func fleeting(t *testing.T, tested engine.Engine) {
	heard := make(chan engine.Publication, 1)
	if err := tested.Broker.Subscribe(t.Context(), "a", func(p engine.Publication) { heard <- p }); err != nil {
		t.Fatal(err)
	}
	publish(t, tested.Broker, "a", "1", engine.PublishOptions{})
	if p := <-heard; p.Offset != 0 || string(p.Data) != "1" {
		t.Errorf("heard %s at %d, want offset 0", p.Data, p.Offset)
	}
}

func windowed(t *testing.T, tested engine.Engine) {
	for i := range 12 {
		publish(t, tested.Broker, "a", fmt.Sprint(i+1), kept)
	}
	found := history(t, tested.Broker, "a", engine.HistoryQuery{Limit: -1})
	if got := said(found.Publications); got != "8@8 9@9 10@10 11@11 12@12 " || found.Top.Offset != 12 {
		t.Errorf("window: got %s up to %d", got, found.Top.Offset)
	}
}

func aged(t *testing.T, tested engine.Engine) {
	brief := engine.PublishOptions{History: 5, TTL: time.Second}
	before := publish(t, tested.Broker, "a", "1", brief)
	time.Sleep(1100 * time.Millisecond) // past the time, on whichever clock runs
	found, err := tested.Broker.History(t.Context(), "a", engine.HistoryQuery{Limit: -1, TTL: brief.TTL})
	if err != nil || len(found.Publications) != 0 || found.Top != before {
		t.Errorf("after its time: got %s at %+v, %v", said(found.Publications), found.Top, err)
	}
	if next := publish(t, tested.Broker, "a", "2", brief); next.Offset != 2 || next.Epoch != before.Epoch {
		t.Errorf("the next: got %+v, want offset 2 in the same epoch", next)
	}
}

func queried(t *testing.T, tested engine.Engine) {
	for i := range 5 {
		publish(t, tested.Broker, "a", fmt.Sprint(i+1), kept)
	}
	for _, test := range []struct {
		query engine.HistoryQuery
		want  string
	}{
		{engine.HistoryQuery{}, ""},
		{engine.HistoryQuery{Limit: 2}, "1@1 2@2 "},
		{engine.HistoryQuery{Limit: 2, Reverse: true}, "5@5 4@4 "},
		{engine.HistoryQuery{Limit: -1, Since: &engine.Position{Offset: 3}}, "4@4 5@5 "},
		{engine.HistoryQuery{Limit: -1, Since: &engine.Position{Offset: 3}, Reverse: true}, "2@2 1@1 "},
		{engine.HistoryQuery{Limit: -1, Since: &engine.Position{Offset: 99}}, ""},
	} {
		if got := said(history(t, tested.Broker, "a", test.query).Publications); got != test.want {
			t.Errorf("%+v: got %s, want %s", test.query, got, test.want)
		}
	}
}

func anotherEpoch(t *testing.T, tested engine.Engine) {
	publish(t, tested.Broker, "a", "1", kept)
	found, err := tested.Broker.History(t.Context(), "a", engine.HistoryQuery{Limit: -1, Since: &engine.Position{Epoch: "another"}})
	if !errors.Is(err, realtime.ErrUnrecoverable) || found.Top.Offset != 1 {
		t.Errorf("got %v at %+v, want %v and the top", err, found.Top, realtime.ErrUnrecoverable)
	}
}

func storedFirst(t *testing.T, tested engine.Engine) {
	for i := range 50 {
		position := publish(t, tested.Broker, "a", fmt.Sprint(i), kept)
		found := history(t, tested.Broker, "a", engine.HistoryQuery{Limit: 1, Reverse: true})
		if len(found.Publications) != 1 || found.Publications[0].Offset != position.Offset {
			t.Fatalf("after publishing %d: got %s", position.Offset, said(found.Publications))
		}
	}
}

func joins(t *testing.T, tested engine.Engine) {
	heard := make(chan engine.Publication, 1)
	if err := tested.Broker.Subscribe(t.Context(), "a", func(p engine.Publication) { heard <- p }); err != nil {
		t.Fatal(err)
	}
	joined := engine.Publication{Kind: engine.Joined, Info: &engine.ClientInfo{User: "alice", Client: "c"}}
	if _, err := tested.Broker.Publish(t.Context(), "a", joined, kept); err != nil {
		t.Fatal(err)
	}
	if p := <-heard; p.Kind != engine.Joined || p.Info == nil || p.Info.User != "alice" || p.Offset != 0 {
		t.Errorf("heard %+v", p)
	}
	if found := history(t, tested.Broker, "a", engine.HistoryQuery{Limit: -1}); len(found.Publications) != 0 || found.Top.Offset != 0 {
		t.Errorf("kept: %s at %d", said(found.Publications), found.Top.Offset)
	}
}

func unsubscribed(t *testing.T, tested engine.Engine) {
	heard := make(chan engine.Publication, 10)
	if err := tested.Broker.Subscribe(t.Context(), "a", func(p engine.Publication) { heard <- p }); err != nil {
		t.Fatal(err)
	}
	publish(t, tested.Broker, "a", "1", kept)
	<-heard
	if err := tested.Broker.Unsubscribe(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	publish(t, tested.Broker, "a", "2", kept)
	publish(t, tested.Broker, "a", "3", kept)
	if len(heard) != 0 {
		t.Errorf("heard %s", (<-heard).Data)
	}
}
