package realtimetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
)

// Reply is one reply or push, as the server sent it in JSON.
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
	Unsubscribe *struct {
		Code uint32 `json:"code"`
	} `json:"unsubscribe"`
}

// Client is one connection that speaks JSON. It answers pings by itself. Its
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

	mu      sync.Mutex
	stalled chan struct{} // closed when reading may go on; nil while it does
}

const kept = 10_000 // pushes that may wait for the test

func newClient(tb testing.TB, socket *websocket.Conn, conn net.Conn) *Client {
	c := &Client{tb: tb, socket: socket, conn: conn, replies: make(chan Reply, kept), pushes: make(chan Push, kept), ended: make(chan error, 1)}
	tb.Cleanup(c.Cut)
	go c.read(context.WithoutCancel(tb.Context()))
	return c
}

func (c *Client) read(ctx context.Context) {
	for {
		c.waitWhileStalled()
		_, data, err := c.socket.Read(ctx)
		if err != nil {
			c.ended <- err
			return
		}
		for line := range strings.Lines(string(data)) {
			if line = strings.TrimSpace(line); line == "{}" {
				_ = c.socket.Write(ctx, websocket.MessageText, []byte("{}")) // a connection that has ended ends the next read
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

// Send sends a frame as it is.
func (c *Client) Send(frame string) {
	c.tb.Helper()
	if err := c.socket.Write(c.tb.Context(), websocket.MessageText, []byte(frame)); err != nil {
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

// Stall stops reading: what the server writes stays on its side. The frame that
// is being read meanwhile is the last.
func (c *Client) Stall() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stalled == nil {
		c.stalled = make(chan struct{})
	}
}

// Resume reads again.
func (c *Client) Resume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stalled != nil {
		close(c.stalled)
		c.stalled = nil
	}
}

// Cut ends the connection without a word, as a network does that goes away. It
// may be called more than once.
func (c *Client) Cut() {
	_ = c.conn.Close() // a second close is no failure
	c.Resume()
}

// WantEnd waits until the server has ended the connection and fails the test when
// the close code is another. A peer that has stalled for long may see the end
// without a code, which is what a real one would see.
func (c *Client) WantEnd(want realtime.Close) {
	c.tb.Helper()
	c.Resume()
	err := <-c.ended
	c.ended <- err
	var closed websocket.CloseError
	if errors.As(err, &closed) && int(closed.Code) != want.Code {
		c.tb.Errorf("realtimetest: the connection ended with %d %q, want %d", closed.Code, closed.Reason, want.Code)
	}
}
