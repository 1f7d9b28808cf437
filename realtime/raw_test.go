package realtime_test

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// raw is a client that sends whatever bytes it likes.
type raw struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

const rawRequest = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
	"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nTest-User: mallory\r\n"

// rawOpen connects, sends the request with extra header lines and bytes behind
// it, and reads the answer.
func (w *testPlain) rawOpen(extra, behind string) (*raw, *http.Response) {
	w.t.Helper()
	conn, err := net.Dial("tcp", w.server.Listener.Addr().String())
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, rawRequest+extra+"\r\n"+behind); err != nil {
		w.t.Fatal(err)
	}
	r := &raw{w.t, conn, bufio.NewReader(conn)}
	response, err := http.ReadResponse(r.in, nil)
	if err != nil {
		return r, nil
	}
	return r, response
}

func (w *testPlain) rawSocket() *raw {
	w.t.Helper()
	r, response := w.rawOpen("", "")
	if response == nil || response.StatusCode != http.StatusSwitchingProtocols {
		w.t.Fatalf("handshake: got %v, want 101", response)
	}
	w.settled(w.seen + 1) // the Disconnect hook is for those who were let in
	return r
}

func (r *raw) send(frames ...string) {
	r.t.Helper()
	if _, err := io.WriteString(r.conn, strings.Join(frames, "")); err != nil {
		r.t.Logf("send: %v", err) // the server may have hung up already
	}
}

// frame builds a masked client frame (RFC 6455, section 5.2) with a zero key.
// first is the byte of FIN, reserved bits and opcode.
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

const (
	fin    = 0x80
	text   = 0x1
	closes = 0x8
	ping   = 0x9
	pong   = 0xa
)

// next reads one server frame.
func (r *raw) next() (opcode byte, payload string, err error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(r.in, head); err != nil {
		return 0, "", err
	}
	n := uint64(head[1])
	switch n {
	case 126:
		var size uint16
		err = binary.Read(r.in, binary.BigEndian, &size)
		n = uint64(size)
	case 127:
		err = binary.Read(r.in, binary.BigEndian, &n)
	}
	if err != nil {
		return 0, "", err
	}
	body := make([]byte, n)
	_, err = io.ReadFull(r.in, body)
	return head[0] & 0xf, string(body), err
}

// wantClose reads until a close frame and holds its code against want, then
// expects the end of the connection.
func (r *raw) wantClose(want ...int) {
	r.t.Helper()
	for {
		opcode, payload, err := r.next()
		if err != nil {
			r.t.Fatalf("read: %v, want close %v", err, want)
		}
		if opcode != closes {
			continue
		}
		got := 1005
		if len(payload) >= 2 {
			got = int(binary.BigEndian.Uint16([]byte(payload)))
		}
		for _, code := range want {
			if got == code {
				r.send(frame(fin|closes, payload))
				if _, err := io.Copy(io.Discard, r.in); err != nil {
					r.t.Logf("end: %v", err) // a reset is an end as well
				}
				return
			}
		}
		r.t.Fatalf("close: got %d, want %v", got, want)
	}
}
