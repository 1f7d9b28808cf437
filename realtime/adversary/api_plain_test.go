package adversary_test

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/yodelrt/yodel/realtime"
)

// Every use of the plain handler's API is in this file, so that a rename touches
// it alone.

type plainConn = realtime.PlainConn

// plain is the plain handler under test.
type plain struct{ *realtime.Plain }

// newPlain builds a plain handler whose callbacks are the round's.
func newPlain(w *plainWorld) (*plain, error) {
	b := w.bounds
	config := realtime.PlainConfig{
		Principal: principalOf, Pending: pendingOf, Verify: w.verify, Recheck: w.recheck,
		Epoch:           w.epoch,
		Connect:         func(ctx context.Context, c *plainConn) error { return w.connecting(ctx, c, c.ID(), c.Principal()) },
		Disconnect:      func(c *plainConn, reason closing) { w.disconnected(c, c.ID(), reason.Code) },
		MaxMessageBytes: b.message, MaxFirstMessageBytes: b.first, OutboxBytes: b.outbox, AuthDeadline: b.deadline,
		MaxPending: b.pending, MaxPendingPerAddress: b.pendingPerAddress, MaxConnections: b.all, MaxConnectionsPerUser: b.perUser,
		MessagesPerSecond: b.rate, MessageBurst: b.burst, PingInterval: b.ping, PongTimeout: b.pong, DrainSpread: b.spread,
		Logger: slog.New(slog.DiscardHandler),
	}
	built, err := realtime.NewPlain(config)
	if err != nil {
		return nil, err
	}
	built.Handle("do", func(ctx context.Context, c *plainConn, message json.RawMessage) error {
		var in struct {
			Do string `json:"do"`
			ID int    `json:"id"`
		}
		if err := json.Unmarshal(message, &in); err != nil {
			return err
		}
		if err := w.handle(ctx, c, c.ID(), in.Do); err != nil {
			return err
		}
		return c.Send(ctx, map[string]any{"type": "done", "id": in.ID})
	})
	return &plain{built}, nil
}

func plainError() error { return &realtime.PlainError{Code: "application"} }

func (p *plain) disconnect(ctx context.Context, by choice, why string) (int, error) {
	return p.Disconnect(ctx, by.selector(), reasons[why])
}

func (p *plain) rejudge(ctx context.Context, by choice) int { return p.Rejudge(ctx, by.selector()) }

// look reads everything that the handler tells of itself.
func (p *plain) look() {
	p.Stats()
	p.HasRoom()
	p.Connections()
	_ = p.AdmitPending("10.0.0.1")
}
