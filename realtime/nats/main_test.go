package nats_test

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/nats"
)

// The server lets goroutines of its own run out after a shutdown.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("github.com/nats-io/nats-server/v2/server.(*Server).startGoRoutine.func1"),
	)
}

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// startServer starts a server of its own for a test.
func startServer(tb testing.TB, dir string) *nats.Server {
	tb.Helper()
	server, err := nats.Embedded(nats.ServerOptions{Dir: dir, Logger: quiet})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(server.Close)
	return server
}

// open opens an engine on a server.
func open(tb testing.TB, server *nats.Server, change func(*nats.Options)) *nats.Engine {
	tb.Helper()
	options := nats.Options{Server: server, Heartbeat: 100 * time.Millisecond, Logger: quiet}
	if change != nil {
		change(&options)
	}
	tested, err := nats.Open(tb.Context(), options)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(tested.Close)
	return tested
}

var kept = engine.PublishOptions{History: 100, TTL: time.Minute}

func publish(tb testing.TB, tested *nats.Engine, channel, data string) engine.Position {
	tb.Helper()
	position, err := tested.Broker.Publish(context.WithoutCancel(tb.Context()), channel, engine.Publication{Data: []byte(data)}, kept)
	if err != nil {
		tb.Fatalf("publish %s: %v", data, err)
	}
	return position
}

func history(tb testing.TB, tested *nats.Engine, channel string, since *engine.Position) engine.History {
	tb.Helper()
	found, err := tested.Broker.History(tb.Context(), channel, engine.HistoryQuery{Limit: -1, Since: since, TTL: kept.TTL})
	if err != nil {
		tb.Fatalf("history: %v", err)
	}
	return found
}
