package transport_test

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// client sends whatever bytes it likes.
type client struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

const (
	fin    = 0x80
	text   = 0x1
	bin    = 0x2
	closes = 0x8
	ping   = 0x9
	pong   = 0xa
)

// frame builds a masked client frame (RFC 6455, section 5.2) with a zero key. first
// is the byte of FIN, reserved bits and opcode.
func frame(first byte, payload string) string {
	head := []byte{first}
	switch n := len(payload); {
	case n < 126:
		head = append(head, 0x80|byte(n))
	case n < 1<<16:
		head = binary.BigEndian.AppendUint16(append(head, 0x80|126), uint16(n))
	default:
		head = binary.BigEndian.AppendUint64(append(head, 0x80|127), uint64(n))
	}
	return string(head) + "\x00\x00\x00\x00" + payload
}

func closeFrame(code int, reason string) string {
	return frame(fin|closes, string(binary.BigEndian.AppendUint16(nil, uint16(code)))+reason)
}

func (c *client) send(frames ...string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, strings.Join(frames, "")); err != nil {
		c.t.Logf("send: %v", err) // the server may have hung up already
	}
}

// next reads one server frame.
func (c *client) next() (opcode byte, payload string, err error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(c.in, head); err != nil {
		return 0, "", err
	}
	n := uint64(head[1])
	switch n {
	case 126:
		var size uint16
		err = binary.Read(c.in, binary.BigEndian, &size)
		n = uint64(size)
	case 127:
		err = binary.Read(c.in, binary.BigEndian, &n)
	}
	if err != nil {
		return 0, "", err
	}
	body := make([]byte, n)
	_, err = io.ReadFull(c.in, body)
	return head[0] & 0xf, string(body), err
}

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
		if len(payload) < 2 {
			return 1005, ""
		}
		return int(binary.BigEndian.Uint16([]byte(payload))), payload[2:]
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

// pipeListener is a network in memory, so that a test's fake clock stands still while
// anybody works.
type pipeListener struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (p *pipeListener) dial() (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.conns <- far:
		return near, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipeListener) Close() error { p.once.Do(func() { close(p.done) }); return nil }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "127.0.0.1:1" }

func (p *pipeListener) Addr() net.Addr { return pipeAddr{} }

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
