package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/yodelrt/yodel/middleware"
	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/nats"
)

// openedEngine is where channels, tickets and sign-outs live.
type openedEngine struct {
	engine.Engine
	tickets middleware.TicketStore
	close   func()
}

// openEngine opens what --engine names: this process, a server in it that keeps
// what it stores in the data directory, or a cluster elsewhere.
func (c Config) openEngine(ctx context.Context, log *slog.Logger) (openedEngine, error) {
	if c.Engine == "" || c.Engine == "memory" {
		return openedEngine{memory.New(), middleware.NewMemoryTickets(0, 0), func() {}}, nil
	}
	options := nats.Options{Creds: c.EngineCreds, Replicas: c.EngineReplicas, Logger: log}
	closeServer := func() {}
	switch {
	case c.Engine == "embedded":
		server, err := nats.Embedded(nats.ServerOptions{Dir: filepath.Join(c.DataDir, "engine"), SyncAlways: true, Logger: log})
		if err != nil {
			return openedEngine{}, fmt.Errorf("start the embedded engine: %w", err)
		}
		options.Server, closeServer = server, server.Close
	default:
		if err := c.remote(&options); err != nil {
			return openedEngine{}, err
		}
	}
	opened, err := nats.Open(ctx, options)
	if err != nil {
		closeServer()
		return openedEngine{}, fmt.Errorf("open the engine: %w", err)
	}
	return openedEngine{opened.Engine, opened.Tickets, func() {
		opened.Close()
		closeServer()
	}}, nil
}

// remote fills in what reaches a cluster elsewhere.
func (c Config) remote(options *nats.Options) (err error) {
	if !strings.HasPrefix(c.Engine, "nats://") && !strings.HasPrefix(c.Engine, "tls://") {
		return fmt.Errorf("%w: --engine is neither memory nor embedded nor an address such as tls://nats.example.com:4222", ErrConfig) // its text may hold a password
	}
	options.URL = c.Engine
	options.Secret, err = c.engineSecret()
	return err
}

// checkEngine reports what openEngine would refuse, without reaching for it.
func (c Config) checkEngine() error {
	switch c.Engine {
	case "", "memory", "embedded":
		return nil
	}
	options := nats.Options{Creds: c.EngineCreds, Replicas: c.EngineReplicas}
	if err := c.remote(&options); err != nil {
		return err
	}
	return options.Check()
}

// engineSecret is what proves to a node that another one speaks.
func (c Config) engineSecret() ([]byte, error) {
	if c.EngineSecretFile == "" {
		return []byte(c.EngineSecret), nil
	}
	if c.EngineSecret != "" {
		return nil, fmt.Errorf("%w: --engine-secret-file and YODEL_ENGINE_SECRET are both set; keep one", ErrConfig)
	}
	secret, err := os.ReadFile(c.EngineSecretFile)
	if err != nil {
		return nil, fmt.Errorf("%w: read the engine's secret: %w", ErrConfig, err)
	}
	return []byte(strings.TrimSpace(string(secret))), nil
}
