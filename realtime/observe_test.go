package realtime_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/observe"
)

// notebook is an observer that writes everything down.
type notebook struct {
	mu    sync.Mutex
	lines []string
}

func (n *notebook) note(format string, values ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, fmt.Sprintf(format, values...))
}

func (n *notebook) all() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.lines)
}

type spanKey struct{}

func (n *notebook) observer() observe.Observer {
	return observe.Observer{
		Opened: func(carrier string) { n.note("opened %q", carrier) },
		Closed: func(end observe.ConnectionEnd) { n.note("closed %d %s", end.Code, end.Lasted) },
		Command: func(ctx context.Context, command observe.Command) (context.Context, func(uint32)) {
			return context.WithValue(ctx, spanKey{}, command.Kind), func(code uint32) { n.note("%s %q %d", command.Kind, command.Call, code) }
		},
		Published: func(p observe.PublicationSent) { n.note("published %s %d to %d", p.Pattern, p.Bytes, p.Receivers) },
		Refused:   func(limit observe.Limit) { n.note("refused %s", limit) },
	}
}

func TestObservers(t *testing.T) {
	first, second := &notebook{}, &notebook{}
	hubBubble(t, func(config *realtime.Config) {
		config.Limits.Channels = 2
		config.Observers = []observe.Observer{first.observer(), {}, second.observer()}
	}, func(t *testing.T, c *testHub) {
		realtime.RPC(c.hub, "span", func(ctx context.Context, _ *realtime.Conn, _ any) (any, error) { return ctx.Value(spanKey{}), nil })
		k := c.join("alice")
		k.say(`{"id":2,"subscribe":{"channel":"plain:1"}}`, `{"id":3,"subscribe":{"channel":"plain:2"}}`, `{"id":4,"subscribe":{"channel":"plain:3"}}`)
		k.hear()
		k.hear()
		k.want(`{"id":4,"error":{"code":106,"message":"limit exceeded"}}`)
		c.publish("plain:1", `123`)
		k.hear()
		k.say(`{"id":5,"rpc":{"method":"span"}}`, `{"id":6,"rpc":{"method":"anything a client makes up"}}`)
		k.want(`{"id":5,"rpc":{"data":"rpc"}}`, `{"id":6,"error":{"code":104,"message":"method not found"}}`)
		k.say(`{"id":7,"rpc":{"method":"fail","data":"panic"}}`)
		k.wantClose(realtime.CloseInternal)
		<-c.ended
		want := []string{ // what is published is handed out beside the commands
			`opened ""`, `connect "" 0`, `subscribe "" 0`, `subscribe "" 0`, `refused channels`, `subscribe "" 106`,
			`published plain:{id} 3 to 1`, `rpc "span" 0`, `rpc "" 104`, `rpc "fail" 3004`, `closed 3004 0s`,
		}
		for name, n := range map[string]*notebook{"first": first, "second": second} {
			if got := n.all(); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
				t.Errorf("%s:\n got %q\nwant %q", name, got, want)
			}
		}
	})
}

// provoke reaches a limit.
type provoke func(c *testHub)

func refusedUpgrade(status int) provoke {
	return func(c *testHub) {
		c.t.Helper()
		if _, response, err := c.dial(nil, "Test-User", "bob"); err == nil || response.StatusCode != status || response.Header.Get("Retry-After") == "" {
			c.t.Errorf("upgrade: got %v, want %d with Retry-After", response, status)
		}
	}
}

func refusedPending(status int) provoke {
	return func(c *testHub) {
		c.t.Helper()
		if _, response, err := c.dial(nil, "Test-Pending", "192.0.2.2"); err == nil || response.StatusCode != status {
			c.t.Errorf("upgrade: got %v, want %d", response, status)
		}
	}
}

func say(frame string, want realtime.Close) provoke {
	return func(c *testHub) {
		c.t.Helper()
		k := c.join("bob")
		k.say(frame)
		k.wantClose(want)
	}
}

func ended(want realtime.Close) provoke {
	return func(c *testHub) {
		c.t.Helper()
		if reason := <-c.ended; reason != want {
			c.t.Errorf("ended: got %+v, want %+v", reason, want)
		}
	}
}

// TestH133_idle_and_absolute_session_limits: neither a refresh nor a command
// lengthens the one, and no ping the other.
func TestH133_idle_and_absolute_session_limits(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*realtime.Config)
		every  time.Duration // a command
		after  time.Duration
	}{
		{"absolute", func(c *realtime.Config) { c.Limits.Age = time.Hour }, time.Minute, time.Hour},
		{"idle", func(c *realtime.Config) { c.Limits.Idle = 10 * time.Minute }, 0, 10 * time.Minute},
		{"never idle", func(c *realtime.Config) { c.Limits.Idle, c.Limits.Age = 10*time.Minute, 3*time.Hour }, 9 * time.Minute, 3 * time.Hour},
	} {
		t.Run(test.name, func(t *testing.T) {
			hubBubble(t, test.change, func(t *testing.T, c *testHub) {
				k, began := c.join("alice"), time.Now()
				answered := make(chan struct{})
				go func() { // answers pings until the end
					defer close(answered)
					for {
						_, data, err := k.conn.Read(context.WithoutCancel(t.Context()))
						if err != nil {
							return
						}
						if string(data) == "{}" && k.conn.Write(context.WithoutCancel(t.Context()), 1, []byte("{}")) != nil {
							return
						}
					}
				}()
				if test.every > 0 {
					for time.Since(began) < test.after-test.every {
						time.Sleep(test.every)
						k.say(`{"id":5,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
					}
				}
				reason := <-c.ended
				if took := time.Since(began); reason != realtime.CloseExpired || took != test.after {
					t.Errorf("ended with %d after %s, want 3005 after %s", reason.Code, took, test.after)
				}
				<-answered
			})
		})
	}
}

func TestChannelStates(t *testing.T) {
	hubBubble(t, func(config *realtime.Config) { config.PingInterval = time.Hour }, func(t *testing.T, c *testHub) {
		time.Sleep(time.Until(time.Now().Truncate(10 * time.Second).Add(10 * time.Second)))
		k := c.join("alice")
		k.say(`{"id":2,"subscribe":{"channel":"plain:1"}}`, `{"id":3,"subscribe":{"channel":"news"}}`)
		k.hear()
		k.hear()
		for range 50 {
			c.publish("news", `1`)
		}
		c.publish("plain:1", `1`)
		for range 51 {
			k.hear()
		}
		rates := func(after time.Duration) (news, plain float64) {
			time.Sleep(after)
			states := c.hub.ChannelStates()
			if len(states) != 2 || states[0].Name != "news" || states[0].Pattern != "news" || states[1].Pattern != "plain:{id}" || states[0].Subscribers != 1 || states[0].Publications != 50 {
				t.Fatalf("states: got %+v", states)
			}
			return states[0].PerSecond, states[1].PerSecond
		}
		if news, plain := rates(0); news != 5 || plain != 0.1 {
			t.Errorf("at once: got %v and %v a second, want 5 and 0.1", news, plain)
		}
		if news, _ := rates(15 * time.Second); news != 2.5 {
			t.Errorf("in the middle of the next window: got %v, want 2.5", news)
		}
		if news, _ := rates(10 * time.Second); news != 0 {
			t.Errorf("later: got %v, want 0", news)
		}
	})
}

func peerAddress(*http.Request) string { return "192.0.2.1" }

func TestAddresses_Freed(t *testing.T) {
	c := newTestHub(t, func(config *realtime.Config) { config.Address, config.Limits.ConnectionsPerAddress = peerAddress, 1 })
	for range 5 {
		k := c.join("alice")
		_ = k.conn.CloseNow()
		<-c.ended
	}
	if _, _, err := c.dial([]string{"bad"}, "Test-User", "alice", "Origin", "https://elsewhere.example"); err == nil {
		t.Fatal("a foreign origin was let in")
	}
	c.join("alice") // an upgrade that failed has left nothing behind
}

// TestObserver_Panics: publications go on.
func TestObserver_Panics(t *testing.T) {
	c := newTestHub(t, func(config *realtime.Config) {
		config.Observers = []observe.Observer{{Published: func(observe.PublicationSent) { panic("boom") }}}
	})
	k := c.join("alice")
	k.say(`{"id":2,"subscribe":{"channel":"plain:1"}}`)
	k.want(`{"id":2,"subscribe":{}}`)
	for range 2 {
		c.publish("plain:1", `1`)
		k.want(`{"push":{"channel":"plain:1","pub":{"data":1}}}`)
	}
}
