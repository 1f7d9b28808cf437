package realtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/plain"
)

// twinConfig is what a hub and a plain handler are told alike.
type twinConfig struct {
	principal  func(context.Context) (realtime.Principal, bool)
	pending    func(context.Context) (realtime.PendingInfo, bool)
	verify     func(context.Context, string) (context.Context, error)
	recheck    func(context.Context, realtime.Principal) error
	epoch      func(realtime.Principal) int64
	address    func(*http.Request) string
	connect    func(context.Context, realtime.Principal) error
	disconnect func(realtime.Close)
	do         func(context.Context) error // the handler of the message or call "do"
	limits     plain.Limits                // those that both have; its rate is that of commands on a hub
}

// twinHandler is what both are.
type twinHandler interface {
	http.Handler
	Disconnect(ctx context.Context, by realtime.Selector, reason realtime.Close) (int, error)
	AdmitPending(address string) error
	Shutdown(ctx context.Context) error
}

// twin is a hub or a plain handler in memory, on a fake clock.
type twin struct {
	t        *testing.T
	handler  twinHandler
	rejudge  func(ctx context.Context, by realtime.Selector)
	refusals func() map[string]uint64
	active   func() int
	tell     func(user string, bytes int)
	words    twinWords
	alice    *twinClient // who is connected while limits are met
	server   *httptest.Server
	welcomed atomic.Int32 // how often the Connect hook has let somebody in
	ended    atomic.Int32 // how often the Disconnect hook was called
}

// twinWords are how a client speaks, and what it hears.
type twinWords struct {
	name    string
	join    string // of a known user; empty for one who need not say anything
	login   string // with %s for the token
	refresh string
	do      string // with %s for further members of its payload
	mistake []string

	joined, refreshed, done                string // what each is answered with
	internal, expired, tooMany, badMessage string
}

var hubWords = twinWords{
	name: "hub",
	join: `{"id":1,"connect":{}}`, login: `{"id":1,"connect":{"token":"%s"}}`, refresh: `{"id":2,"refresh":{"token":"%s"}}`,
	do:      `{"id":3,"rpc":{"method":"do","data":{"type":"do"%s}}}`,
	mistake: []string{`{"id":1,"Connect":{"token":"alice"}}`, `{"Id":1,"connect":{"token":"alice"}}`, `{"id":1,"connect":{"Token":"alice"}}`, `{"id":1,"connect":{}}`, `null`, ``},
	joined:  `"connect":{"client"`, refreshed: `"refresh":{`, done: `"rpc":{`,
	internal: `"code":100`, expired: `"code":109`, tooMany: `"code":111`, badMessage: `"code":107`,
}

var plainWords = twinWords{
	name:  "plain",
	login: `{"type":"authenticate","token":"%s"}`, refresh: `{"type":"refresh","token":"%s"}`, do: `{"type":"do"%s}`,
	mistake: []string{
		`{"Type":"authenticate","token":"alice"}`, `{"type":"authenticate","Token":"alice"}`, `{"type":"authenticate"}`, `null`, ``,
		`{"type":"authenticate","token":"bob","token":"alice"}`, `{"type":"authenticate","token":"alice","Token":"bob"}`, `{"type":"authenticate","token":7}`,
	},
	joined: `"welcome"`, refreshed: `"refreshed"`, done: `"done"`,
	internal: `"internal"`, expired: `"token_expired"`, tooMany: `"too_many_requests"`, badMessage: `"bad_message"`,
}

// newTwins are the hub and the plain handler of a configuration.
var newTwins = map[string]func(t *testing.T, w *twin, c twinConfig) error{"hub": newTwinHub, "plain": newTwinPlain}

func newTwinHub(t *testing.T, w *twin, c twinConfig) error {
	l := c.limits
	hub, err := realtime.New(realtime.Config{
		Principal: c.principal, Pending: c.pending, Verify: c.verify, Recheck: c.recheck, Epoch: c.epoch, Address: c.address, Engine: memory.New(),
		Connect: func(ctx context.Context, conn *realtime.Conn, _ realtime.ConnectEvent) (realtime.ConnectReply, error) {
			return realtime.ConnectReply{}, c.connect(ctx, conn.Principal())
		},
		Disconnect: func(_ *realtime.Conn, reason realtime.Close) { c.disconnect(reason) },
		Limits: realtime.Limits{
			MessageBytes: l.MessageBytes, FirstMessageBytes: l.FirstMessageBytes, QueueBytes: l.QueueBytes, Connections: l.Connections,
			ConnectionsPerUser: l.ConnectionsPerUser, ConnectionsPerAddress: l.ConnectionsPerAddress, Connecting: l.Connecting, Pending: l.Pending,
			PendingPerAddress: l.PendingPerAddress, CommandsPerSecond: l.MessagesPerSecond, CommandBurst: l.MessageBurst,
			AuthDeadline: l.AuthDeadline, Age: l.Age, Idle: l.Idle,
		},
		PingInterval: time.Hour, DrainSpread: time.Millisecond, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		return err
	}
	w.handler, w.refusals, w.active, w.words = hub, hub.Refusals, hub.Connections, hubWords
	w.rejudge = func(ctx context.Context, by realtime.Selector) { _ = hub.Rejudge(ctx, by) }
	w.tell = func(user string, bytes int) {
		_, _ = hub.Send(t.Context(), realtime.ByUser(user), []byte(`"`+long(bytes)+`"`))
	}
	return realtime.RPC(hub, "do", func(ctx context.Context, _ *realtime.Conn, _ struct {
		Type string `json:"type"`
		Data string `json:"data,omitempty"`
	}) (int, error) {
		return 0, c.do(ctx)
	})
}

func newTwinPlain(t *testing.T, w *twin, c twinConfig) error {
	handler, err := plain.New(plain.Config{
		Principal: c.principal, Pending: c.pending, Verify: c.verify, Recheck: c.recheck, Epoch: c.epoch, Address: c.address,
		Connect: func(ctx context.Context, conn *plain.Conn) error {
			if err := c.connect(ctx, conn.Principal()); err != nil {
				return err
			}
			return conn.Send(ctx, map[string]string{"type": "welcome"})
		},
		Disconnect: func(_ *plain.Conn, reason realtime.Close) { c.disconnect(reason) },
		Limits:     c.limits, PingInterval: time.Hour, DrainSpread: time.Millisecond, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		return err
	}
	w.handler, w.refusals, w.active, w.words = handler, handler.Refusals, handler.Connections, plainWords
	w.rejudge = func(ctx context.Context, by realtime.Selector) { handler.Rejudge(ctx, by) }
	w.tell = func(user string, bytes int) { _, _ = handler.SendToUser(t.Context(), user, long(bytes)) }
	return handler.Handle("do", func(ctx context.Context, conn *plain.Conn, _ json.RawMessage) error {
		if err := c.do(ctx); err != nil {
			return err
		}
		return conn.Send(ctx, map[string]string{"type": "done"})
	})
}

// newTwin serves in memory. Tokens are "user", or "user session epoch".
func newTwin(t *testing.T, build func(t *testing.T, w *twin, c twinConfig) error, change func(*twinConfig)) *twin {
	t.Helper()
	w := &twin{t: t}
	c := twinConfig{
		principal: func(ctx context.Context) (realtime.Principal, bool) {
			who, ok := ctx.Value(principalKey{}).(realtime.Principal)
			return who, ok
		},
		pending: func(ctx context.Context) (realtime.PendingInfo, bool) {
			who, ok := ctx.Value(pendingKey{}).(realtime.PendingInfo)
			return who, ok
		},
		verify: verifyTwin, epoch: func(p realtime.Principal) int64 { epoch, _ := p.Claims.(int64); return epoch },
		connect: func(context.Context, realtime.Principal) error { return nil }, do: func(context.Context) error { return nil },
		disconnect: func(realtime.Close) {},
	}
	if change != nil {
		change(&c)
	}
	connect, disconnect := c.connect, c.disconnect
	c.connect = func(ctx context.Context, p realtime.Principal) error {
		err := connect(ctx, p)
		if err == nil {
			w.welcomed.Add(1)
		}
		return err
	}
	c.disconnect = func(reason realtime.Close) { w.ended.Add(1); disconnect(reason) }
	if err := build(t, w, c); err != nil {
		t.Fatal(err)
	}
	w.server = serve(guard(w.handler), newPipeListener())
	w.server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(func() {
		if err := w.handler.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		w.server.Close()
	})
	return w
}

func verifyTwin(ctx context.Context, token string) (context.Context, error) {
	part := strings.Fields(token + " s 0")
	who := realtime.Principal{UserID: part[0], SessionID: part[1], Claims: int64(len(strings.Trim(part[2], "0")))} // the epoch in strokes: 0, I, II
	switch token {
	case "away":
		return nil, realtime.ErrCheckUnavailable
	case "expired":
		return nil, realtime.ErrTokenExpired
	case "refused":
		return nil, errors.New("refused")
	}
	return context.WithValue(ctx, principalKey{}, who), nil
}

// inTwins runs a test on both.
func inTwins(t *testing.T, change func(*twinConfig), test func(t *testing.T, w *twin)) {
	t.Helper()
	for name, build := range newTwins {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, newTwin(t, build, change)) })
		})
	}
}

// twinClient is one that speaks to either.
type twinClient struct {
	*twin
	conn *websocket.Conn
	left []string // messages of a frame that were not asked for yet
}
