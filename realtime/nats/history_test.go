package nats_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/nats"
)

// TestANodeThatFollowsAnswersAlike: what a node has handed on itself is the same
// history as that of one which reads the stream, whoever published.
func TestANodeThatFollowsAnswersAlike(t *testing.T) {
	server := startServer(t, t.TempDir())
	follows, reads := open(t, server, nil), open(t, server, nil)
	publish(t, reads, "a", "before")
	if err := follows.Broker.Subscribe(t.Context(), "a", func(engine.Publication) {}); err != nil {
		t.Fatal(err)
	}
	for n := range 300 {
		top := publish(t, []*nats.Engine{follows, reads}[n%2], "a", fmt.Sprint(n))
		if n%7 != 0 {
			continue
		}
		for _, since := range []*engine.Position{nil, {Epoch: top.Epoch}, {Epoch: top.Epoch, Offset: top.Offset / 2}, {Epoch: top.Epoch, Offset: top.Offset - 1}, {Epoch: top.Epoch, Offset: top.Offset}} {
			want, got := history(t, reads, "a", since), history(t, follows, "a", since)
			for _, found := range []engine.History{want, got} {
				for i := range found.Publications {
					found.Publications[i].At = found.Publications[i].At.UTC().Round(0)
				}
			}
			if difference := cmp.Diff(want, got); difference != "" {
				t.Fatalf("after %d, since %+v: %s", n, since, difference)
			}
		}
	}
}

// TestHistory_LargePublications: more than one request to the server sends, read in
// parts and bounded by bytes.
func TestHistory_LargePublications(t *testing.T) {
	tested := open(t, startServer(t, t.TempDir()), nil)
	const n, size = 30, 300_000 // 9 MB
	for range n {
		if _, err := tested.Broker.Publish(t.Context(), "a", engine.Publication{Data: make([]byte, size)}, kept); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		query       engine.HistoryQuery
		first, last uint64
		more        bool
	}{
		{engine.HistoryQuery{Limit: -1}, 1, n, false},
		{engine.HistoryQuery{Limit: -1, MaxBytes: 1 << 20}, 1, 3, true},
		{engine.HistoryQuery{Limit: -1, MaxBytes: 1 << 20, Since: &engine.Position{Offset: 27}}, 28, n, false},
		{engine.HistoryQuery{Limit: -1, MaxBytes: 1 << 20, Reverse: true}, n, n - 2, true},
	} {
		test.query.TTL = kept.TTL
		found, err := tested.Broker.History(t.Context(), "a", test.query)
		if err != nil || len(found.Publications) == 0 {
			t.Fatalf("%+v: got %d, %v", test.query, len(found.Publications), err)
		}
		first, last := found.Publications[0].Offset, found.Publications[len(found.Publications)-1].Offset
		if first != test.first || last != test.last || found.More != test.more {
			t.Errorf("%+v: got %d to %d, more %v, want %d to %d, more %v", test.query, first, last, found.More, test.first, test.last, test.more)
		}
	}
}
