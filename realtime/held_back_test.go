package realtime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/centrifugal/centrifuge-go"
	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/plain"
)

// stepped is a handler that carries out one call for each step.
type stepped struct {
	begun chan struct{}
	steps chan struct{}
}

const callSize = 60_000

func newStepped() *stepped {
	return &stepped{begun: make(chan struct{}, 1000), steps: make(chan struct{}, 1000)}
}

func (s *stepped) call(ctx context.Context) error {
	s.begun <- struct{}{}
	select {
	case <-s.steps:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// walk lets all calls through, each when it has begun, and the first when ten more
// are on their way.
func (s *stepped) walk(ctx context.Context, calls int, proxy *tcpProxy, before int64) {
	for range calls {
		select {
		case <-s.begun:
		case <-ctx.Done():
			return
		}
		proxy.untilSent(ctx, before+10*callSize)
		s.steps <- struct{}{}
	}
}

// TestH312_calls_faster_than_their_handler: the official Go client calls, or
// publishes, 12 MB without waiting. That many commands are within CommandBurst.
func TestH312_calls_faster_than_their_handler(t *testing.T) {
	for _, protobuf := range []bool{false, true} {
		for kind, send := range map[string]func(context.Context, *centrifuge.Client, []byte) error{
			"call": func(ctx context.Context, c *centrifuge.Client, data []byte) error {
				_, err := c.RPC(ctx, "step", data)
				return err
			},
			"publication": func(ctx context.Context, c *centrifuge.Client, data []byte) error {
				_, err := c.Publish(ctx, "step:1", data)
				return err
			},
		} {
			t.Run(fmt.Sprintf("%s, protobuf=%t", kind, protobuf), func(t *testing.T) {
				c, s := newClub(t, nil), newStepped()
				c.declareStepped(s)
				proxy := newProxy(t, c.server.Listener.Addr().String())
				config := manyOptions()
				config.ReadTimeout, config.WriteTimeout = time.Minute, time.Minute // being held back is no error
				r := newReturning(t, proxy.url(), protobuf, config)
				r.connect()
				r.until("connected", func() bool { return r.connected == 1 })
				const calls = 195
				before, answers := proxy.sent.Load(), make(chan error, calls)
				for range calls {
					go func() { answers <- send(t.Context(), r.client, []byte(`"`+long(callSize)+`"`)) }()
				}
				go s.walk(t.Context(), calls, proxy, before)
				for range calls {
					if err := <-answers; err != nil {
						t.Fatalf("got %v, want an answer", err)
					}
				}
				r.until("never away", func() bool { return r.connected == 1 })
			})
		}
	}
}

// declareStepped makes a call and a channel whose publications wait for steps.
func (c *club) declareStepped(s *stepped) {
	c.t.Helper()
	realtime.RPC(c.hub, "step", func(ctx context.Context, _ *realtime.Conn, in string) (int, error) { return len(in), s.call(ctx) })
	wait := func(ctx context.Context, _ *realtime.Conn, _ realtime.Params) error { return s.call(ctx) }
	if err := c.hub.Channel("step:{id}", realtime.ChannelOptions{}, realtime.AllowPublish(wait)); err != nil {
		c.t.Fatal(err)
	}
}

// TestH312_messages_faster_than_their_handler is the same for the plain handler, with
// as many messages as its burst allows.
func TestH312_messages_faster_than_their_handler(t *testing.T) {
	s := newStepped()
	w := newTestPlain(t, nil)
	w.plain.Handle("step", func(ctx context.Context, c *plain.Conn, message json.RawMessage) error {
		if err := s.call(ctx); err != nil {
			return err
		}
		return c.Send(ctx, len(message))
	})
	proxy := newProxy(t, w.server.Listener.Addr().String())
	conn, _, err := websocket.Dial(t.Context(), proxy.url(), &websocket.DialOptions{HTTPHeader: map[string][]string{"Test-User": {"alice"}}, Subprotocols: []string{"yodel"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	const messages = 30
	message := fmt.Sprintf(`{"type":"step","data":%q}`, long(callSize))
	go func() {
		for range messages {
			if conn.Write(t.Context(), websocket.MessageText, []byte(message)) != nil {
				return
			}
		}
	}()
	go s.walk(t.Context(), messages, proxy, 0)
	for range messages {
		w.wantMessage(conn, fmt.Sprint(len(message)))
	}
}
