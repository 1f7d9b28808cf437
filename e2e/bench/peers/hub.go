package peers

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/middleware"
	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/memory"
)

// hub is Yodel as an application mounts it. Only the rate of commands is raised,
// which the echo would exceed; it is counted all the same.
func hub(s *site) (publish, error) { return hubOn(s, memory.New()) }

func hubOn(s *site, engine engine.Engine) (publish, error) {
	quiet := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})) // a guard warns of first messages
	auth, err := middleware.New(middleware.Config{JWT: s.jwt, Carriers: []middleware.Carrier{middleware.Cookie(cookieName)}, Origins: []string{s.origin}, Logger: quiet})
	if err != nil {
		return nil, err
	}
	h, err := realtime.New(realtime.Config{
		Principal: func(ctx context.Context) (realtime.Principal, bool) {
			p, ok := middleware.PrincipalFrom(ctx)
			return realtime.Principal(p), ok
		},
		Verify: auth.VerifyMessage,
		Engine: engine, Limits: realtime.Limits{CommandsPerSecond: 1e9, CommandBurst: 1e9},
	})
	if err != nil {
		return nil, err
	}
	for pattern, options := range map[string]realtime.ChannelOptions{
		History:       {History: 100, HistoryTTL: time.Minute, Recover: true, Presence: true},
		Bare:          {Presence: true},
		Room + "{id}": {History: 100, HistoryTTL: time.Minute, Recover: true, Presence: true},
	} {
		if err := h.Channel(pattern, options, realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowPublish(realtime.AllowAll)); err != nil {
			return nil, err
		}
	}
	realtime.RPC(h, "echo", func(_ context.Context, _ *realtime.Conn, in json.RawMessage) (json.RawMessage, error) { return in, nil })
	s.echo.GET("/ws", echo.WrapHandler(h), auth.Upgrade())
	pending, err := auth.UpgradePending(middleware.PendingConfig{Carriers: []middleware.Carrier{middleware.FirstMessage()}, Admit: h.AdmitPending})
	if err != nil {
		return nil, err
	}
	s.echo.GET(Refreshing, echo.WrapHandler(h), pending)
	payload := []byte(Payload)
	return func(channel string) error {
		_, err := h.Publish(context.Background(), channel, payload)
		return err
	}, nil
}
