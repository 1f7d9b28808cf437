package realtime_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
)

func TestHubConversation(t *testing.T) {
	c := newClub(t, nil)
	k := c.open("alice", "Test-Session", "s1")
	k.say(`{"id":1,"connect":{}}` + "\n" + `{"id":2,"subscribe":{"channel":"plain:1"}}` + "\n")
	k.want(`{"id":1,"connect":{"client":"…","version":"yodel","ping":25,"pong":true}}`, `{"id":2,"subscribe":{}}`)
	c.publish("plain:1", `{"n": 1.50}`)
	k.want(`{"push":{"channel":"plain:1","pub":{"data":{"n": 1.50}}}}`)
	k.say(`{"id":3,"publish":{"channel":"plain:1","data":"mine"}}`)
	k.want(`{"push":{"channel":"plain:1","pub":{"data":"mine","info":{"user":"alice","client":"…"}}}}`, `{"id":3,"publish":{}}`)
	k.say(`{"id":4,"rpc":{"method":"add","data":{"A":2,"B":3}}}`)
	k.want(`{"id":4,"rpc":{"data":5}}`)
	k.say(`{"id":5,"unsubscribe":{"channel":"plain:1"}}`, `{"id":6,"unsubscribe":{"channel":"plain:1"}}`)
	k.want(`{"id":5,"unsubscribe":{}}`, `{"id":6,"unsubscribe":{}}`) // H167_unsubscribe_unknown
	c.publish("plain:1", `"nobody hears"`)
	if n, err := c.hub.Send(t.Context(), realtime.ByUser("alice"), []byte(`{"for":"you"}`)); n != 1 || err != nil {
		t.Errorf("to alice: got %d, %v", n, err)
	}
	if n, err := c.hub.Send(t.Context(), realtime.All(), []byte(`"all"`)); n != 1 || err != nil {
		t.Errorf("to all: got %d, %v", n, err)
	}
	k.want(`{"push":{"message":{"data":{"for":"you"}}}}`, `{"push":{"message":{"data":"all"}}}`)
}

func TestHubErrors(t *testing.T) {
	long := strings.Repeat("x", 256)
	for _, test := range []struct{ name, say, want string }{
		{"unknown channel", `{"id":9,"subscribe":{"channel":"nothing"}}`, `{"id":9,"error":{"code":102,"message":"unknown channel"}}`},
		{"H190 another's private channel", `{"id":9,"subscribe":{"channel":"private:bob"}}`, `{"id":9,"error":{"code":103,"message":"permission denied"}}`},
		{"H190 one that does not exist", `{"id":9,"subscribe":{"channel":"private:nobody"}}`, `{"id":9,"error":{"code":103,"message":"permission denied"}}`},
		{"H192 publish without the right", `{"id":9,"publish":{"channel":"news","data":1}}`, `{"id":9,"error":{"code":103,"message":"permission denied"}}`},
		{"H193 presence without the right", `{"id":9,"presence":{"channel":"private:bob"}}`, `{"id":9,"error":{"code":103,"message":"permission denied"}}`},
		{"H194 history without the right", `{"id":9,"history":{"channel":"private:bob","limit":1}}`, `{"id":9,"error":{"code":103,"message":"permission denied"}}`},
		{"H194 history unsubscribed", `{"id":9,"history":{"channel":"room:1","limit":1}}`, `{"id":9,"error":{"code":103,"message":"permission denied"}}`},
		{"H162 a channel of 256 bytes", `{"id":9,"subscribe":{"channel":"plain:` + long + `"}}`, `{"id":9,"error":{"code":107,"message":"bad request"}}`},
		{"H163 a control character", `{"id":9,"subscribe":{"channel":"plain:\u0007"}}`, `{"id":9,"error":{"code":107,"message":"bad request"}}`},
		{"H163 a newline", `{"id":9,"subscribe":{"channel":"plain:a\nb"}}`, `{"id":9,"error":{"code":107,"message":"bad request"}}`},
		{"H163 a direction character", `{"id":9,"subscribe":{"channel":"plain:\u202e"}}`, `{"id":9,"error":{"code":107,"message":"bad request"}}`},
		{"H164 dots and slashes are bytes", `{"id":9,"subscribe":{"channel":"plain:../x"}}`, `{"id":9,"subscribe":{}}`},
		{"H164 percent signs are bytes", `{"id":9,"subscribe":{"channel":"plain:%2e%2e"}}`, `{"id":9,"subscribe":{}}`},
		{"H155 an unknown field is ignored", `{"id":9,"subscribe":{"channel":"plain:1","of":"tomorrow"}}`, `{"id":9,"subscribe":{}}`},
		{"unknown method", `{"id":9,"rpc":{"method":"nothing"}}`, `{"id":9,"error":{"code":104,"message":"method not found"}}`},
		{"a call that does not decode", `{"id":9,"rpc":{"method":"add","data":"x"}}`, `{"id":9,"error":{"code":107,"message":"bad request: want an object"}}`},
		{"a handler's own error", `{"id":9,"rpc":{"method":"fail","data":"own"}}`, `{"id":9,"error":{"code":400,"message":"no more tea"}}`},
		{"a handler's secret error", `{"id":9,"rpc":{"method":"fail","data":"x"}}`, `{"id":9,"error":{"code":100,"message":"internal server error","temporary":true}}`},
		{"history that is not kept", `{"id":9,"history":{"channel":"plain:1"}}`, `{"id":9,"error":{"code":103,"message":"permission denied"}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newClub(t, nil)
			k := c.join("alice")
			k.say(test.say)
			k.want(test.want)
			k.say(`{"id":10,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
			k.want(`{"id":10,"rpc":{"data":2}}`)
		})
	}
}

func TestHubBadRequestsEndTheConnection(t *testing.T) {
	for _, test := range []struct{ name, say string }{
		{"not JSON", `hello`},
		{"empty", ``},
		{"null", `null`},
		{"H155 no request", `{"id":5}`},
		{"H155 an unknown request", `{"id":5,"dance":{}}`},
		{"two requests", `{"id":5,"rpc":{"method":"add"},"history":{"channel":"news"}}`},
		{"H156 id 0", `{"rpc":{"method":"add"}}`},
		{"H156 a negative id", `{"id":-1,"rpc":{"method":"add"}}`},
		{"H156 an id of 2^32", `{"id":4294967296,"rpc":{"method":"add"}}`},
		{"H156 a fraction", `{"id":1.5,"rpc":{"method":"add"}}`},
		{"H156 a string", `{"id":"1","rpc":{"method":"add"}}`},
		{"H105 a second connect", `{"id":5,"connect":{}}`},
		{"H158 a pong that nobody asked for", `{}`},
		{"H158 twenty thousand of them", strings.TrimSuffix(strings.Repeat("{}\n", 20_000), "\n")},
		{"H158 too many commands", strings.TrimSuffix(strings.Repeat(`{"send":{"data":1}}`+"\n", 257), "\n")},
		{"H162 an empty channel", `{"id":5,"subscribe":{"channel":""}}`},
		{"H160 nested 100,000 deep", `{"id":5,"rpc":{"method":"add","data":` + strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000) + `}}`},
		{"an unused request", `{"id":5,"ping":{}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newClub(t, func(config *realtime.Config) {
				config.Message = func(context.Context, *realtime.Conn, []byte) error { return nil }
			})
			k := c.join("alice")
			k.say(test.say)
			k.wantClose(realtime.CloseBadRequest)
		})
	}
	t.Run("a command before connect", func(t *testing.T) {
		k := newClub(t, nil).open("alice")
		k.say(`{"id":1,"subscribe":{"channel":"plain:1"}}`)
		k.wantClose(realtime.CloseBadRequest)
	})
	t.Run("what came before in the frame is answered", func(t *testing.T) {
		k := newClub(t, nil).join("alice")
		k.say(`{"id":2,"rpc":{"method":"add","data":{"A":1,"B":1}}}` + "\n{}\n" + `{"id":3,"rpc":{"method":"add"}}`)
		k.want(`{"id":2,"rpc":{"data":2}}`)
		k.wantClose(realtime.CloseBadRequest)
	})
	t.Run("a send that nobody handles", func(t *testing.T) {
		k := newClub(t, nil).join("alice")
		k.say(`{"send":{"data":1}}`)
		k.wantClose(realtime.CloseNotAvailable)
	})
	t.Run("H170 a handler panics", func(t *testing.T) {
		c := newClub(t, nil)
		k, other := c.join("alice"), c.join("bob")
		k.say(`{"id":2,"rpc":{"method":"fail","data":"panic"}}`)
		k.wantClose(realtime.CloseInternal)
		other.say(`{"id":2,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
		other.want(`{"id":2,"rpc":{"data":2}}`)
	})
	t.Run("H172 a thousand errors in a row", func(t *testing.T) {
		c := newClub(t, func(config *realtime.Config) { config.Limits.Errors, config.Limits.CommandBurst = 50, 1000 })
		k := c.join("alice")
		for range 50 {
			k.say(`{"id":2,"rpc":{"method":"nothing"}}`)
		}
		k.wantClose(realtime.CloseTooManyErrors)
	})
}

func TestServerSubscriptions(t *testing.T) {
	c := newClub(t, func(config *realtime.Config) {
		config.Connect = func(_ context.Context, conn *realtime.Conn, _ realtime.ConnectEvent) (realtime.ConnectReply, error) {
			return realtime.ConnectReply{Data: []byte(`{"hello":"you"}`), Channels: []string{"private:" + conn.Principal().UserID}}, nil
		}
	})
	k := c.open("alice")
	k.say(`{"id":1,"connect":{}}`)
	k.want(`{"id":1,"connect":{"client":"…","version":"yodel","data":{"hello":"you"},"subs":{"private:alice":{"epoch":"…"}},"ping":25,"pong":true}}`)
	c.publish("private:alice", `1`)
	k.want(`{"push":{"channel":"private:alice","pub":{"data":1,"offset":1}}}`)
	k.say(`{"id":2,"subscribe":{"channel":"private:alice"}}`)
	k.want(`{"id":2,"error":{"code":105,"message":"already subscribed"}}`) // H167_subscribe_twice
}

// TestARefusedConnect: what the client reads, and the code that it ends with, say
// the same about coming back.
func TestARefusedConnect(t *testing.T) {
	for _, test := range []struct {
		name  string
		err   error
		reply string
		want  realtime.Close
	}{
		{"for good", &realtime.Error{Code: 401, Message: "not today"}, `{"id":1,"error":{"code":401,"message":"not today"}}`, realtime.ClosePermissionDenied},
		{"for now", &realtime.Error{Code: 402, Message: "later", Temporary: true}, `{"id":1,"error":{"code":402,"message":"later","temporary":true}}`, realtime.CloseInternal},
		{"by a failure", errors.New("a secret"), `{"id":1,"error":{"code":100,"message":"internal server error","temporary":true}}`, realtime.CloseInternal},
		{"by a token's end", realtime.ErrTokenExpired, `{"id":1,"error":{"code":109,"message":"token expired"}}`, realtime.CloseExpired},
		{"by a code", realtime.CloseRevoked, "", realtime.CloseRevoked},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newClub(t, func(config *realtime.Config) {
				config.Connect = func(context.Context, *realtime.Conn, realtime.ConnectEvent) (realtime.ConnectReply, error) {
					return realtime.ConnectReply{}, test.err
				}
			})
			k := c.open("bob")
			k.say(`{"id":1,"connect":{}}`)
			if test.reply != "" {
				k.want(test.reply)
			}
			k.wantClose(test.want)
		})
	}
	t.Run("more channels than may be", func(t *testing.T) {
		c := newClub(t, func(config *realtime.Config) {
			config.Limits.Channels = 1
			config.Connect = func(context.Context, *realtime.Conn, realtime.ConnectEvent) (realtime.ConnectReply, error) {
				return realtime.ConnectReply{Channels: []string{"plain:1", "plain:2"}}, nil
			}
		})
		k := c.open("bob")
		k.say(`{"id":1,"connect":{}}`)
		k.want(`{"id":1,"error":{"code":100,"message":"internal server error","temporary":true}}`)
		k.wantClose(realtime.CloseInternal)
	})
}

func TestPublishOptions(t *testing.T) {
	c := newClub(t, nil)
	k := c.join("alice")
	k.say(`{"id":2,"subscribe":{"channel":"room:1"}}`)
	k.hear()
	first, err := c.hub.Publish(t.Context(), "room:1", []byte(`1`), realtime.WithKey("once"), realtime.WithTags(map[string]string{"a": "b"}))
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.hub.Publish(t.Context(), "room:1", []byte(`1`), realtime.WithKey("once"))
	if err != nil || again != first {
		t.Errorf("again: got %v, %v, want %v", again, err, first)
	}
	c.publish("room:1", "{\n \"two\": 2\n}") // on one line for JSON
	k.want(`{"push":{"channel":"room:1","pub":{"data":1,"offset":1,"tags":{"a":"b"}}}}`, `{"push":{"channel":"room:1","pub":{"data":{ "two": 2},"offset":2}}}`)
	if _, err := c.hub.Publish(t.Context(), "nothing", nil); !errors.Is(err, realtime.ErrUnknownChannel) {
		t.Errorf("unknown channel: got %v", err)
	}
}

func TestHubRejudges(t *testing.T) {
	c := newClub(t, nil)
	k, other := c.join("alice"), c.join("bob")
	for _, one := range []*talker{k, other} {
		one.say(`{"id":2,"subscribe":{"channel":"room:1"}}`)
		one.hear()
	}
	c.mu.Lock()
	c.banned["alice"] = true
	c.mu.Unlock()
	if n := c.hub.Rejudge(t.Context(), realtime.ByUser("alice")); n != 0 {
		t.Errorf("connections ended: got %d, want 0", n)
	}
	k.want(`{"push":{"channel":"room:1","unsubscribe":{"code":2000,"reason":"permission lost"}}}`) // H124_H126
	c.publish("room:1", `"for members"`)
	other.want(`{"push":{"channel":"room:1","pub":{"data":"for members","offset":1}}}`)
	k.say(`{"id":3,"publish":{"channel":"room:1","data":1}}`, `{"id":4,"history":{"channel":"room:1","limit":1}}`, `{"id":5,"subscribe":{"channel":"room:1","recover":true,"offset":0}}`)
	denied := `"error":{"code":103,"message":"permission denied"}}`
	k.want(`{"id":3,`+denied, `{"id":4,`+denied, `{"id":5,`+denied) // H203_nothing_replayed
}

func TestHubPatterns(t *testing.T) {
	c := newClub(t, nil)
	for _, test := range []struct {
		pattern string
		options realtime.ChannelOptions
		says    string
	}{
		{"", realtime.ChannelOptions{}, "empty"},
		{"a:{x", realtime.ChannelOptions{}, "whole segment"},
		{"a:b{x}", realtime.ChannelOptions{}, "whole segment"},
		{"a\nb", realtime.ChannelOptions{}, "control"},
		{"room:lobby", realtime.ChannelOptions{}, "fit the same"},
		{"{any}:{id}", realtime.ChannelOptions{}, "fit the same"},
		{"x", realtime.ChannelOptions{History: 5}, "HistoryTTL"},
		{"x", realtime.ChannelOptions{Recover: true}, "recover from"},
	} {
		err := c.hub.Channel(test.pattern, test.options)
		if !errors.Is(err, realtime.ErrConfig) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: got %v, want an error that says %q", test.pattern, err, test.says)
		}
	}
}

func TestHubTellsWhoSaidIt(t *testing.T) {
	c := newClub(t, nil)
	alice, bob := c.join("alice"), c.join("bob")
	for _, k := range []*talker{alice, bob} {
		k.say(`{"id":2,"subscribe":{"channel":"plain:1"}}`)
		k.hear()
	}
	alice.say(`{"id":3,"publish":{"channel":"plain:1","data":1,"info":{"user":"bob"},"user":"bob"}}`)
	bob.want(`{"push":{"channel":"plain:1","pub":{"data":1,"info":{"user":"alice","client":"…"}}}}`) // H197
	alice.hear()
	alice.hear()
	alice.say(`{"id":4,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
	alice.want(`{"id":4,"rpc":{"data":2}}`)
	c.publish("plain:1", `"next"`)
	bob.want(`{"push":{"channel":"plain:1","pub":{"data":"next"}}}`) // H200: nothing of her answer came here
}

func TestH181_presence_of_a_huge_channel(t *testing.T) {
	c := newClub(t, nil)
	if err := c.hub.Channel("hall", realtime.ChannelOptions{Presence: true, MaxPresence: 2}, realtime.AllowSubscribe(realtime.AllowAll)); err != nil {
		t.Fatal(err)
	}
	var last *talker
	for _, user := range []string{"a", "b", "c"} {
		last = c.join(user)
		last.say(`{"id":2,"subscribe":{"channel":"hall"}}`)
		last.want(`{"id":2,"subscribe":{}}`)
	}
	last.say(`{"id":3,"presence":{"channel":"hall"}}`, `{"id":4,"presence_stats":{"channel":"hall"}}`)
	last.want(`{"id":3,"error":{"code":108,"message":"not available"}}`, `{"id":4,"presence_stats":{"num_clients":3,"num_users":3}}`)
	if n := c.hub.Refusals()["presence"]; n != 1 {
		t.Errorf("refusals counted: got %d, want 1", n)
	}
}

func TestH161_protobuf_lengths(t *testing.T) {
	for name, frame := range map[string]string{
		"a varint that overflows": "\xfc\xff\xff\xff\xff\xff\xff\xff\xff\x01",
		"longer than the frame":   "\x7f\x08\x01",
		"huge":                    "\xff\xff\xff\xff\x0f\x08",
		"cut off":                 "\x04\x08\x01",
		"H158 zero bytes":         strings.Repeat("\x00", 60_000),
		"garbage":                 "\x03\xff\xff\xff",
	} {
		t.Run(name, func(t *testing.T) {
			c := newClub(t, nil)
			conn, _, err := c.dial([]string{"centrifuge-protobuf"}, "Test-User", "alice")
			if err != nil || conn.Subprotocol() != "centrifuge-protobuf" {
				t.Fatalf("dial: %v, %q", err, conn.Subprotocol())
			}
			k := &talker{club: c, conn: conn}
			if err := conn.Write(t.Context(), websocket.MessageBinary, []byte("\x04\x08\x01\x22\x00")); err != nil { // {"id":1,"connect":{}}
				t.Fatal(err)
			}
			if kind, _, err := conn.Read(t.Context()); err != nil || kind != websocket.MessageBinary {
				t.Fatalf("connect: %v, %v", kind, err)
			}
			if err := conn.Write(t.Context(), websocket.MessageBinary, []byte(frame)); err != nil {
				t.Fatal(err)
			}
			k.wantClose(realtime.CloseBadRequest)
		})
	}
	t.Run("H111 text on protobuf, binary on JSON", func(t *testing.T) {
		c := newClub(t, nil)
		k := c.open("alice")
		if err := k.conn.Write(t.Context(), websocket.MessageBinary, []byte(`{"id":1,"connect":{}}`)); err != nil {
			t.Fatal(err)
		}
		k.wantClose(realtime.CloseBadRequest)
	})
}
