package nats_test

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/yodelrt/yodel/realtime"
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
	engine, err := nats.Open(tb.Context(), options)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(engine.Close)
	return engine
}

var kept = realtime.PublishOptions{History: 100, TTL: time.Minute}

func publish(tb testing.TB, engine *nats.Engine, channel, data string) realtime.Position {
	tb.Helper()
	position, err := engine.Broker.Publish(context.WithoutCancel(tb.Context()), channel, realtime.Publication{Data: []byte(data)}, kept)
	if err != nil {
		tb.Fatalf("publish %s: %v", data, err)
	}
	return position
}

func history(tb testing.TB, engine *nats.Engine, channel string, since *realtime.Position) realtime.History {
	tb.Helper()
	found, err := engine.Broker.History(tb.Context(), channel, realtime.HistoryQuery{Limit: -1, Since: since, TTL: kept.TTL})
	if err != nil {
		tb.Fatalf("history: %v", err)
	}
	return found
}
