package app_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/centrifugal/centrifuge-go"
	"github.com/golang-jwt/jwt/v5"
	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/middleware"
	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
)

// TestH313_guard_and_hub_without_a_mapping joins the two packages as their
// documentation does, Verify being the guard's alone. A key server that is away for
// a while, and a token whose time is over, end no client for good.
func TestH313_guard_and_hub_without_a_mapping(t *testing.T) {
	key := []byte(strings.Repeat("k3y!", 10))
	sign := func(life time.Duration) string {
		signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "alice", "exp": time.Now().Add(life).Unix()}).SignedString(key)
		if err != nil {
			t.Error(err)
		}
		return signed
	}
	for name, test := range map[string]struct {
		away   int32 // lookups of the key that find nobody
		tokens []time.Duration
	}{
		"the key server is away": {2, []time.Duration{time.Hour}}, "the token has expired": {0, []time.Duration{-time.Hour, time.Hour}},
	} {
		t.Run(name, func(t *testing.T) {
			var asked, given atomic.Int32
			url := guardedHub(t, func(*jwt.Token) (any, error) {
				if asked.Add(1) <= test.away {
					return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
				}
				return key, nil
			})
			client := centrifuge.NewJsonClient(url, centrifuge.Config{
				GetToken: func(centrifuge.ConnectionTokenEvent) (string, error) {
					return sign(test.tokens[min(int(given.Add(1)), len(test.tokens))-1]), nil
				},
				ReadTimeout: time.Second, MinReconnectDelay: 10 * time.Millisecond, MaxReconnectDelay: 20 * time.Millisecond,
			})
			t.Cleanup(client.Close)
			connected, gone := make(chan struct{}, 1), make(chan centrifuge.DisconnectedEvent, 1)
			client.OnConnected(func(centrifuge.ConnectedEvent) { connected <- struct{}{} })
			client.OnDisconnected(func(e centrifuge.DisconnectedEvent) { gone <- e })
			_ = client.Connect() // it tries again by itself
			select {
			case <-connected:
			case e := <-gone:
				t.Errorf("got the end %d %s, want a client that comes back", e.Code, e.Reason)
			case <-time.After(20 * time.Second):
				t.Error("got nothing for 20 s, want a connection")
			}
		})
	}
}

// guardedHub is a hub behind the guard, for clients that sign in by their first message.
func guardedHub(t *testing.T, keys jwt.Keyfunc) (url string) {
	t.Helper()
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	auth, err := middleware.New(middleware.Config{JWT: echojwt.Config{KeyFunc: keys}, Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	hub, err := realtime.New(realtime.Config{
		Principal: func(ctx context.Context) (realtime.Principal, bool) {
			who, ok := middleware.PrincipalFrom(ctx)
			return realtime.Principal(who), ok
		},
		Pending: func(ctx context.Context) (realtime.PendingInfo, bool) {
			who, ok := middleware.PendingFrom(ctx)
			return realtime.PendingInfo{Address: who.Address, Origin: who.Origin}, ok
		},
		Verify: auth.VerifyMessage,
		Engine: memory.New(), DrainSpread: time.Millisecond, Logger: quiet,
	})
	if err != nil {
		t.Fatal(err)
	}
	guard, err := auth.UpgradePending(middleware.PendingConfig{Carriers: []middleware.Carrier{middleware.FirstMessage()}, Admit: hub.AdmitPending})
	if err != nil {
		t.Fatal(err)
	}
	e := echo.New()
	e.GET("/ws", echo.WrapHandler(hub), guard)
	server := httptest.NewServer(e)
	t.Cleanup(func() {
		if err := hub.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	return "ws" + strings.TrimPrefix(server.URL, "http") + "/ws"
}
