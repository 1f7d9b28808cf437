package realtime_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime/internal/rawclient"
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

var frame = rawclient.Frame

const (
	fin    = rawclient.Fin
	text   = rawclient.Text
	closes = rawclient.Close
	ping   = rawclient.Ping
	pong   = rawclient.Pong
)

// next reads one server frame.
func (r *raw) next() (opcode byte, payload string, err error) { return rawclient.Read(r.in) }

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
		got, _ := rawclient.CloseOf(payload)
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
