package realtimetest

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
)

// Reply is one reply or push, as JSON says it.
type Reply struct {
	ID    uint32 `json:"id"`
	Error *struct {
		Code    uint32 `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
	RPC *struct {
		Data json.RawMessage `json:"data"`
	} `json:"rpc"`
	Push *Push `json:"push"`
	// Raw is the whole of it.
	Raw string `json:"-"`
}

// Push is what nobody asked for.
type Push struct {
	Channel string `json:"channel"`
	Pub     *struct {
		Data   json.RawMessage `json:"data"`
		Offset uint64          `json:"offset"`
	} `json:"pub"`
	Message *struct {
		Data json.RawMessage `json:"data"`
	} `json:"message"`
	// Subscribe and Unsubscribe are the server's doing.
	Subscribe   *struct{} `json:"subscribe"`
	Unsubscribe *struct {
		Code   uint32 `json:"code"`
		Reason string `json:"reason"`
	} `json:"unsubscribe"`
	// Join and Leave tell who came and went.
	Join  *Presence `json:"join"`
	Leave *Presence `json:"leave"`
}

// Presence is who a join or a leave is about.
type Presence struct {
	Info struct {
		User   string `json:"user"`
		Client string `json:"client"`
	} `json:"info"`
}

// Client is one connection, in JSON or protobuf. It answers pings by itself. Its
// methods are for the goroutine of the test; they fail it when the server does
// not do what they wait for.
type Client struct {
	tb      testing.TB
	socket  *websocket.Conn
	conn    net.Conn
	replies chan Reply
	pushes  chan Push
	ended   chan error
	lastID  uint32
	who     realtime.Principal

	mu      sync.Mutex
	stalled chan struct{} // closed when reading may go on; nil while it does
}

const kept = 10_000 // pushes that may wait for the test

func newClient(tb testing.TB, socket *websocket.Conn, conn net.Conn, who realtime.Principal) *Client {
	c := &Client{tb: tb, who: who, socket: socket, conn: conn, replies: make(chan Reply, kept), pushes: make(chan Push, kept), ended: make(chan error, 1)}
	tb.Cleanup(c.Cut)
	go c.read(context.WithoutCancel(tb.Context()))
	return c
}

func (c *Client) read(ctx context.Context) {
	for {
		c.waitWhileStalled()
		frame, err := c.readFrame(ctx)
		if err != nil {
			c.ended <- err
			return
		}
		for line := range strings.Lines(frame) {
			if line = strings.TrimSpace(line); line == "{}" {
				_ = c.write(ctx, "{}") // a connection that has ended ends the next read
				continue
			}
			reply := Reply{Raw: line}
			if err := json.Unmarshal([]byte(line), &reply); err != nil {
				c.ended <- fmt.Errorf("the server said %q: %w", line, err)
				return
			}
			if reply.Push != nil {
				c.pushes <- *reply.Push
				continue
			}
			c.replies <- reply
		}
	}
}

func (c *Client) inProtobuf() bool { return c.socket.Subprotocol() == protobufSubprotocol }

func (c *Client) readFrame(ctx context.Context) (string, error) {
	_, data, err := c.socket.Read(ctx)
	if err == nil && c.inProtobuf() {
		return fromProtobuf(data)
	}
	return string(data), err
}

func (c *Client) write(ctx context.Context, frame string) error {
	if !c.inProtobuf() {
		return c.socket.Write(ctx, websocket.MessageText, []byte(frame))
	}
	data, err := toProtobuf(frame)
	if err != nil {
		return err
	}
	return c.socket.Write(ctx, websocket.MessageBinary, data)
}

func (c *Client) waitWhileStalled() {
	c.mu.Lock()
	stalled := c.stalled
	c.mu.Unlock()
	if stalled != nil {
		<-stalled
	}
}

// Command sends one command, given without its id and braces, such as
// `"rpc":{"method":"add"}`, and returns its reply.
func (c *Client) Command(request string) Reply {
	c.tb.Helper()
	c.lastID++
	c.Send(fmt.Sprintf(`{"id":%d,%s}`, c.lastID, request))
	select {
	case reply := <-c.replies:
		if reply.ID != c.lastID {
			c.tb.Fatalf("realtimetest: the reply to %d is %s", c.lastID, reply.Raw)
		}
		return reply
	case err := <-c.ended:
		c.ended <- err
		c.tb.Fatalf("realtimetest: %s: the connection ended: %v", request, err)
	}
	return Reply{}
}

// Send sends a frame of JSON as it is; one that speaks protobuf translates it.
func (c *Client) Send(frame string) {
	c.tb.Helper()
	if err := c.write(c.tb.Context(), frame); err != nil {
		c.tb.Fatalf("realtimetest: send: %v", err)
	}
}

// Subscribe subscribes to a channel and fails the test when that is refused.
func (c *Client) Subscribe(channel string) {
	c.tb.Helper()
	if reply := c.Command(fmt.Sprintf(`"subscribe":{"channel":%q}`, channel)); reply.Error != nil {
		c.tb.Fatalf("realtimetest: subscribe to %s: %s", channel, reply.Raw)
	}
}

// Call calls a method with anything that encodes as JSON, and returns the reply,
// an error included.
func (c *Client) Call(method string, in any) Reply {
	c.tb.Helper()
	data, err := json.Marshal(in)
	if err != nil {
		c.tb.Fatalf("realtimetest: encode: %v", err)
	}
	return c.Command(fmt.Sprintf(`"rpc":{"method":%q,"data":%s}`, method, data))
}

// Publish publishes to a channel and returns the reply, an error included.
func (c *Client) Publish(channel string, in any) Reply {
	c.tb.Helper()
	data, err := json.Marshal(in)
	if err != nil {
		c.tb.Fatalf("realtimetest: encode: %v", err)
	}
	return c.Command(fmt.Sprintf(`"publish":{"channel":%q,"data":%s}`, channel, data))
}

// Refresh gives the connection a new token of a principal, and returns the reply.
// The hub's Config.Verify must be [Verify].
func (c *Client) Refresh(who realtime.Principal) Reply {
	c.tb.Helper()
	reply := c.Command(fmt.Sprintf(`"refresh":{"token":%q}`, Token(who)))
	if reply.Error == nil {
		c.who = who
	}
	return reply
}

// WantDenied fails the test unless a reply is that very error of the protocol.
func (c *Client) WantDenied(reply Reply, want realtime.ErrorCode) {
	c.tb.Helper()
	if reply.Error == nil || realtime.ErrorCode(reply.Error.Code) != want {
		c.tb.Errorf("realtimetest: the reply is %s, want error %d %s", reply.Raw, uint32(want), want)
	}
}

// Next returns the next push.
func (c *Client) Next() Push {
	c.tb.Helper()
	select {
	case push := <-c.pushes:
		return push
	default:
	}
	select {
	case push := <-c.pushes:
		return push
	case err := <-c.ended:
		c.ended <- err
		c.tb.Fatalf("realtimetest: the connection ended instead of a push: %v", err)
	}
	return Push{}
}

// Heard returns how many pushes wait for [Client.Next].
func (c *Client) Heard() int { return len(c.pushes) }
