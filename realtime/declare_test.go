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
	"testing"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/plain"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

func answers(context.Context, *realtime.Conn, any) (any, error) { return nil, nil }

func hears(context.Context, *plain.Conn, json.RawMessage) error { return nil }

func verifies(context.Context, string) (realtime.SubscriptionClaims, error) {
	return realtime.SubscriptionClaims{}, nil
}

func declaredHub(t *testing.T, log io.Writer) *realtime.Hub {
	t.Helper()
	hub, err := realtime.New(realtime.Config{Principal: realtimetest.Principal, Engine: memory.New(), Logger: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return hub
}

func declaredPlain(t *testing.T, log io.Writer) *plain.Handler {
	t.Helper()
	handler, err := plain.New(plain.Config{Principal: realtimetest.Principal, Logger: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

// TestDeclaration_wrong: each is an error, and who has not looked at it finds out
// with the first request.
func TestDeclaration_wrong(t *testing.T) {
	type kept = realtime.ChannelOptions
	for want, declare := range map[string]func(*realtime.Hub) error{
		`a second handler of the method "a"`: func(h *realtime.Hub) error {
			return errors.Join(realtime.RPC(h, "a", answers), realtime.RPC(h, "b", answers), realtime.RPC(h, "a", answers))
		},
		`of a method is empty`:     func(h *realtime.Hub) error { return realtime.RPC(h, "", answers) },
		`of a method is not UTF-8`: func(h *realtime.Hub) error { return realtime.RPC(h, "\xff", answers) },
		`method "a" is nil`:        func(h *realtime.Hub) error { return realtime.RPC[int, int](h, "a", nil) },
		`can't be written as JSON`: func(h *realtime.Hub) error {
			return realtime.RPC(h, "a", func(context.Context, *realtime.Conn, int) (chan int, error) { return nil, nil })
		},
		`declared twice`: func(h *realtime.Hub) error { return errors.Join(realtime.Message[sent](h), realtime.Message[sent](h)) },
		`fit the same names`: func(h *realtime.Hub) error {
			return errors.Join(h.Channel("doc:{path...}", kept{}), h.Channel("doc:a:{id}", kept{}))
		},
		`has Positioned and no History`:       func(h *realtime.Hub) error { return h.Channel("a", kept{Positioned: true}) },
		`ForceJoinLeave and no JoinLeave`:     func(h *realtime.Hub) error { return h.Channel("a", kept{ForceJoinLeave: true}) },
		`has Binary and events`:               func(h *realtime.Hub) error { return h.Channel("a", kept{Binary: true}, realtime.WithEvent[sent]()) },
		`has ReadToken and no AllowSubscribe`: func(h *realtime.Hub) error { return h.Channel("a", kept{}, realtime.ReadToken(verifies)) },
		`two rules for its tokens`: func(h *realtime.Hub) error {
			return h.Channel("a", kept{}, realtime.RequireToken(verifies), realtime.ReadToken(verifies))
		},
	} {
		t.Run(want, func(t *testing.T) {
			var log syncBuffer
			hub := declaredHub(t, &log)
			if err := declare(hub); !errors.Is(err, realtime.ErrConfig) || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %q", err, want)
			}
			wantNotServed(t, hub, &log, want)
		})
	}
}

func TestDeclaration_wrong_plain(t *testing.T) {
	for want, declare := range map[string]func(*plain.Handler) error{
		`second handler for messages of type "a"`: func(p *plain.Handler) error { return errors.Join(p.Handle("a", hears), p.Handle("a", hears)) },
		`without a type`:                       func(p *plain.Handler) error { return p.Handle("", hears) },
		`"authenticate" are the handler's own`: func(p *plain.Handler) error { return p.Handle("authenticate", hears) },
		`"refresh" are the handler's own`:      func(p *plain.Handler) error { return p.Handle("refresh", hears) },
		`of type "a" is nil`:                   func(p *plain.Handler) error { return p.Handle("a", nil) },
	} {
		t.Run(want, func(t *testing.T) {
			var log syncBuffer
			handler := declaredPlain(t, &log)
			if err := declare(handler); !errors.Is(err, realtime.ErrConfig) || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %q", err, want)
			}
			wantNotServed(t, handler, &log, "a declaration was wrong")
		})
	}
}

func wantNotServed(t *testing.T, handler http.Handler, log *syncBuffer, cause string) {
	t.Helper()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/ws", nil))
	if w.Code != http.StatusInternalServerError {
		t.Errorf("status: got %d, want 500", w.Code)
	}
	if got := strings.ReplaceAll(log.String(), `\"`, `"`); !strings.Contains(got, cause) {
		t.Errorf("logged %s, want %q", got, cause)
	}
}

// TestDeclaration_late: after the first request nothing can be declared, and what
// is served is served on. Run with the race detector.
func TestDeclaration_late(t *testing.T) {
	hub, handler := declaredHub(t, io.Discard), declaredPlain(t, io.Discard)
	request := func(handler http.Handler) int {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/ws", nil))
		return w.Code
	}
	if err := errors.Join(hub.Channel("a", realtime.ChannelOptions{}), realtime.RPC(hub, "a", answers), realtime.Message[sent](hub), handler.Handle("a", hears)); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		request(hub)
		request(handler)
	}()
	_ = hub.Channel("b", realtime.ChannelOptions{}) // while the first request comes
	<-done
	for name, err := range map[string]error{
		"Channel": hub.Channel("c", realtime.ChannelOptions{}), "RPC": realtime.RPC(hub, "c", answers), "Message": realtime.Message[erased](hub), "Handle": handler.Handle("c", hears),
	} {
		if !errors.Is(err, realtime.ErrConfig) || !strings.Contains(err.Error(), "after the first request") {
			t.Errorf("%s: got %v, want ErrConfig", name, err)
		}
	}
	for name, one := range map[string]http.Handler{"hub": hub, "plain": handler} {
		if got := request(one); got != http.StatusUnauthorized { // it is served: nobody is known
			t.Errorf("%s: got %d, want 401", name, got)
		}
	}
}
