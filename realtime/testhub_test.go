package realtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
)

// testHub is a hub behind the stand-in for a guard, with channels of every kind.
type testHub struct {
	t      *testing.T
	hub    *realtime.Hub
	server *httptest.Server
	ended  chan realtime.Close

	mu     sync.Mutex
	banned map[string]bool
}

func newTestHub(t *testing.T, change func(*realtime.Config)) *testHub {
	t.Helper()
	return newTestHubOn(t, nil, change)
}

func newTestHubOn(t *testing.T, listener net.Listener, change func(*realtime.Config)) *testHub {
	t.Helper()
	c := &testHub{t: t, ended: make(chan realtime.Close, 10_000), banned: map[string]bool{}}
	config := realtime.Config{
		Principal: func(ctx context.Context) (realtime.Principal, bool) {
			who, ok := ctx.Value(principalKey{}).(realtime.Principal)
			return who, ok
		},
		Engine:      memory.New(),
		Disconnect:  func(_ *realtime.Conn, reason realtime.Close) { c.ended <- reason },
		DrainSpread: time.Millisecond,
		Logger:      slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	if change != nil {
		change(&config)
	}
	hub, err := realtime.New(config)
	if err != nil {
		t.Fatal(err)
	}
	c.hub = hub
	c.declare()
	c.server = serve(guard(hub), listener)
	t.Cleanup(func() {
		if err := hub.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		c.server.Close()
	})
	return c
}

// declare makes the channels and calls of every testHub.
func (c *testHub) declare() {
	notBanned := func(_ context.Context, conn *realtime.Conn, _ realtime.Params) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.banned[conn.Principal().UserID] {
			return errors.New("banned")
		}
		return nil
	}
	own := func(_ context.Context, conn *realtime.Conn, p realtime.Params) error {
		if p.Get("user") != conn.Principal().UserID {
			return errors.New("not yours")
		}
		return nil
	}
	for _, one := range []struct {
		pattern string
		options realtime.ChannelOptions
		rules   []realtime.ChannelRule
	}{
		{"plain:{id}", realtime.ChannelOptions{}, []realtime.ChannelRule{realtime.AllowSubscribe(notBanned), realtime.AllowPublish(realtime.AllowAll)}},
		{"room:{id}", realtime.ChannelOptions{History: 5, HistoryTTL: time.Minute, Recover: true, Presence: true, JoinLeave: true},
			[]realtime.ChannelRule{realtime.AllowSubscribe(notBanned), realtime.AllowPublish(notBanned)}},
		{"news", realtime.ChannelOptions{History: 5, HistoryTTL: time.Minute, Recover: true}, []realtime.ChannelRule{realtime.AllowSubscribe(realtime.AllowAll)}},
		{"private:{user}", realtime.ChannelOptions{History: 5, HistoryTTL: time.Minute, Presence: true}, []realtime.ChannelRule{realtime.AllowSubscribe(own), realtime.AllowRead(own)}},
	} {
		if err := c.hub.Channel(one.pattern, one.options, one.rules...); err != nil {
			c.t.Fatal(err)
		}
	}
	realtime.RPC(c.hub, "add", func(_ context.Context, _ *realtime.Conn, in struct{ A, B int }) (int, error) { return in.A + in.B, nil })
	realtime.RPC(c.hub, "fail", func(_ context.Context, _ *realtime.Conn, kind string) (int, error) {
		switch kind {
		case "own":
			return 0, &realtime.Error{Code: 400, Message: "no more tea"}
		case "close":
			return 0, realtime.CloseRevoked
		case "panic":
			panic("boom")
		}
		return 0, errors.New("a secret reason")
	})
}

// rawClient is a raw client that sees every byte.
type rawClient struct {
	*testHub
	conn *websocket.Conn
	left []string // replies of a frame that were not asked for yet
}

func (c *testHub) dial(protocols []string, headers ...string) (*websocket.Conn, *http.Response, error) {
	header := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	return websocket.Dial(c.t.Context(), c.server.URL, &websocket.DialOptions{HTTPHeader: header, Subprotocols: protocols, HTTPClient: c.server.Client()})
}

// open upgrades as a user, without `connect`.
func (c *testHub) open(user string, headers ...string) *rawClient {
	c.t.Helper()
	conn, _, err := c.dial(nil, append([]string{"Test-User", user}, headers...)...)
	if err != nil {
		c.t.Fatal(err)
	}
	conn.SetReadLimit(-1)
	c.t.Cleanup(func() { _ = conn.CloseNow() })
	return &rawClient{testHub: c, conn: conn}
}

// join upgrades and connects.
func (c *testHub) join(user string, headers ...string) *rawClient {
	c.t.Helper()
	k := c.open(user, headers...)
	k.say(`{"id":1,"connect":{}}`)
	if got := k.hear(); !strings.HasPrefix(got, `{"id":1,"connect":{"client":"`) {
		c.t.Fatalf("connect: got %s", got)
	}
	return k
}

func (k *rawClient) say(frames ...string) {
	k.t.Helper()
	for _, frame := range frames {
		if err := k.conn.Write(k.t.Context(), websocket.MessageText, []byte(frame)); err != nil {
			k.t.Fatalf("write: %v", err)
		}
	}
}

// hear returns the next reply or push.
func (k *rawClient) hear() string {
	k.t.Helper()
	for len(k.left) == 0 {
		_, data, err := k.conn.Read(k.t.Context())
		if err != nil {
			k.t.Fatalf("read: %v", err)
		}
		k.left = strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	}
	next := k.left[0]
	k.left = k.left[1:]
	return next
}

var unstable = regexp.MustCompile(`"(client|epoch)":"[^"]+"|"time":[0-9]+,?`)

// want holds the next replies against patterns in which ids and epochs are ….
func (k *rawClient) want(replies ...string) {
	k.t.Helper()
	for _, want := range replies {
		got := unstable.ReplaceAllString(k.hear(), `"$1":"…"`)
		if got != want {
			k.t.Fatalf("heard %s\n want %s", got, want)
		}
	}
}

func (k *rawClient) wantClose(want realtime.Close) {
	k.t.Helper()
	for {
		_, _, err := k.conn.Read(k.t.Context())
		if err == nil {
			continue
		}
		var closed websocket.CloseError
		if !errors.As(err, &closed) || int(closed.Code) != want.Code || closed.Reason == "" || json.Valid([]byte(closed.Reason)) {
			k.t.Fatalf("end: got %v, want close %d with a plain reason", err, want.Code)
		}
		return
	}
}

func (c *testHub) publish(channel, data string) realtime.Position {
	c.t.Helper()
	position, err := c.hub.Publish(c.t.Context(), channel, []byte(data))
	if err != nil {
		c.t.Fatal(err)
	}
	return position
}
