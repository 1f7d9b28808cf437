package realtime_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// unsendableCloses are closes that no peer may be sent.
var unsendableCloses = map[string]realtime.Close{
	"nothing": {}, "code 0": {Code: 0, Reason: "x"}, "code 1005": {Code: 1005, Reason: "x"}, "code 3000": {Code: 3000, Reason: "x"},
	"code 5000": {Code: 5000, Reason: "x"}, "code 70000": {Code: 70000, Reason: "x"}, "code -1": {Code: -1, Reason: "x"},
	"no reason": {Code: 4004}, "a long reason": {Code: 4004, Reason: strings.Repeat("x", 124)},
	"a reason of JSON": {Code: 4004, Reason: `{"reconnect":true}`}, "a reason that is not UTF-8": {Code: 4004, Reason: "\xff"},
}

// endings is a hub whose every hook, handler and rule ends its connection with reason,
// where the test says so.
type endings struct {
	*realtime.Hub
	*realtimetest.Server
	where  string
	reason realtime.Close
	closed error // of Conn.Close
	log    bytes.Buffer
}

var errToBeMapped = errors.New("to be mapped")

func (e *endings) at(where string) error {
	if e.where == where {
		return e.reason
	}
	return nil
}

func newEndings(t *testing.T, where string, reason realtime.Close) *endings {
	e := &endings{where: where, reason: reason}
	hub, err := realtime.New(realtime.Config{
		Principal: realtimetest.Principal, Verify: realtimetest.Verify, Engine: memory.New(),
		Connect: func(context.Context, *realtime.Conn, realtime.ConnectEvent) (realtime.ConnectReply, error) {
			return realtime.ConnectReply{}, e.at("Connect")
		},
		Refresh:  func(context.Context, *realtime.Conn) ([]byte, error) { return nil, e.at("Refresh") },
		Message:  func(context.Context, *realtime.Conn, []byte) error { return e.at("Message") },
		MapError: func(error) error { return e.at("MapError") },
		Logger:   slog.New(slog.NewTextHandler(&e.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	kept := realtime.ChannelOptions{History: 5, HistoryTTL: time.Minute}
	rule := func(_ context.Context, _ *realtime.Conn, p realtime.Params) error { return e.at(p.Get("rule")) }
	err = errors.Join(
		hub.Channel("subscribe:{rule}", kept, realtime.AllowSubscribe(rule)),
		hub.Channel("publish:{rule}", kept, realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowPublish(rule)),
		hub.Channel("read:{rule}", kept, realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowRead(rule)),
		realtime.RPC(hub, "handler", func(context.Context, *realtime.Conn, any) (any, error) { return nil, e.at("RPC") }),
		realtime.RPC(hub, "allowed", func(context.Context, *realtime.Conn, any) (any, error) { return nil, nil },
			realtime.AllowCall(func(context.Context, *realtime.Conn) error { return e.at("AllowCall") })),
		realtime.RPC(hub, "mapped", func(context.Context, *realtime.Conn, any) (any, error) { return nil, errToBeMapped }),
		realtime.RPC(hub, "close", func(_ context.Context, c *realtime.Conn, _ any) (any, error) {
			e.closed = c.Close(e.reason)
			return nil, nil
		}),
	)
	if err != nil {
		t.Fatal(err)
	}
	e.Hub, e.Server = hub, realtimetest.Serve(t, hub)
	return e
}

// TestH318_closes_that_no_peer_may_be_sent: in whatever way a close comes in, the
// application is told. A call that selects connections does nothing else; what ends
// the connection that it is about ends it with 3004.
func TestH318_closes_that_no_peer_may_be_sent(t *testing.T) {
	ways := []struct{ where, command string }{
		{"Connect", `"connect":{}`}, {"Message", ""}, {"RPC", `"rpc":{"method":"handler"}`}, {"AllowCall", `"rpc":{"method":"allowed"}`},
		{"MapError", `"rpc":{"method":"mapped"}`}, {"Conn.Close", `"rpc":{"method":"close"}`},
		{"AllowSubscribe", `"subscribe":{"channel":"subscribe:AllowSubscribe"}`}, {"AllowPublish", `"publish":{"channel":"publish:AllowPublish","data":{}}`},
		{"AllowRead", `"history":{"channel":"read:AllowRead"}`}, {"Refresh", `"refresh":{"token":"` + realtimetest.Token(who("alice", "1")) + `"}`},
	}
	for name, reason := range unsendableCloses {
		for _, way := range ways {
			for _, protobuf := range []bool{false, true} {
				t.Run(way.where+" "+name, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						e := newEndings(t, way.where, reason)
						c := e.connect(way.where != "Connect", protobuf)
						switch {
						case way.where == "Message":
							c.Send(`{"send":{"data":{}}}`)
						default:
							c.Send(`{"id":50,` + way.command + `}`)
						}
						c.WantEnd(realtime.CloseInternal)
						synctest.Wait()
						if told := errors.Is(e.closed, realtime.ErrClose) || strings.Contains(e.log.String(), realtime.ErrClose.Error()); !told {
							t.Errorf("the application was told %v, and the log has %q, want %q", e.closed, e.log.String(), realtime.ErrClose)
						}
					})
				})
			}
		}
	}
}

// connect opens a connection in either encoding.
func (e *endings) connect(connected, protobuf bool) *realtimetest.Client {
	switch alice := who("alice", "1"); {
	case connected && protobuf:
		return e.ConnectProtobuf(alice)
	case connected:
		return e.Connect(alice)
	case protobuf:
		return e.DialProtobuf(alice)
	default:
		return e.Dial(alice)
	}
}

// TestH318_selected_connections_go_on: nothing is done, here or elsewhere.
func TestH318_selected_connections_go_on(t *testing.T) {
	for name, reason := range unsendableCloses {
		t.Run(name, func(t *testing.T) {
			nodes(t, func(t *testing.T, a, b *branch) {
				here, there := a.Connect(who("alice", "1")), b.Connect(who("alice", "1"))
				if n, err := a.Disconnect(t.Context(), realtime.BySession("1"), reason); n != 0 || !errors.Is(err, realtime.ErrClose) {
					t.Errorf("disconnect: got %d, %v, want an error that wraps ErrClose", n, err)
				}
				if n, err := a.DisconnectHere(realtime.BySession("1"), reason); n != 0 || !errors.Is(err, realtime.ErrClose) {
					t.Errorf("disconnect here: got %d, %v, want an error that wraps ErrClose", n, err)
				}
				if kept := a.station.exchange.kept; len(kept) > 0 {
					t.Errorf("stored: got %v, want nothing", kept)
				}
				for _, one := range []*realtimetest.Client{here, there} {
					if reply := one.Command(`"unsubscribe":{"channel":"none"}`); reply.Error != nil {
						t.Errorf("afterwards: got %s", reply.Raw)
					}
				}
			})
		})
	}
}

// TestUnsubscribe_CodeAndReason: they are told as they are given, and what can't be
// told is refused before anything is done.
func TestUnsubscribe_CodeAndReason(t *testing.T) {
	for _, test := range []struct {
		code   uint32
		reason string
		told   uint32
		words  string
		good   bool
	}{
		{0, "", 2000, "server unsubscribe", true}, {realtime.UnsubscribeServer, "over", 2000, "over", true}, {2100, "", 2100, "", true},
		{realtime.UnsubscribeInvalidated, "ask again", 2502, "ask again", true}, {2999, strings.Repeat("x", 123), 2999, strings.Repeat("x", 123), true},
		{0, "over", 0, "", false}, {1999, "x", 0, "", false}, {3000, "x", 0, "", false}, {70000, "x", 0, "", false}, {2000, "\xff", 0, "", false},
		{2000, strings.Repeat("x", 124), 0, "", false},
	} {
		for _, protobuf := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				e := newEndings(t, "", realtime.Close{})
				c := e.connect(true, protobuf)
				c.Subscribe("read:1")
				n, err := e.Unsubscribe(t.Context(), realtime.ByUser("alice"), "read:1", test.code, test.reason)
				if !test.good {
					if reply := c.Command(`"history":{"channel":"read:1"}`); n != 0 || !errors.Is(err, realtime.ErrClose) || reply.Error != nil || c.Heard() > 0 {
						t.Errorf("%d %q: got %d, %v, %d pushes, want ErrClose and nothing done", test.code, test.reason, n, err, c.Heard())
					}
					return
				}
				if n != 1 || err != nil {
					t.Fatalf("%d %q: got %d, %v, want 1", test.code, test.reason, n, err)
				}
				if got := c.Next().Unsubscribe; got == nil || got.Code != test.told || got.Reason != test.words {
					t.Errorf("%d %q: the client was told %+v, want %d %q", test.code, test.reason, got, test.told, test.words)
				}
			})
		}
	}
}
