package realtime_test

import (
	"fmt"
	"testing"

	"github.com/coder/websocket"
)

// halfOpen connections are gone without an end that the server could see; as many
// come again, which is more than the default of ConnectionsPerUser has left.
const halfOpen = 6

// TestH315_the_new_ones_live: six connections of a user lead into a network that is
// gone; the six that come instead get in and stay.
func TestH315_the_new_ones_live(t *testing.T) {
	for name, protobuf := range map[string]bool{"JSON": false, "protobuf": true} {
		t.Run(name, func(t *testing.T) {
			c := newClub(t, nil)
			address := c.server.Listener.Addr().String()
			proxy := newProxy(t, address)
			for range halfOpen {
				gone := newReturning(t, proxy.url(), protobuf, manyOptions())
				gone.connect()
				gone.until("connected", func() bool { return gone.connected == 1 })
			}
			proxy.swallowAll()
			var fresh []*returning
			for range halfOpen {
				r := newReturning(t, "ws://"+address, protobuf, manyOptions())
				r.connect()
				r.until("connected", func() bool { return r.connected == 1 })
				fresh = append(fresh, r)
			}
			for i, r := range fresh {
				if answer, err := r.client.RPC(t.Context(), "add", []byte(`{"A":20,"B":22}`)); err != nil || string(answer.Data) != "42" {
					t.Errorf("connection %d: got %s, %v, want an answer", i, answer.Data, err)
				}
				r.mu.Lock()
				if r.connected != 1 {
					t.Errorf("connection %d: connected %d times after %v, want once", i, r.connected, r.ends)
				}
				r.mu.Unlock()
			}
		})
	}
}

// TestH315_the_new_ones_live_plain is the same for the plain handler.
func TestH315_the_new_ones_live_plain(t *testing.T) {
	w := newTestPlain(t, nil)
	proxy := newProxy(t, w.server.Listener.Addr().String())
	options := &websocket.DialOptions{HTTPHeader: map[string][]string{"Test-User": {"alice"}}, Subprotocols: []string{"yodel"}}
	for range halfOpen {
		conn, _, err := websocket.Dial(t.Context(), proxy.url(), options)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.CloseNow() })
		w.send(conn, `{"type":"echo"}`)
		w.wantMessage(conn, `{"type":"echo"}`)
	}
	proxy.swallowAll()
	var fresh []*websocket.Conn
	for range halfOpen {
		fresh = append(fresh, w.open("Test-User", "alice"))
	}
	for i, conn := range fresh {
		message := fmt.Sprintf(`{"type":"echo","n":%d}`, i)
		w.send(conn, message)
		w.wantMessage(conn, message)
	}
}
