package nats_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/nats"
)

var benchmarked = engine.PublishOptions{History: 100, TTL: time.Minute}

// engines are those whose costs are compared, each with nothing else on it.
func engines(b *testing.B, run func(b *testing.B, tested engine.Engine)) {
	b.Run("memory", func(b *testing.B) { run(b, memory.New()) })
	for name, always := range map[string]bool{"nats": false, "nats, sync always": true} {
		b.Run(name, func(b *testing.B) {
			server, err := nats.Embedded(nats.ServerOptions{Dir: b.TempDir(), SyncAlways: always, Logger: quiet})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(server.Close)
			run(b, open(b, server, func(o *nats.Options) { o.Heartbeat = time.Second }).Engine)
		})
	}
}

func publishOne(b *testing.B, tested engine.Engine, channel string, options engine.PublishOptions) {
	if _, err := tested.Broker.Publish(context.Background(), channel, engine.Publication{Data: make([]byte, 128)}, options); err != nil {
		b.Error(err)
	}
}

// BenchmarkPublish: 128 bytes to one channel, one at a time, stored.
func BenchmarkPublish(b *testing.B) {
	engines(b, func(b *testing.B, tested engine.Engine) {
		b.ReportAllocs()
		for b.Loop() {
			publishOne(b, tested, "room:1", benchmarked)
		}
	})
}

// BenchmarkPublishChannels: the same to 64 channels, 64 at a time.
func BenchmarkPublishChannels(b *testing.B) {
	engines(b, func(b *testing.B, tested engine.Engine) {
		b.SetParallelism(32)
		next := make(chan int, 1<<20)
		for i := range 1 << 20 {
			next <- i % 64
		}
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			channel := fmt.Sprintf("room:%d", <-next)
			for pb.Next() {
				publishOne(b, tested, channel, benchmarked)
			}
		})
	})
}

// BenchmarkPublishFleeting: to a channel without a history.
func BenchmarkPublishFleeting(b *testing.B) {
	engines(b, func(b *testing.B, tested engine.Engine) {
		for b.Loop() {
			publishOne(b, tested, "room:1", engine.PublishOptions{})
		}
	})
}

// BenchmarkRecover: what a client that comes back costs, which has missed ten of
// a hundred.
func BenchmarkRecover(b *testing.B) {
	engines(b, func(b *testing.B, tested engine.Engine) {
		for range 100 {
			publishOne(b, tested, "room:1", benchmarked)
		}
		query := engine.HistoryQuery{Limit: -1, TTL: time.Minute, Since: &engine.Position{Offset: 90}}
		for b.Loop() {
			if found, err := tested.Broker.History(context.Background(), "room:1", query); err != nil || len(found.Publications) != 10 {
				b.Fatalf("got %d, %v", len(found.Publications), err)
			}
		}
	})
}

// BenchmarkRecoverHerd: the same where others of the channel are connected here.
func BenchmarkRecoverHerd(b *testing.B) {
	engines(b, func(b *testing.B, tested engine.Engine) {
		if err := tested.Broker.Subscribe(context.Background(), "room:1", func(engine.Publication) {}); err != nil {
			b.Fatal(err)
		}
		for range 100 {
			publishOne(b, tested, "room:1", benchmarked)
		}
		query := engine.HistoryQuery{Limit: -1, TTL: time.Minute, Since: &engine.Position{Offset: 90}}
		for b.Loop() {
			if found, err := tested.Broker.History(context.Background(), "room:1", query); err != nil || len(found.Publications) != 10 {
				b.Fatalf("got %d, %v", len(found.Publications), err)
			}
		}
	})
}

// BenchmarkPosition: what a first subscription costs.
func BenchmarkPosition(b *testing.B) {
	engines(b, func(b *testing.B, tested engine.Engine) {
		publishOne(b, tested, "room:1", benchmarked)
		for b.Loop() {
			if _, err := tested.Broker.History(context.Background(), "room:1", engine.HistoryQuery{TTL: time.Minute}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
