package memory_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/memory"
)

// filled returns an engine with a full window of n publications in channel "a".
func filled(tb testing.TB, n int) (engine.Broker, engine.PublishOptions) {
	tb.Helper()
	broker := memory.New().Broker
	options := engine.PublishOptions{History: n, TTL: time.Hour}
	for range n {
		if _, err := broker.Publish(tb.Context(), "a", engine.Publication{Data: []byte(`{"text":"hello"}`)}, options); err != nil {
			tb.Fatal(err)
		}
	}
	return broker, options
}

// BenchmarkPublish publishes into a full window.
func BenchmarkPublish(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint("window-", n), func(b *testing.B) {
			broker, options := filled(b, n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := broker.Publish(b.Context(), "a", engine.Publication{Data: []byte(`{"text":"hello"}`)}, options); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkHistory asks a full window for its latest publication.
func BenchmarkHistory(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint("window-", n), func(b *testing.B) {
			broker, _ := filled(b, n)
			b.ReportAllocs()
			for b.Loop() {
				found, err := broker.History(b.Context(), "a", engine.HistoryQuery{Limit: 1, Reverse: true, TTL: time.Hour})
				if err != nil || len(found.Publications) != 1 {
					b.Fatalf("got %d, %v", len(found.Publications), err)
				}
			}
		})
	}
}
