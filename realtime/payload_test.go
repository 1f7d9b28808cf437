package realtime_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/centrifugal/protocol"
	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/memory"
)

// notJSON are payloads that some client that speaks JSON can't read.
var notJSON = map[string][]byte{
	"text": []byte("hello"), "two values": []byte("1\n2"), "a tail": []byte(`{"a":1} x`), "bytes": {0xff, 0x00},
	"not UTF-8": []byte("\"\xff\""), "a line feed in a string": []byte("\"a\nb\""), "white space": []byte(" \n"), "a number with a zero": []byte("01"),
	"too deep": []byte(strings.Repeat("[", 600) + strings.Repeat("]", 600)),
}

// protobufClient speaks protobuf byte by byte.
type protobufClient struct {
	*talker
	last uint32
}

func (c *club) joinProtobuf(user string) *protobufClient {
	c.t.Helper()
	conn, _, err := c.dial([]string{"centrifuge-protobuf"}, "Test-User", user)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = conn.CloseNow() })
	k := &protobufClient{talker: &talker{club: c, conn: conn}}
	k.ask(&protocol.Command{Connect: &protocol.ConnectRequest{}})
	return k
}

// ask sends a command and returns the next reply.
func (k *protobufClient) ask(command *protocol.Command) *protocol.Reply {
	k.t.Helper()
	k.last++
	command.Id = k.last
	frame, err := protocol.NewProtobufCommandEncoder().Encode(command)
	if err != nil {
		k.t.Fatal(err)
	}
	if err := k.conn.Write(k.t.Context(), websocket.MessageBinary, frame); err != nil {
		k.t.Fatal(err)
	}
	return k.next()
}

func (k *protobufClient) next() *protocol.Reply {
	k.t.Helper()
	_, frame, err := k.conn.Read(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	reply, err := protocol.NewProtobufReplyDecoder(frame).Decode()
	if reply == nil {
		k.t.Fatal(err)
	}
	return reply
}

func TestH304_publication_not_json_from_the_server(t *testing.T) {
	c := newClub(t, nil)
	k := c.join("alice")
	k.say(`{"id":2,"subscribe":{"channel":"room:1"}}`)
	k.hear()
	ctx := t.Context()
	for name, data := range notJSON {
		if _, err := c.hub.Publish(ctx, "room:1", data); !errors.Is(err, realtime.ErrNotJSON) {
			t.Errorf("Publish, %s: got %v, want ErrNotJSON", name, err)
		}
		if n, err := c.hub.Send(ctx, realtime.ByUser("alice"), data); !errors.Is(err, realtime.ErrNotJSON) || n != 0 {
			t.Errorf("SendToUser, %s: got %d, %v, want 0, ErrNotJSON", name, n, err)
		}
		if n, err := c.hub.Send(ctx, realtime.All(), data); !errors.Is(err, realtime.ErrNotJSON) || n != 0 {
			t.Errorf("Broadcast, %s: got %d, %v, want 0, ErrNotJSON", name, n, err)
		}
	}
	for _, tags := range []map[string]string{{"a": "\xff"}, {"\xff": "a"}} {
		if _, err := c.hub.Publish(ctx, "room:1", []byte("1"), realtime.WithTags(tags)); !errors.Is(err, realtime.ErrNotJSON) {
			t.Errorf("tags %q: got %v, want ErrNotJSON", tags, err)
		}
	}
	c.publish("room:1", "\"\u2028\"") // JSON, whatever JavaScript once took it for
	k.want("{\"push\":{\"channel\":\"room:1\",\"pub\":{\"data\":\"\u2028\",\"offset\":1}}}")
}

func TestH304_publication_not_json_from_a_client(t *testing.T) {
	c := newClub(t, nil)
	k, p := c.join("alice"), c.joinProtobuf("bob")
	k.say(`{"id":2,"subscribe":{"channel":"plain:1"}}`)
	k.hear()
	refused := c.hub.Stats().OffContract
	for name, data := range notJSON {
		reply := p.ask(&protocol.Command{Publish: &protocol.PublishRequest{Channel: "plain:1", Data: data}})
		if refused++; reply.Error == nil || reply.Error.Code != 107 || reply.Error.Message != "bad request: data is not JSON" {
			t.Errorf("%s: got %v, want 107 and why", name, reply)
		}
		if got := c.hub.Stats().OffContract; got != refused {
			t.Errorf("%s: counted %d, want %d", name, got, refused)
		}
	}
	k.say(`{"id":3,"publish":{"channel":"plain:1"}}`) // no data is left out, as with the reference library
	if got := k.hear(); !strings.Contains(got, `"pub"`) {
		t.Errorf("a publication without data: got %s, want it", got)
	}
	k.want(`{"id":3,"publish":{}}`)
	if reply := p.ask(&protocol.Command{Publish: &protocol.PublishRequest{Channel: "plain:1", Data: []byte(`{"a":1}`)}}); reply.Error != nil {
		t.Errorf("JSON: got %v", reply.Error)
	}
	if got := k.hear(); !strings.Contains(got, `"data":{"a":1}`) {
		t.Errorf("heard %s, want the publication", got)
	}
}

// older is a broker in which a release that did not look has written bytes.
type older struct {
	engine.Broker
	data atomic.Pointer[realtime.Publication]
}

func (b *older) Publish(ctx context.Context, channel string, p realtime.Publication, o engine.PublishOptions) (realtime.Position, error) {
	if other := b.data.Load(); other != nil {
		p.Data, p.Info = other.Data, other.Info
	}
	return b.Broker.Publish(ctx, channel, p, o)
}

func olderClub(t *testing.T, run func(t *testing.T, c *club, write func(channel string, p *realtime.Publication))) {
	t.Helper()
	b := &older{}
	clubBubble(t, func(config *realtime.Config) {
		config.Engine = memory.New()
		b.Broker = config.Engine.Broker
		config.Engine.Broker = b
		config.Connect = func(_ context.Context, _ *realtime.Conn, in realtime.ConnectEvent) (realtime.ConnectReply, error) {
			if in.Name == "server" {
				return realtime.ConnectReply{Channels: []string{"news"}}, nil
			}
			return realtime.ConnectReply{}, nil
		}
	}, func(t *testing.T, c *club) {
		run(t, c, func(channel string, p *realtime.Publication) {
			b.data.Store(p)
			c.publish(channel, `0`)
			b.data.Store(nil)
		})
	})
}

var olderPublications = map[string]*realtime.Publication{
	"data": {Data: []byte("hello")}, "not UTF-8": {Data: []byte("\"\xff\"")}, "an info": {Data: []byte("1"), Info: &realtime.ClientInfo{User: "u", Conn: []byte("{")}},
}

// TestH304_an_older_writer: a publication that can't be told is a loss, which a
// client comes back from, and never its end.
func TestH304_an_older_writer(t *testing.T) {
	for name, p := range olderPublications {
		t.Run(name, func(t *testing.T) {
			olderClub(t, func(t *testing.T, c *club, write func(string, *realtime.Publication)) {
				k, other := c.join("alice"), c.joinProtobuf("bob")
				k.say(`{"id":2,"subscribe":{"channel":"news"}}`)
				k.hear()
				other.ask(&protocol.Command{Subscribe: &protocol.SubscribeRequest{Channel: "news"}})
				epoch := c.publish("news", `1`).Epoch
				k.want(`{"push":{"channel":"news","pub":{"data":1,"offset":1}}}`)
				other.next()
				write("news", p)
				k.want(insufficient)
				if got := other.next(); got.Push == nil || got.Push.Pub == nil || !bytes.Equal(got.Push.Pub.Data, p.Data) {
					t.Errorf("in protobuf: got %v, want %q", got, p.Data)
				}
				recover := `,"subscribe":{"channel":"news","recover":true,"offset":1,"epoch":"` + epoch + `"`
				k.say(`{"id":3` + recover + `,"flag":2}}`)
				k.want(`{"id":3,"error":{"code":112,"message":"unrecoverable position"}}`)
				k.say(`{"id":4` + recover + `}}`)
				k.want(`{"id":4,"subscribe":{"recoverable":true,"epoch":"…","offset":2,"positioned":true,"was_recovering":true}}`)
				k.say(`{"id":5,"history":{"channel":"news","limit":10}}`)
				k.want(`{"id":5,"error":{"code":108,"message":"not available"}}`)
				c.publish("news", `3`)
				k.want(`{"push":{"channel":"news","pub":{"data":3,"offset":3}}}`)
			})
		})
	}
}

func TestH304_an_older_writer_and_the_servers_subscription(t *testing.T) {
	olderClub(t, func(t *testing.T, c *club, write func(string, *realtime.Publication)) {
		k := c.open("alice")
		k.say(`{"id":1,"connect":{"name":"server"}}`)
		k.hear()
		write("news", olderPublications["data"])
		k.wantClose(realtime.CloseInsufficientState)
	})
}

// TestH304_infos_not_json: an application's info that others can't read is its own
// fault: an error that may be tried again, and a line in the log.
func TestH304_infos_not_json(t *testing.T) {
	for name, reply := range map[string]realtime.ConnectReply{
		"info": {Info: []byte("{")}, "info not UTF-8": {Info: []byte("\"\xff\"")}, "data": {Data: []byte("hello")},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClub(t, func(config *realtime.Config) {
				config.Connect = func(context.Context, *realtime.Conn, realtime.ConnectEvent) (realtime.ConnectReply, error) {
					return reply, nil
				}
			})
			k := c.open("alice")
			k.say(`{"id":1,"connect":{}}`)
			k.want(`{"id":1,"error":{"code":100,"message":"internal server error","temporary":true}}`)
			k.wantClose(realtime.CloseInternal)
		})
	}
	t.Run("of a subscription token", func(t *testing.T) {
		c := newClub(t, nil)
		err := c.hub.Channel("seat", realtime.ChannelOptions{JoinLeave: true}, realtime.RequireToken(func(context.Context, string) (realtime.SubscriptionClaims, error) {
			return realtime.SubscriptionClaims{Channel: "seat", UserID: "alice", Info: []byte("seven")}, nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		k := c.join("alice")
		k.say(`{"id":2,"subscribe":{"channel":"seat","token":"t","join_leave":true}}`)
		k.want(`{"id":2,"error":{"code":100,"message":"internal server error","temporary":true}}`)
	})
}

func TestH304_an_answer_not_json(t *testing.T) {
	var log syncBuffer
	c := newClub(t, func(config *realtime.Config) { config.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	err := realtime.RPC(c.hub, "raw", func(_ context.Context, _ *realtime.Conn, in string) (json.RawMessage, error) {
		return json.RawMessage(in), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	k, p := c.join("alice"), c.joinProtobuf("bob")
	k.say(`{"id":2,"rpc":{"method":"raw","data":"hello"}}`)
	k.want(`{"id":2,"error":{"code":100,"message":"internal server error","temporary":true}}`)
	if got := log.String(); !strings.Contains(got, "the answer of raw: not JSON") || strings.Contains(got, "hello") {
		t.Errorf("logged %s, want the method and nothing of the answer", got)
	}
	k.say(`{"id":3,"rpc":{"method":"raw","data":"[1]"}}`)
	k.want(`{"id":3,"rpc":{"data":[1]}}`)
	if reply := p.ask(&protocol.Command{Rpc: &protocol.RPCRequest{Method: "raw", Data: []byte(`"hello"`)}}); reply.Rpc == nil || string(reply.Rpc.Data) != "hello" {
		t.Errorf("in protobuf: got %v, want the bytes", reply)
	}
}

func TestH304_presence_of_an_older_writer(t *testing.T) {
	engine := memory.New()
	c := newClub(t, func(config *realtime.Config) { config.Engine = engine })
	if err := engine.Presence.Enter(t.Context(), "room:1", "x", realtime.ClientInfo{User: "u", Client: "x", Conn: []byte("{")}); err != nil {
		t.Fatal(err)
	}
	k := c.join("alice")
	k.say(`{"id":2,"subscribe":{"channel":"room:1"}}`)
	k.hear()
	k.say(`{"id":3,"presence":{"channel":"room:1"}}`)
	k.want(`{"id":3,"error":{"code":100,"message":"internal server error","temporary":true}}`)
	k.say(`{"id":4,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
	k.want(`{"id":4,"rpc":{"data":2}}`)
}

func TestBinaryChannel(t *testing.T) {
	c := newClub(t, nil)
	options := realtime.ChannelOptions{Binary: true, History: 10, HistoryTTL: 1 << 40, Recover: true}
	if err := c.hub.Channel("bytes:{id}", options, realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowPublish(realtime.AllowAll), realtime.AllowRead(realtime.AllowAll)); err != nil {
		t.Fatal(err)
	}
	k, p := c.join("alice"), c.joinProtobuf("bob")
	for id, request := range []string{`"subscribe":{"channel":"bytes:1"}`, `"publish":{"channel":"bytes:1","data":1}`, `"history":{"channel":"bytes:1","limit":1}`} {
		k.say(fmt.Sprintf(`{"id":%d,%s}`, id+2, request))
		k.want(fmt.Sprintf(`{"id":%d,"error":{"code":108,"message":"not available"}}`, id+2))
	}
	if reply := p.ask(&protocol.Command{Subscribe: &protocol.SubscribeRequest{Channel: "bytes:1"}}); reply.Error != nil {
		t.Fatal(reply.Error)
	}
	for _, data := range [][]byte{{0xff, 0x00, '\n'}, []byte("hello")} {
		if _, err := c.hub.Publish(t.Context(), "bytes:1", data); err != nil {
			t.Errorf("publish %q: %v", data, err)
		}
		if got := p.next(); got.Push == nil || !bytes.Equal(got.Push.Pub.Data, data) {
			t.Errorf("got %v, want %q", got, data)
		}
	}
	if _, err := c.hub.Publish(t.Context(), "bytes:1", nil, realtime.WithTags(map[string]string{"a": "\xff"})); !errors.Is(err, realtime.ErrNotJSON) {
		t.Errorf("a tag: got %v, want ErrNotJSON", err)
	}
}

// BenchmarkEncodeMessage measures a message, encoded for each way to speak.
func BenchmarkEncodeMessage(b *testing.B) {
	hub, err := realtime.New(realtime.Config{Principal: func(context.Context) (realtime.Principal, bool) { return realtime.Principal{}, false }, Engine: memory.New()})
	if err != nil {
		b.Fatal(err)
	}
	data := []byte(`{"text":"` + strings.Repeat("hello ", 100) + `"}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := hub.Send(b.Context(), realtime.ByUser("nobody"), data); err != nil {
			b.Fatal(err)
		}
	}
}

// syncBuffer is a log that a test reads while it is written.
type syncBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
