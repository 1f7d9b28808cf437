package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nats-io/jwt/v2"

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

func memoryEngine() openedEngine {
	return openedEngine{memory.New(), middleware.NewMemoryTickets(0, 0), func() {}}
}

// embedded is the engine that is a NATS server in this process.
const embedded = "embedded"

// natsOptions says how the engine of --engine is reached, nil where it is this
// process's memory. Nothing is reached for.
func (c Config) natsOptions(log *slog.Logger) (*nats.Options, error) {
	options := &nats.Options{Creds: c.EngineCreds, Replicas: c.EngineReplicas, Logger: log}
	alone := c.Engine == "" || c.Engine == "memory" || c.Engine == embedded
	switch {
	case !slices.Contains([]int{0, 1, 3, 5}, c.EngineReplicas):
		return nil, fmt.Errorf("%w: --engine-replicas is %d; give 1, 3 or 5", ErrConfig, c.EngineReplicas)
	case alone && c.EngineReplicas > 1:
		return nil, fmt.Errorf("%w: --engine-replicas %d needs as many NATS servers; name them with --engine, or leave it at 1", ErrConfig, c.EngineReplicas)
	case c.Engine == embedded:
		return options, nil
	case alone:
		return nil, nil
	case !strings.HasPrefix(c.Engine, "nats://") && !strings.HasPrefix(c.Engine, "tls://"):
		return nil, fmt.Errorf("%w: --engine is neither memory nor embedded nor an address such as tls://nats.example.com:4222", ErrConfig) // its text may hold a password
	}
	options.URL = c.Engine
	var err error
	if options.Secret, err = c.engineSecret(); err != nil {
		return nil, err
	}
	return options, errors.Join(options.Check(), c.checkCreds())
}

// checkCreds reads the credentials as the client of NATS will.
func (c Config) checkCreds() error {
	if c.EngineCreds == "" {
		return nil
	}
	text, err := os.ReadFile(c.EngineCreds)
	if err == nil {
		_, err = jwt.ParseDecoratedJWT(text)
	}
	if err == nil {
		_, err = jwt.ParseDecoratedNKey(text)
	}
	if err != nil {
		return fmt.Errorf("%w: --engine-creds %s: %w; it is the file that `nsc generate creds` writes", ErrConfig, c.EngineCreds, err)
	}
	return nil
}

// openEngine opens what --engine names: this process, a server in it that keeps
// what it stores in the data directory, or a cluster elsewhere.
func (c Config) openEngine(ctx context.Context, options *nats.Options) (openedEngine, error) {
	if options == nil {
		return memoryEngine(), nil
	}
	reached, closeServer := *options, func() {}
	if c.Engine == embedded {
		server, err := nats.Embedded(nats.ServerOptions{Dir: filepath.Join(c.DataDir, "engine"), SyncAlways: true, Logger: options.Logger})
		if err != nil {
			return openedEngine{}, fmt.Errorf("start the embedded engine: %w", err)
		}
		reached.Server, closeServer = server, server.Close
	}
	opened, err := nats.Open(ctx, reached)
	if err != nil {
		closeServer()
		return openedEngine{}, fmt.Errorf("open the engine: %w", err)
	}
	return openedEngine{opened.Engine, opened.Tickets, func() {
		opened.Close()
		closeServer()
	}}, nil
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
