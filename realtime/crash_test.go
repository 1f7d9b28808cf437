package realtime_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/yodelrt/yodel/realtime"
)

// rawHub opens a socket of a hub and sends the bytes in one segment.
func (c *testHub) rawHub(behind string) *raw {
	c.t.Helper()
	conn, err := net.Dial("tcp", c.server.Listener.Addr().String())
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, rawRequest+"\r\n"); err != nil {
		c.t.Fatal(err)
	}
	r := &raw{t: c.t, conn: conn, in: bufio.NewReader(conn)}
	if response, err := http.ReadResponse(r.in, nil); err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		c.t.Fatalf("handshake: got %v, %v, want 101", response, err)
	}
	r.send(behind)
	return r
}

// TestH301_a_batch_behind_the_close: a frame of several commands that is taken up
// when the connection is closing already. The worker had no timer for it and ended
// the process.
func TestH301_a_batch_behind_the_close(t *testing.T) {
	batch := `{"id":2,"rpc":{"method":"add","data":{}}}` + "\n" + `{"id":3,"rpc":{"method":"add","data":{}}}`
	for name, last := range map[string]string{
		"binary on a JSON connection": frame(fin|0x2, "x"),
		"invalid UTF-8":               frame(fin|text, "\xff\xfe"),
	} {
		for _, first := range []string{`{"id":1,"connect":{}}`, `{"id":1,"rpc":{"method":"slow"}}`} {
			t.Run(name+" behind "+first, func(t *testing.T) {
				c := newTestHub(t, nil)
				for range 20 {
					c.rawHub(frame(fin|text, first)+frame(fin|text, batch)+last).wantClose(1007, 3501)
				}
			})
		}
	}
}

// TestH302_an_end_while_a_batch_waits: a sign-out while a slow call holds the
// worker and a batch waits behind it.
func TestH302_an_end_while_a_batch_waits(t *testing.T) {
	c := newTestHub(t, nil)
	begun, release := make(chan struct{}), make(chan struct{})
	realtime.RPC(c.hub, "wait", func(_ context.Context, _ *realtime.Conn, _ struct{}) (int, error) {
		close(begun)
		<-release
		return 0, nil
	})
	r := c.rawHub(frame(fin|text, `{"id":1,"connect":{}}`) + frame(fin|text, `{"id":2,"rpc":{"method":"wait","data":{}}}`) +
		frame(fin|text, `{"id":3,"rpc":{"method":"add","data":{}}}`+"\n"+`{"id":4,"rpc":{"method":"add","data":{}}}`))
	<-begun
	c.hub.Disconnect(t.Context(), realtime.ByUser("mallory"), realtime.CloseRevoked)
	close(release)
	r.wantClose(realtime.CloseRevoked.Code)
	if got := <-c.ended; got != realtime.CloseRevoked {
		t.Errorf("end: got %v, want %v", got, realtime.CloseRevoked)
	}
}
