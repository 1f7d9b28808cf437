package adversary_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"

	"github.com/yodelrt/yodel/realtime/plain"
)

// Every use of the plain handler's API is in this file, so that a rename touches
// it alone.

type plainConn = plain.Conn

// plainHandler is the plain handler under test.
type plainHandler struct{ *plain.Handler }

// newPlain builds a plain handler whose callbacks are the round's.
func newPlain(w *plainWorld) (*plainHandler, error) {
	b := w.bounds
	config := plain.Config{
		Principal: principalOf, Pending: pendingOf, Verify: w.verify, Recheck: w.recheck,
		Epoch:      w.epoch,
		Connect:    func(ctx context.Context, c *plainConn) error { return w.connecting(ctx, c, c.ID(), c.Principal()) },
		Disconnect: func(c *plainConn, reason closing) { w.disconnected(c, c.ID(), reason.Code) },
		Address:    func(r *http.Request) string { return r.Header.Get("Test-Address") },
		Limits: plain.Limits{
			MessageBytes: int(b.message), FirstMessageBytes: int(b.first), QueueBytes: b.outbox, AuthDeadline: b.deadline,
			Connections: b.all, ConnectionsPerUser: b.perUser, ConnectionsPerAddress: b.perAddress,
			Pending: b.pending, PendingPerAddress: b.pendingPerAddress, MessagesPerSecond: b.rate, MessageBurst: b.burst, Age: b.age, Idle: b.idle,
		},
		PingInterval: b.ping, PongTimeout: b.pong, DrainSpread: b.spread,
		Logger: slog.New(slog.DiscardHandler),
	}
	built, err := plain.New(config)
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
	return &plainHandler{built}, nil
}

func plainError() error { return plain.Error("application") }

func (p *plainHandler) disconnect(ctx context.Context, by choice, why string) (int, error) {
	return p.Disconnect(ctx, by.selector(), reasons[why])
}

func (p *plainHandler) rejudge(ctx context.Context, by choice) int {
	return p.Rejudge(ctx, by.selector())
}

// look reads everything that the handler tells of itself.
func (p *plainHandler) look() {
	p.Stats()
	p.HasRoom()
	p.Connections()
	p.Refusals()
	_ = p.AdmitPending("10.0.0.1")
}
