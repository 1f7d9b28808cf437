package realtime_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/plain"
)

func limit(limits plain.Limits) func(*twinConfig) {
	return func(c *twinConfig) {
		c.limits = limits
		c.address = func(r *http.Request) string { return r.Header.Get("Test-Address") }
	}
}

func refusedWith(status int, headers ...string) func(*testing.T, *twin) {
	return func(t *testing.T, w *twin) {
		t.Helper()
		if _, response, err := w.dial(headers...); err == nil || response.StatusCode != status || response.Header.Get("Retry-After") == "" {
			t.Errorf("upgrade: got %v, want %d with Retry-After", response, status)
		}
	}
}

// TestTwins_Limits: one over each limit is refused with the same answer, and counted
// once under the same name.
func TestTwins_Limits(t *testing.T) {
	hangs := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	for _, test := range []struct {
		limit  string // "" counts nothing
		change func(*twinConfig)
		over   func(*testing.T, *twin)
	}{
		{"connections", limit(plain.Limits{Connections: 1}), refusedWith(503, "Test-User", "bob")},
		{"connections", limit(plain.Limits{Connections: 1}), func(_ *testing.T, w *twin) { w.login("bob").wantClose(realtime.CloseBusy) }},
		{"connections_per_address", limit(plain.Limits{ConnectionsPerAddress: 1}), func(t *testing.T, w *twin) {
			if _, _, err := w.dial("Test-User", "bob", "Test-Address", "2001:db8::1"); err != nil {
				t.Fatal(err)
			}
			refusedWith(429, "Test-User", "carol", "Test-Address", "2001:db8::2")(t, w)
		}},
		{"pending", limit(plain.Limits{Pending: 1}), func(t *testing.T, w *twin) { w.open(""); refusedWith(503, "Test-Pending", "192.0.2.2")(t, w) }},
		{"pending_per_address", limit(plain.Limits{PendingPerAddress: 1}), func(t *testing.T, w *twin) { w.open(""); refusedWith(429, "Test-Pending", "192.0.2.1")(t, w) }},
		{"auth_deadline", nil, func(_ *testing.T, w *twin) { w.open("").wantClose(realtime.CloseStale) }},
		{"", func(c *twinConfig) {
			c.recheck = func(ctx context.Context, p realtime.Principal) error {
				if p.UserID == "bob" {
					return hangs(ctx)
				}
				return nil
			}
		}, func(_ *testing.T, w *twin) { w.enter("bob").wantClose(realtime.CloseInternal) }},
		{"", func(c *twinConfig) {
			c.connect = func(ctx context.Context, p realtime.Principal) error {
				if p.UserID == "bob" {
					return hangs(ctx)
				}
				return nil
			}
		}, func(_ *testing.T, w *twin) { w.enter("bob").wantClose(realtime.CloseInternal) }},
		{"", func(c *twinConfig) {
			c.verify = func(ctx context.Context, _ string) (context.Context, error) { return nil, hangs(ctx) }
		}, func(_ *testing.T, w *twin) { w.login("bob").wantClose(realtime.CloseInternal) }},
		{"age", limit(plain.Limits{Age: 10 * time.Second}), func(_ *testing.T, w *twin) { time.Sleep(9 * time.Second); w.alice.wantClose(realtime.CloseExpired) }},
		{"message_bytes", limit(plain.Limits{MessageBytes: 1000}), func(_ *testing.T, w *twin) {
			go func() {
				_ = w.alice.conn.Write(w.t.Context(), websocket.MessageText, []byte(`{"type":"`+long(1000)+`"}`))
			}()
			w.alice.wantClose(realtime.Close{Code: 1009}) // by the socket library
		}},
		{"first_message_bytes", limit(plain.Limits{FirstMessageBytes: 500}), func(_ *testing.T, w *twin) { w.login(long(500)).wantClose(realtime.CloseTooBig) }},
		{"queue_bytes", limit(plain.Limits{QueueBytes: 1000, MessageBytes: 500}), func(_ *testing.T, w *twin) {
			for range 10 { // the first is under way, since alice does not read
				w.tell("alice", 200)
				synctest.Wait()
			}
			time.Sleep(time.Minute)
			if n := w.active(); n != 0 {
				w.t.Errorf("connections: got %d, want the slow one ended", n)
			}
		}},
	} {
		t.Run(test.limit, func(t *testing.T) {
			inTwins(t, test.change, func(t *testing.T, w *twin) {
				w.alice = w.join("alice")
				test.over(t, w)
				w.wantRefused(test.limit)
			})
		})
	}
}

// TestTwins_Idle: messages keep a connection, refreshes and handlers at work do not
// end it.
func TestTwins_Idle(t *testing.T) {
	inTwins(t, limit(plain.Limits{Idle: 10 * time.Second}), func(t *testing.T, w *twin) {
		k := w.join("alice")
		time.Sleep(9 * time.Second)
		k.stays()
		time.Sleep(9 * time.Second)
		k.refresh("alice")
		k.want(w.words.refreshed)
		time.Sleep(time.Second)
		synctest.Wait()
		if n := w.active(); n != 0 {
			t.Errorf("connections: got %d, want none: a refresh comes by itself", n)
		}
		k.wantClose(realtime.CloseExpired)
		w.wantRefused("idle")
	})
}

// TestTwins_PerUser: the oldest of the same session gives way.
func TestTwins_PerUser(t *testing.T) {
	inTwins(t, limit(plain.Limits{ConnectionsPerUser: 2}), func(t *testing.T, w *twin) {
		first, second := w.join("alice"), w.login("alice other")
		second.want(w.words.joined)
		third := w.login("alice other")
		third.want(w.words.joined)
		second.wantClose(realtime.CloseConnectionLimit)
		first.stays()
		third.stays()
		w.wantRefused("connections_per_user")
	})
}

// TestTwins_Rate: what is over the rate is answered and not carried out; who goes on
// is ended.
func TestTwins_Rate(t *testing.T) {
	var done atomic.Int32
	inTwins(t, func(c *twinConfig) {
		done.Store(0)
		c.limits = plain.Limits{MessagesPerSecond: 0.001, MessageBurst: 129} // what 128 channels of a hub need
		c.do = func(context.Context) error { done.Add(1); return nil }
	}, func(t *testing.T, w *twin) {
		k := w.join("alice")
		before := 129 - strings.Count(w.words.join, "connect") // a connect counts
		for range before {
			k.stays()
		}
		k.do("")
		k.want(w.words.tooMany)
		go func() {
			for k.conn.Write(t.Context(), websocket.MessageText, []byte(strings.Replace(w.words.do, "%s", "", 1))) == nil {
			}
		}()
		k.wantClose(realtime.CloseFlood)
		if got := int(done.Load()); got != before {
			t.Errorf("carried out: got %d, want %d", got, before)
		}
	})
}

// TestTwins_FullInbox: a peer that is faster than its handler is not read for a while,
// and nothing that it has sent is lost.
func TestTwins_FullInbox(t *testing.T) {
	hold := make(chan struct{})
	inTwins(t, func(c *twinConfig) {
		hold = make(chan struct{})
		c.do = func(context.Context) error { <-hold; return nil }
	}, func(t *testing.T, w *twin) {
		k := w.join("alice")
		const messages = 20
		var sent atomic.Int32
		go func() {
			for range messages {
				k.do(`,"data":"` + long(50_000) + `"`)
				sent.Add(1)
			}
		}()
		synctest.Wait()
		if n := sent.Load(); n == 0 || n > 10 {
			t.Errorf("taken of the peer: got %d messages of 50 kB, want as many as fit into 256 KiB", n)
		}
		close(hold)
		for range messages {
			k.want(w.words.done)
		}
	})
}
