package enginetest

import (
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime/engine"
)

// sizes of the publications of cutByBytes: "1" with 9 bytes, "2" with 19, ...
var sizes = []int{10, 20, 100, 10, 10}

func cutByBytes(t *testing.T, tested engine.Engine) {
	for _, size := range sizes {
		publish(t, tested.Broker, "a", strings.Repeat("x", size), kept)
	}
	since := func(offset uint64) *engine.Position { return &engine.Position{Offset: offset} }
	for _, test := range []struct {
		name  string
		query engine.HistoryQuery
		want  []uint64
		more  bool
	}{
		{"no bound", engine.HistoryQuery{Limit: -1}, []uint64{1, 2, 3, 4, 5}, false},
		{"all fit", engine.HistoryQuery{Limit: -1, MaxBytes: 150}, []uint64{1, 2, 3, 4, 5}, false},
		{"one byte too few", engine.HistoryQuery{Limit: -1, MaxBytes: 149}, []uint64{1, 2, 3, 4}, true},
		{"two fit", engine.HistoryQuery{Limit: -1, MaxBytes: 30}, []uint64{1, 2}, true},
		{"a prefix, not what fits", engine.HistoryQuery{Limit: -1, MaxBytes: 60}, []uint64{1, 2}, true},
		{"at least one", engine.HistoryQuery{Limit: -1, MaxBytes: 1}, []uint64{1}, true},
		{"at least one, the large one", engine.HistoryQuery{Limit: -1, MaxBytes: 1, Since: since(2)}, []uint64{3}, true},
		{"backwards", engine.HistoryQuery{Limit: -1, MaxBytes: 25, Reverse: true}, []uint64{5, 4}, true},
		{"backwards, at least one", engine.HistoryQuery{Limit: -1, MaxBytes: 1, Reverse: true, Since: since(4)}, []uint64{3}, true},
		{"the rest", engine.HistoryQuery{Limit: -1, MaxBytes: 20, Since: since(3)}, []uint64{4, 5}, false},
		{"the limit comes first", engine.HistoryQuery{Limit: 1, MaxBytes: 1000}, []uint64{1}, true},
		{"the position alone", engine.HistoryQuery{MaxBytes: 1}, nil, false},
	} {
		found := history(t, tested.Broker, "a", test.query)
		var got []uint64
		for _, p := range found.Publications {
			got = append(got, p.Offset)
		}
		if !equal(got, test.want) || found.More != test.more || found.Top.Offset != 5 {
			t.Errorf("%s: got %v, more %v, top %d, want %v, more %v, top 5", test.name, got, found.More, found.Top.Offset, test.want, test.more)
		}
	}
}

func equal(a, b []uint64) bool {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

// more reads a history page by page.
func more(t *testing.T, tested engine.Engine) {
	if found := history(t, tested.Broker, "a", engine.HistoryQuery{Limit: 1}); found.More {
		t.Error("an empty channel: got more, want none")
	}
	for range 5 {
		publish(t, tested.Broker, "a", "x", kept)
	}
	for _, reverse := range []bool{false, true} {
		query := engine.HistoryQuery{Limit: 2, Reverse: reverse}
		pages, all := 0, 0
		for {
			found := history(t, tested.Broker, "a", query)
			pages, all = pages+1, all+len(found.Publications)
			if !found.More || pages > 5 {
				break
			}
			query.Since = &engine.Position{Epoch: found.Top.Epoch, Offset: found.Publications[len(found.Publications)-1].Offset}
		}
		if pages != 3 || all != 5 {
			t.Errorf("reverse %v: got %d publications in %d pages, want 5 in 3", reverse, all, pages)
		}
	}
	if found := history(t, tested.Broker, "a", engine.HistoryQuery{Limit: 5}); found.More {
		t.Error("exactly all: got more, want none")
	}
}
