package transport_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime/internal/rawclient"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// client sends whatever bytes it likes.
type client struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

const (
	fin    = rawclient.Fin
	text   = rawclient.Text
	bin    = rawclient.Binary
	closes = rawclient.Close
	ping   = rawclient.Ping
	pong   = rawclient.Pong
)

var frame = rawclient.Frame

func closeFrame(code int, reason string) string {
	return frame(fin|closes, rawclient.ClosePayload(code, reason))
}

func (c *client) send(frames ...string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, strings.Join(frames, "")); err != nil {
		c.t.Logf("send: %v", err) // the server may have hung up already
	}
}

// next reads one server frame.
func (c *client) next() (opcode byte, payload string, err error) { return rawclient.Read(c.in) }

func (c *client) want(opcode byte, want string) {
	c.t.Helper()
	gotOpcode, got, err := c.next()
	if err != nil || gotOpcode != opcode || got != want {
		c.t.Fatalf("frame: got %d %.200q, %v, want %d %.200q", gotOpcode, got, err, opcode, want)
	}
}

// untilClose reads until a close frame and returns it.
func (c *client) untilClose() (code int, reason string) {
	c.t.Helper()
	for {
		opcode, payload, err := c.next()
		if err != nil {
			c.t.Fatalf("read: %v, want a close frame", err)
		}
		if opcode != closes {
			continue
		}
		return rawclient.CloseOf(payload)
	}
}

// wantClose reads until a close frame and holds its code against want, then answers it
// and expects the end.
func (c *client) wantClose(want ...int) {
	c.t.Helper()
	got, _ := c.untilClose()
	if !slices.Contains(want, got) {
		c.t.Fatalf("close: got %d, want %v", got, want)
	}
	c.send(closeFrame(1000, ""))
	if n, err := io.Copy(io.Discard, c.in); err != nil || n != 0 {
		c.t.Logf("end: %d more bytes, %v", n, err) // a reset is an end as well
	}
}

func (c *client) wantCloseOf(want transport.Close) {
	c.t.Helper()
	if code, reason := c.untilClose(); code != want.Code || reason != want.Reason {
		c.t.Fatalf("close: got %d %q, want %d %q", code, reason, want.Code, want.Reason)
	}
	c.send(closeFrame(1000, ""))
}

// answer reads in a goroutine until the end, and answers a close frame.
func (c *client) answer() {
	go func() {
		for {
			opcode, _, err := c.next()
			if err != nil {
				return
			}
			if opcode == closes {
				_, _ = io.WriteString(c.conn, closeFrame(1000, ""))
			}
		}
	}()
}

func readerOf(s string) *bufio.Reader { return bufio.NewReader(strings.NewReader(s)) }

// discard is an http.ResponseWriter.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}
