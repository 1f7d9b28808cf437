package nats

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/internal/spawn"
)

// Engine is one node's place in a deployment. Open one for each hub. Its parts
// are safe for concurrent use.
type Engine struct {
	// Engine is what realtime.Config takes.
	engine.Engine
	// Tickets is a store of one-time tickets for middleware.Ticket.
	Tickets *Tickets

	node     string // this node's id, new for each Engine
	options  Options
	subjects subjects
	log      *slog.Logger
	spawn    *spawn.Group
	conn     *nats.Conn
	stream   jetstream.JetStream
	broker   *broker
	control  *control
	revoked  *revocations
	counters counters
	built    atomic.Bool             // before that nothing can have been missed
	refuse   context.CancelCauseFunc // ends the building when a right is missing
}

// Stats count what became of messages of the engine since it was opened.
type Stats struct {
	// Malformed were dropped because no node writes such, or they were too big.
	Malformed uint64
	// Forged are control messages and revocations without a valid proof.
	Forged uint64
	// Dropped came faster than they could be taken; those of a history were read
	// again.
	Dropped uint64
	// Filled were missing from the live feed and read from the stream.
	Filled uint64
	// Conflicts are publications that another node's came before, and that were
	// numbered again.
	Conflicts uint64
	// Renewed are epochs begun because a stream had lost what it had acknowledged.
	Renewed uint64
	// Reconnects counts how often the connection to a server was made again.
	Reconnects uint64
}

type counters struct {
	malformed, forged, dropped, filled, conflicts, renewed, reconnects atomic.Uint64
}

// Stats returns a snapshot.
func (e *Engine) Stats() Stats {
	c := &e.counters
	return Stats{
		Malformed: c.malformed.Load(), Forged: c.forged.Load(), Dropped: c.dropped.Load(), Filled: c.filled.Load(),
		Conflicts: c.conflicts.Load(), Renewed: c.renewed.Load(), Reconnects: c.reconnects.Load(),
	}
}

// Open connects to a deployment and makes its streams where they are missing. It
// waits for a cluster that is still finding its leaders until ctx ends, or 30 s.
// Errors about options wrap [ErrConfig].
func Open(ctx context.Context, options Options) (*Engine, error) {
	options, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	e := &Engine{node: rand.Text(), options: options, subjects: subjects{options.Deployment}, log: options.Logger}
	e.spawn = spawn.New(func(cause any, stack []byte) {
		e.log.Error("the engine panicked", "cause", fmt.Sprint(cause), "stack", string(stack))
	})
	if options.Insecure {
		e.log.Warn("the engine is reached over an unprotected network: whoever is on it can read, forge and sign out")
	}
	ctx, e.refuse = context.WithCancelCause(ctx)
	defer e.refuse(nil)
	if err := e.connect(); err != nil {
		return nil, err
	}
	if err := e.build(ctx); err != nil {
		e.conn.Close()
		return nil, err
	}
	e.built.Store(true)
	return e, nil
}

func (e *Engine) connect() (err error) {
	options := []nats.Option{
		nats.Name("yodel " + e.options.Name), nats.MaxReconnects(-1), nats.ReconnectWait(100 * time.Millisecond),
		nats.ReconnectJitter(100*time.Millisecond, 500*time.Millisecond),
		nats.ReconnectBufSize(-1), // what can't be sent is an error, never a promise
		nats.PingInterval(2 * time.Second), nats.MaxPingsOutstanding(2), nats.Timeout(e.options.Timeout),
		nats.CustomInboxPrefix(e.subjects.inbox(e.node)), nats.ReconnectHandler(e.reconnected), nats.ErrorHandler(e.failed),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				e.log.Warn("the connection to the engine is lost", "error", err)
			}
		}),
	}
	if e.options.TLS != nil {
		options = append(options, nats.Secure(e.options.TLS))
	}
	if e.options.Creds != "" {
		options = append(options, nats.UserCredentials(e.options.Creds))
	}
	if e.options.Server != nil {
		options = append(options, nats.InProcessServer(e.options.Server.running), nats.Token(e.options.Server.token))
	}
	if e.conn, err = nats.Connect(e.options.URL, options...); err != nil {
		return fmt.Errorf("connect to the engine: %w", err)
	}
	e.stream, err = jetstream.New(e.conn, jetstream.WithDefaultTimeout(e.options.Timeout))
	if err != nil {
		e.conn.Close()
		return fmt.Errorf("connect to the engine: %w", err)
	}
	return nil
}

func (e *Engine) build(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	made, err := patiently(ctx, func() (*buckets, error) {
		// A cluster without a leader does not answer; the next attempt may find one.
		attempt, cancel := context.WithTimeout(ctx, e.options.Timeout)
		defer cancel()
		return e.makeStreams(attempt)
	})
	if denied := context.Cause(ctx); errors.Is(denied, nats.ErrPermissionViolation) {
		return fmt.Errorf("make the engine's streams: %w; docs/cluster.md lists the rights of a node", denied)
	}
	if err != nil {
		return fmt.Errorf("make the engine's streams: %w", err)
	}
	e.broker = newBroker(e)
	e.control = &control{engine: e, nodes: made.nodes, proof: newProof(e.options.Secret, e.node), started: time.Now()}
	present, err := newPresence(e)
	if err != nil {
		return err
	}
	e.Tickets = &Tickets{bucket: made.tickets, ttl: e.options.TicketTTL, perSession: e.options.TicketsPerSession, timeout: e.options.Timeout}
	e.revoked = newRevocations(e, made.revocations)
	e.Engine = engine.Engine{
		Broker: e.broker, Remover: e.broker, Presence: present, Control: e.control,
		Revocations: e.revoked,
	}
	return nil
}

const buildTimeout = 30 * time.Second

// patiently tries until it succeeds or ctx ends.
func patiently[T any](ctx context.Context, try func() (T, error)) (T, error) {
	for {
		result, err := try()
		if err == nil {
			return result, nil
		}
		select {
		case <-ctx.Done():
			return result, errors.Join(err, ctx.Err())
		case <-time.After(retryWait):
		}
	}
}

const retryWait = 200 * time.Millisecond

// Close ends the connection. Shut the hub down first. It does not wait for
// operations of others.
func (e *Engine) Close() {
	e.broker.close()
	e.conn.Close()
}

// bounded gives a context a deadline if it has none.
func (e *Engine) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, e.options.Timeout)
}

// reconnected makes up for what was missed.
func (e *Engine) reconnected(*nats.Conn) {
	if !e.built.Load() {
		return
	}
	e.counters.reconnects.Add(1)
	e.log.Warn("the connection to the engine is back", "server", e.conn.ConnectedServerName())
	e.broker.catchUpSoon(0)
	e.revoked.watchAgain()
	e.control.missed()
}

// failed hears of what happens beside any call.
func (e *Engine) failed(_ *nats.Conn, sub *nats.Subscription, err error) {
	if errors.Is(err, nats.ErrPermissionViolation) {
		e.refuse(err)
	}
	if !errors.Is(err, nats.ErrSlowConsumer) {
		e.log.Error("the engine reports an error", "error", err)
		return
	}
	if e.counters.dropped.Add(1); !e.built.Load() {
		return
	}
	if sub != nil && sub.Subject == e.subjects.control() {
		e.log.Error("control messages came faster than they could be taken; every connection is judged again")
		e.control.missed()
		return
	}
	e.log.Error("publications came faster than they could be taken; those of a history are read again")
	e.broker.catchUpSoon(time.Second)
}
