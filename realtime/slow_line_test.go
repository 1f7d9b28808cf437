package realtime_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
)

// numbered is a publication of about that many bytes which begins with its number.
func numbered(number, size int) string {
	return fmt.Sprintf(`"%d %s"`, number, strings.Repeat("x", size-10))
}

// repeats says whether the client was ended by the same code twice in a row.
func (r *returning) repeats() bool {
	for i := 1; i < len(r.ends); i++ {
		if r.ends[i] == r.ends[i-1] {
			return true
		}
	}
	return false
}

// wantCaughtUp waits until each channel is live and has had its last message, or was
// told that it can't have all. What was heard was heard once and in order.
func (r *returning) wantCaughtUp(channels []string, last int) {
	r.t.Helper()
	r.until("caught up", func() bool {
		if r.repeats() {
			r.final = append(r.final, fmt.Sprintf("the same end twice in a row: %v", r.ends))
		}
		for _, channel := range channels {
			got := r.heard[channel]
			if !r.live[channel] || (!r.lost[channel] && (len(got) == 0 || got[len(got)-1] != fmt.Sprint(last))) {
				return false
			}
		}
		return true
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, channel := range channels {
		for i, got := range r.heard[channel] {
			if want := fmt.Sprint(i + 1); got != want && !r.lost[channel] {
				r.t.Fatalf("%s: message %d: got %s, want %s", channel, i, got, want)
			}
		}
	}
}

// TestH311_recovery_over_a_slow_line: the official Go client has missed more than
// the hub lets wait for a peer, and reads it more slowly than the hub writes.
func TestH311_recovery_over_a_slow_line(t *testing.T) {
	for name, line := range map[string]struct{ channels, bytesPerSecond int }{
		"2 MB at 1 MB a second": {4, 1_000_000}, "4 MB at 1 MB a second": {8, 1_000_000}, "500 kB at 100 kB a second": {1, 100_000},
	} {
		for _, protobuf := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, protobuf=%t", name, protobuf), func(t *testing.T) {
				t.Parallel()
				c := newTestHubOn(t, listenSmall(t), nil)
				c.declareMany()
				proxy := newProxy(t, c.server.Listener.Addr().String())
				config := manyOptions()
				config.ReadTimeout, config.HandshakeTimeout = 30*time.Second, 10*time.Second // its own 5 s are less than the line needs
				r, names := newReturning(t, proxy.url(), protobuf, config), manyNames("kept:")[:line.channels]
				r.connect()
				for _, name := range names {
					r.follow(name, nil)
				}
				r.until("subscribed", func() bool { return count(r.live) == len(names) })
				for _, name := range names {
					c.publish(name, numbered(1, 20))
				}
				r.wantAll(names, 1)
				proxy.cut(true)
				proxy.slow(line.bytesPerSecond)
				const missed, size = 10, 50_000
				for n := range missed {
					for _, name := range names {
						c.publish(name, numbered(n+2, size))
					}
				}
				r.note(func() { r.ends = nil })
				proxy.come()
				r.wantCaughtUp(names, missed+1)
			})
		}
	}
}

// TestH311_an_answer_larger_than_the_queue: it shares its frame with other commands,
// over a slow line and a fast one.
func TestH311_an_answer_larger_than_the_queue(t *testing.T) {
	for name, bytesPerSecond := range map[string]int{"fast": 0, "1 MB a second": 1_000_000} {
		t.Run(name, func(t *testing.T) {
			c := newTestHubOn(t, listenSmall(t), nil)
			c.declareBig()
			proxy := newProxy(t, c.server.Listener.Addr().String())
			if bytesPerSecond > 0 {
				proxy.slow(bytesPerSecond)
			}
			k := c.through(proxy, "alice")
			k.say(`{"id":1,"connect":{}}`)
			k.hear()
			var frame []string
			for id := 2; id < 8; id += 2 {
				frame = append(frame, fmt.Sprintf(`{"id":%d,"rpc":{"method":"big"}}`, id), fmt.Sprintf(`{"id":%d,"rpc":{"method":"add","data":{"A":1,"B":2}}}`, id+1))
			}
			k.say(strings.Join(frame, "\n"))
			for id := 2; id < 8; id += 2 {
				if got, want := k.hear(), fmt.Sprintf(`{"id":%d,"rpc":`, id); len(got) < bigAnswer || !strings.HasPrefix(got, want) {
					t.Fatalf("answer: got %.60s of %d bytes, want %d", got, len(got), bigAnswer)
				}
				k.want(fmt.Sprintf(`{"id":%d,"rpc":{"data":3}}`, id+1))
			}
		})
	}
}

const bigAnswer = 1_100_000

func (c *testHub) declareBig() {
	realtime.RPC(c.hub, "big", answer(strings.Repeat("x", bigAnswer)))
}

// through opens a raw client behind a proxy.
func (c *testHub) through(proxy *tcpProxy, user string) *rawClient {
	c.t.Helper()
	conn, _, err := websocket.Dial(c.t.Context(), proxy.url(), &websocket.DialOptions{HTTPHeader: map[string][]string{"Test-User": {user}}})
	if err != nil {
		c.t.Fatal(err)
	}
	conn.SetReadLimit(-1)
	c.t.Cleanup(func() { _ = conn.CloseNow() })
	return &rawClient{testHub: c, conn: conn}
}

// answer is a call that always answers the same.
func answer[T any](value T) func(context.Context, *realtime.Conn, any) (T, error) {
	return func(context.Context, *realtime.Conn, any) (T, error) { return value, nil }
}
