// The oracle holds the hub against its peers: the same conversations with the
// reference library, and the same work for each of them.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/centrifugal/centrifuge"
	"github.com/coder/websocket"
	"pgregory.net/rapid"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
)

// ours is the hub with the channels and calls of the oracle.
func ours(tb testing.TB) http.Handler {
	tb.Helper()
	hub, err := realtime.New(realtime.Config{
		Principal:         func(context.Context) (realtime.Principal, bool) { return realtime.Principal{UserID: "alice"}, true },
		Engine:            memory.New(),
		CommandsPerSecond: 1e6, CommandBurst: 1e6, MaxConnectionsPerUser: 1e6,
	})
	if err != nil {
		tb.Fatal(err)
	}
	for pattern, options := range map[string]realtime.ChannelOptions{
		"plain:{id}":   {},
		"history:{id}": {History: 4, HistoryTTL: time.Hour, Recover: true},
		"present:{id}": {Presence: true, JoinLeave: true},
	} {
		if err := hub.Channel(pattern, options, realtime.AllowSubscribe(realtime.Everybody), realtime.AllowPublish(realtime.Everybody)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := hub.Channel("denied:{id}", realtime.ChannelOptions{}); err != nil {
		tb.Fatal(err)
	}
	realtime.RPC(hub, "end", func(context.Context, *realtime.Conn, any) (string, error) { return "end", nil })
	realtime.RPC(hub, "fail", func(context.Context, *realtime.Conn, any) (string, error) { return "", errors.New("secret") })
	tb.Cleanup(func() { _ = hub.Shutdown(context.Background()) })
	return hub
}

// theirs is the reference library, told to do the same.
func theirs(tb testing.TB) http.Handler {
	tb.Helper()
	node, err := centrifuge.New(centrifuge.Config{LogLevel: centrifuge.LogLevelNone})
	if err != nil {
		tb.Fatal(err)
	}
	node.OnConnecting(func(context.Context, centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		return centrifuge.ConnectReply{Credentials: &centrifuge.Credentials{UserID: "alice"}}, nil
	})
	node.OnConnect(func(c *centrifuge.Client) {
		c.OnSubscribe(func(e centrifuge.SubscribeEvent, reply centrifuge.SubscribeCallback) {
			options, err := optionsOf(e.Channel)
			reply(centrifuge.SubscribeReply{Options: options}, err)
		})
		c.OnPublish(func(e centrifuge.PublishEvent, reply centrifuge.PublishCallback) {
			_, err := optionsOf(e.Channel)
			options := centrifuge.PublishOptions{ClientInfo: e.ClientInfo}
			if strings.HasPrefix(e.Channel, "history:") {
				options.HistorySize, options.HistoryTTL = 4, time.Hour
			}
			reply(centrifuge.PublishReply{Options: options}, err)
		})
		c.OnHistory(func(e centrifuge.HistoryEvent, reply centrifuge.HistoryCallback) {
			_, err := optionsOf(e.Channel)
			if err == nil && !strings.HasPrefix(e.Channel, "history:") {
				err = centrifuge.ErrorNotAvailable
			}
			reply(centrifuge.HistoryReply{}, err)
		})
		c.OnPresence(func(e centrifuge.PresenceEvent, reply centrifuge.PresenceCallback) {
			reply(centrifuge.PresenceReply{}, notPresent(e.Channel))
		})
		c.OnPresenceStats(func(e centrifuge.PresenceStatsEvent, reply centrifuge.PresenceStatsCallback) {
			reply(centrifuge.PresenceStatsReply{}, notPresent(e.Channel))
		})
		c.OnRPC(func(e centrifuge.RPCEvent, reply centrifuge.RPCCallback) {
			switch e.Method {
			case "end":
				reply(centrifuge.RPCReply{Data: []byte(`"end"`)}, nil)
			case "fail":
				reply(centrifuge.RPCReply{}, errors.New("secret"))
			default:
				reply(centrifuge.RPCReply{}, centrifuge.ErrorMethodNotFound)
			}
		})
	})
	if err := node.Run(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = node.Shutdown(context.Background()) })
	return centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{})
}

func optionsOf(channel string) (centrifuge.SubscribeOptions, error) {
	name, id, found := strings.Cut(channel, ":")
	switch {
	case !found || id == "":
		return centrifuge.SubscribeOptions{}, centrifuge.ErrorUnknownChannel
	case name == "plain":
		return centrifuge.SubscribeOptions{}, nil
	case name == "history":
		return centrifuge.SubscribeOptions{EnableRecovery: true, EnablePositioning: true}, nil
	case name == "present":
		return centrifuge.SubscribeOptions{EmitPresence: true, EmitJoinLeave: true, PushJoinLeave: true}, nil
	case name == "denied":
		return centrifuge.SubscribeOptions{}, centrifuge.ErrorPermissionDenied
	}
	return centrifuge.SubscribeOptions{}, centrifuge.ErrorUnknownChannel
}

func notPresent(channel string) error {
	if strings.HasPrefix(channel, "present:") {
		return nil
	}
	if _, err := optionsOf(channel); err != nil {
		return err
	}
	return centrifuge.ErrorNotAvailable
}

// conversations are frames of one client, with what is intended to differ.
var conversations = []struct {
	name   string
	frames []string
	differ string // the reason, empty for none
}{
	{"connect and call", []string{`{"id":2,"rpc":{"method":"end","data":{}}}`}, ""},
	{"an unknown method", []string{`{"id":2,"rpc":{"method":"nothing"}}`}, ""},
	{"a call that fails", []string{`{"id":2,"rpc":{"method":"fail"}}`}, ""},
	{"subscribe, publish, unsubscribe", []string{`{"id":2,"subscribe":{"channel":"plain:1"}}`, `{"id":3,"publish":{"channel":"plain:1","data":{"a":[1,2.50]}}}`, `{"id":4,"unsubscribe":{"channel":"plain:1"}}`}, ""},
	{"publish without subscribing", []string{`{"id":2,"publish":{"channel":"plain:1","data":1}}`}, ""},
	{"unsubscribe from nothing", []string{`{"id":2,"unsubscribe":{"channel":"plain:1"}}`}, ""},
	{"subscribe twice", []string{`{"id":2,"subscribe":{"channel":"plain:1"}}`, `{"id":3,"subscribe":{"channel":"plain:1"}}`}, ""},
	{"subscribe again after leaving", []string{`{"id":2,"subscribe":{"channel":"plain:1"}}`, `{"id":3,"unsubscribe":{"channel":"plain:1"}}`, `{"id":4,"subscribe":{"channel":"plain:1"}}`}, ""},
	{"a denied channel", []string{`{"id":2,"subscribe":{"channel":"denied:1"}}`}, ""},
	{"an unknown channel", []string{`{"id":2,"subscribe":{"channel":"nothing"}}`, `{"id":3,"publish":{"channel":"nothing","data":1}}`}, ""},
	{"an empty channel", []string{`{"id":2,"subscribe":{"channel":""}}`}, ""},
	{"a channel of 256 bytes", []string{`{"id":2,"subscribe":{"channel":"plain:` + strings.Repeat("x", 250) + `"}}`}, ""},
	{"positions", []string{`{"id":2,"subscribe":{"channel":"history:1"}}`, `{"id":3,"publish":{"channel":"history:1","data":1}}`, `{"id":4,"publish":{"channel":"history:1","data":2}}`, `{"id":5,"history":{"channel":"history:1","limit":10}}`}, ""},
	{"history by limits", []string{`{"id":2,"subscribe":{"channel":"history:2"}}`, `{"id":3,"publish":{"channel":"history:2","data":1}}`, `{"id":4,"publish":{"channel":"history:2","data":2}}`,
		`{"id":5,"history":{"channel":"history:2"}}`, `{"id":6,"history":{"channel":"history:2","limit":1,"reverse":true}}`, `{"id":7,"history":{"channel":"history:2","limit":-1}}`}, ""},
	{"recover nothing", []string{`{"id":2,"subscribe":{"channel":"history:3","recover":true}}`}, ""},
	{"recover after leaving", []string{`{"id":2,"subscribe":{"channel":"history:4"}}`, `{"id":3,"unsubscribe":{"channel":"history:4"}}`, `{"id":4,"publish":{"channel":"history:4","data":1}}`, `{"id":5,"publish":{"channel":"history:4","data":2}}`,
		`{"id":6,"subscribe":{"channel":"history:4","recover":true,"offset":0}}`}, ""},
	{"recover the whole window", []string{`{"id":2,"publish":{"channel":"history:5","data":1}}`, `{"id":3,"publish":{"channel":"history:5","data":2}}`, `{"id":4,"publish":{"channel":"history:5","data":3}}`, `{"id":5,"publish":{"channel":"history:5","data":4}}`, `{"id":6,"publish":{"channel":"history:5","data":5}}`,
		`{"id":7,"subscribe":{"channel":"history:5","recover":true,"offset":1}}`}, ""},
	{"recover more than the window", []string{`{"id":2,"publish":{"channel":"history:6","data":1}}`, `{"id":3,"publish":{"channel":"history:6","data":2}}`, `{"id":4,"publish":{"channel":"history:6","data":3}}`, `{"id":5,"publish":{"channel":"history:6","data":4}}`, `{"id":6,"publish":{"channel":"history:6","data":5}}`,
		`{"id":7,"subscribe":{"channel":"history:6","recover":true,"offset":0}}`}, ""},
	{"recover beyond the top", []string{`{"id":2,"publish":{"channel":"history:7","data":1}}`, `{"id":3,"subscribe":{"channel":"history:7","recover":true,"offset":9}}`}, ""},
	{"recover another epoch", []string{`{"id":2,"publish":{"channel":"history:8","data":1}}`, `{"id":3,"subscribe":{"channel":"history:8","recover":true,"epoch":"wild","offset":1}}`}, ""},
	{"recover another epoch or nothing", []string{`{"id":2,"publish":{"channel":"history:9","data":1}}`, `{"id":3,"subscribe":{"channel":"history:9","recover":true,"epoch":"wild","offset":1,"flag":2}}`}, ""},
	{"history in another epoch", []string{`{"id":2,"subscribe":{"channel":"history:10"}}`, `{"id":3,"history":{"channel":"history:10","limit":1,"since":{"offset":1,"epoch":"wild"}}}`}, ""},
	{"history in reverse from nothing", []string{`{"id":2,"subscribe":{"channel":"history:11"}}`, `{"id":3,"history":{"channel":"history:11","limit":1,"reverse":true,"since":{"offset":0,"epoch":""}}}`}, ""},
	{"no history here", []string{`{"id":2,"subscribe":{"channel":"plain:1"}}`, `{"id":3,"history":{"channel":"plain:1"}}`}, ""},
	{"no presence here", []string{`{"id":2,"subscribe":{"channel":"plain:1"}}`, `{"id":3,"presence":{"channel":"plain:1"}}`, `{"id":4,"presence_stats":{"channel":"plain:1"}}`}, ""},
	{"presence", []string{`{"id":2,"subscribe":{"channel":"present:1","join_leave":true}}`, `{"id":3,"presence":{"channel":"present:1"}}`, `{"id":4,"presence_stats":{"channel":"present:1"}}`}, ""},
	{"a pong that nobody asked for", []string{`{}`}, ""},
	{"a second connect", []string{`{"id":2,"connect":{}}`}, ""},
	{"an id without a request", []string{`{"id":2}`}, ""},
	{"a request without an id", []string{`{"rpc":{"method":"end"}}`}, ""},
	{"a send that nobody handles", []string{`{"send":{"data":1}}`}, ""},
	{"not JSON", []string{`hello`}, ""},
	{"an unused request", []string{`{"id":2,"ping":{}}`}, ""},
	{"what came before a bad one is answered", []string{`{"id":2,"rpc":{"method":"end"}}` + "\n{}"}, ""},
	{"an empty refresh", []string{`{"id":2,"refresh":{}}`}, ""},
	{"publish nothing", []string{`{"id":2,"publish":{"channel":"plain:1"}}`}, ""},
	{"an unknown delta", []string{`{"id":2,"subscribe":{"channel":"plain:1","delta":"bsdiff"}}`}, ""},
	{"read what one is not subscribed to", []string{`{"id":2,"history":{"channel":"history:12","limit":1}}`}, "there the application's handler alone decides; here history and presence are for subscribers unless AllowRead says otherwise"},
}

var (
	unstable = regexp.MustCompile(`"(client|epoch|version|node|session)":"[^"]*",?|"time":[0-9]+,?`)
	byClient = regexp.MustCompile(`"presence":\{"presence":\{"[^"]+":`)
	comma    = regexp.MustCompile(`,(\})`)
)

// transcript holds the conversation with a server: its replies, then how it ended.
func transcript(t *testing.T, server *httptest.Server, frames []string) []string {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	var heard []string
	say := func(frame string) bool { return conn.Write(t.Context(), websocket.MessageText, []byte(frame)) == nil }
	say(`{"id":1,"connect":{}}`)
	for _, frame := range frames {
		say(frame)
	}
	say(`{"id":999,"rpc":{"method":"end"}}`)
	for {
		_, data, err := conn.Read(t.Context())
		if err != nil {
			var closed websocket.CloseError
			if errors.As(err, &closed) {
				return append(heard, fmt.Sprintf("close %d", closed.Code))
			}
			return append(heard, "cut")
		}
		for line := range strings.Lines(string(data)) {
			line = strings.TrimSpace(line)
			if strings.Contains(line, `"id":999`) {
				return heard
			}
			line = byClient.ReplaceAllString(unstable.ReplaceAllString(line, ""), `"presence":{"presence":{"…":`)
			heard = append(heard, comma.ReplaceAllString(line, "$1"))
		}
	}
}

func TestOracle(t *testing.T) {
	hub, reference := httptest.NewServer(ours(t)), httptest.NewServer(theirs(t))
	defer hub.Close()
	defer reference.Close()
	for _, c := range conversations {
		t.Run(c.name, func(t *testing.T) {
			got, want := transcript(t, hub, c.frames), transcript(t, reference, c.frames)
			same := strings.Join(got, "\n") == strings.Join(want, "\n")
			switch {
			case !same && c.differ == "":
				t.Errorf("ours:\n%s\ntheirs:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			case same && c.differ != "":
				t.Errorf("listed as different (%s) and is the same", c.differ)
			}
		})
	}
}

// steps are what a random conversation is made of; %d is a channel of its own.
var steps = []string{
	`"subscribe":{"channel":"plain:%d"}`, `"unsubscribe":{"channel":"plain:%d"}`, `"publish":{"channel":"plain:%d","data":{"n":1}}`,
	`"subscribe":{"channel":"history:%d"}`, `"subscribe":{"channel":"history:%d","recover":true,"offset":0}`, `"subscribe":{"channel":"history:%d","recover":true,"offset":2}`,
	`"subscribe":{"channel":"history:%d","recover":true,"offset":3,"flag":2}`, `"unsubscribe":{"channel":"history:%d"}`, `"publish":{"channel":"history:%d","data":"x"}`,
	`"publish":{"channel":"history:%d","data":[1,2]}`, `"subscribe":{"channel":"denied:%d"}`, `"publish":{"channel":"nothing%d","data":1}`,
	`"rpc":{"method":"end"}`, `"rpc":{"method":"fail"}`, `"rpc":{"method":"nothing"}`, `"subscribe":{"channel":"present:%d","join_leave":true}`, `"unsubscribe":{"channel":"present:%d"}`,
}

func TestOracleAtRandom(t *testing.T) {
	hub, reference := httptest.NewServer(ours(t)), httptest.NewServer(theirs(t))
	defer hub.Close()
	defer reference.Close()
	run := 0
	rapid.Check(t, func(r *rapid.T) {
		run++
		var frames []string
		for i, step := range rapid.SliceOfN(rapid.SampledFrom(steps), 1, 25).Draw(r, "steps") {
			if strings.Contains(step, "%d") {
				step = fmt.Sprintf(step, run)
			}
			frames = append(frames, fmt.Sprintf(`{"id":%d,%s}`, i+2, step))
		}
		got, want := transcript(t, hub, frames), transcript(t, reference, frames)
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			r.Errorf("frames:\n%s\nours:\n%s\ntheirs:\n%s", strings.Join(frames, "\n"), strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}
