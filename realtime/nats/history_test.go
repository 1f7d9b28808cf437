package nats_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/nats"
)

// TestANodeThatFollowsAnswersAlike: what a node has handed on itself is the same
// history as that of one which reads the stream, whoever published.
func TestANodeThatFollowsAnswersAlike(t *testing.T) {
	server := startServer(t, t.TempDir())
	follows, reads := open(t, server, nil), open(t, server, nil)
	publish(t, reads, "a", "before")
	if err := follows.Broker.Subscribe(t.Context(), "a", func(realtime.Publication) {}); err != nil {
		t.Fatal(err)
	}
	for n := range 300 {
		top := publish(t, []*nats.Engine{follows, reads}[n%2], "a", fmt.Sprint(n))
		if n%7 != 0 {
			continue
		}
		for _, since := range []*realtime.Position{nil, {Epoch: top.Epoch}, {Epoch: top.Epoch, Offset: top.Offset / 2}, {Epoch: top.Epoch, Offset: top.Offset - 1}, {Epoch: top.Epoch, Offset: top.Offset}} {
			want, got := history(t, reads, "a", since), history(t, follows, "a", since)
			for _, found := range []realtime.History{want, got} {
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
