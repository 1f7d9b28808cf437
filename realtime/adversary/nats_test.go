package adversary_test

import (
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime/nats"
)

// TestHub_NATS runs the hub over TCP on an engine that other nodes could share.
func TestHub_NATS(t *testing.T) {
	silent := slog.New(slog.NewTextHandler(io.Discard, nil))
	server, err := nats.Embedded(nats.ServerOptions{Dir: t.TempDir(), Logger: silent})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	rounds(t, *flagSteps/10, func(t *testing.T, seed uint64) {
		hubRound(t, seed, newSockets(t), func(t *testing.T) engineParts {
			engine, err := nats.Open(t.Context(), nats.Options{
				Server: server, Deployment: fmt.Sprint("seed", seed), Heartbeat: 100 * time.Millisecond, Logger: silent,
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(engine.Close)
			return engine.Engine
		})
	})
}
