package realtime_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

var unsendable = []realtime.Close{{Code: 1005, Reason: "no status"}, {Code: 3000, Reason: "x"}, {Code: 5000, Reason: "x"}, {Code: 4000}, {Code: 4000, Reason: `"json"`}, {Code: 4000, Reason: strings.Repeat("x", 124)}}

// TestTwins_HooksPair: Disconnect is called once for each connection that Connect has
// let in, and for no other.
func TestTwins_HooksPair(t *testing.T) {
	own := realtime.Close{Code: 4001, Reason: "no room today"}
	for name, test := range map[string]struct {
		connect func(context.Context, realtime.Principal) error
		want    realtime.Close
	}{
		"an error":         {func(context.Context, realtime.Principal) error { return errors.New("no") }, realtime.CloseInternal},
		"a panic":          {func(context.Context, realtime.Principal) error { panic("boom") }, realtime.CloseInternal},
		"a close":          {func(context.Context, realtime.Principal) error { return own }, own},
		"a close, wrapped": {func(context.Context, realtime.Principal) error { return errors.Join(errors.New("why"), own) }, own},
		"no such close":    {func(context.Context, realtime.Principal) error { return realtime.Close{Code: 1006, Reason: "x"} }, realtime.CloseInternal},
	} {
		t.Run(name, func(t *testing.T) {
			inTwins(t, func(c *twinConfig) {
				c.connect = func(ctx context.Context, p realtime.Principal) error {
					if p.UserID == "alice" {
						return nil
					}
					return test.connect(ctx, p)
				}
			}, func(t *testing.T, w *twin) {
				alice := w.join("alice")
				w.enter("bob").wantClose(test.want)
				w.login("carol").wantClose(test.want)
				if n := w.ended.Load(); n != 0 {
					t.Errorf("Disconnect: called %d times for those whom Connect has refused, want none", n)
				}
				alice.stays()
				w.handler.Disconnect(t.Context(), realtime.All(), realtime.CloseRevoked)
				alice.wantClose(realtime.CloseRevoked)
				w.wantHooks(1)
			})
		})
	}
}

// TestTwins_ClosesOfHandlers: a handler ends its connection by a close, and by 3004
// where no peer may be sent that; Disconnect refuses it.
func TestTwins_ClosesOfHandlers(t *testing.T) {
	own := realtime.Close{Code: 4501, Reason: "banned"}
	for want, closes := range map[realtime.Close][]realtime.Close{own: {own}, realtime.CloseInternal: unsendable} {
		for _, reason := range closes {
			inTwins(t, func(c *twinConfig) { c.do = func(context.Context) error { return reason } }, func(t *testing.T, w *twin) {
				k := w.join("alice")
				k.do("")
				k.wantClose(want)
				k = w.join("alice")
				n, err := w.handler.Disconnect(t.Context(), realtime.ByUser("alice"), reason)
				if want == reason {
					k.wantClose(want)
				} else if n != 0 || !errors.Is(err, realtime.ErrClose) {
					t.Errorf("disconnect with %+v: got %d, %v, want ErrClose and nothing done", reason, n, err)
				}
			})
		}
	}
}

// TestTwins_Panics: a panic in any hook ends its own connection, or its upgrade, and
// nobody else's; nothing stays counted for it.
func TestTwins_Panics(t *testing.T) {
	on := func(user string) {
		if user == "mallory" {
			panic("boom")
		}
	}
	for name, change := range map[string]func(*twinConfig){
		"Verify": func(c *twinConfig) {
			c.verify = func(context.Context, string) (context.Context, error) { panic("boom") }
		},
		"Recheck": func(c *twinConfig) {
			c.recheck = func(_ context.Context, p realtime.Principal) error { on(p.UserID); return nil }
		},
		"Connect": func(c *twinConfig) {
			c.connect = func(_ context.Context, p realtime.Principal) error { on(p.UserID); return nil }
		},
		"Epoch": func(c *twinConfig) { c.epoch = func(p realtime.Principal) int64 { on(p.UserID); return 0 } },
		"Principal": func(c *twinConfig) {
			read := c.principal
			c.principal = func(ctx context.Context) (realtime.Principal, bool) {
				who, known := read(ctx)
				on(who.UserID)
				return who, known
			}
		},
		"Address": func(c *twinConfig) {
			c.address = func(r *http.Request) string { on(r.Header.Get("Test-User")); return "" }
		},
	} {
		t.Run(name, func(t *testing.T) {
			inTwins(t, change, func(t *testing.T, w *twin) {
				alice := w.join("alice")
				for range 3 {
					for _, k := range []*twinClient{w.tryEnter("mallory"), w.login("mallory")} {
						if k != nil && name != "Address" {
							k.conn.CloseRead(t.Context())
						}
					}
				}
				alice.stays()
				time.Sleep(time.Minute) // whoever was not let in is late
				alice.stays()
				if n := w.active(); n != 1 {
					t.Errorf("connections: got %d, want alice alone", n)
				}
				if err := w.handler.AdmitPending("192.0.2.1"); err != nil {
					t.Errorf("one more: got %v, want room", err)
				}
			})
		})
	}
	t.Run("Disconnect and a handler", func(t *testing.T) {
		inTwins(t, func(c *twinConfig) {
			c.do = func(context.Context) error { panic("boom") }
			c.disconnect = func(realtime.Close) { panic("boom") }
		}, func(t *testing.T, w *twin) {
			for range 2 {
				k := w.join("alice")
				k.do("")
				k.wantClose(realtime.CloseInternal)
			}
			w.wantHooks(2)
		})
	})
}

// tryEnter is nil where the upgrade fails.
func (w *twin) tryEnter(user string) *twinClient {
	k, _, err := w.dial("Test-User", user)
	if err != nil {
		return nil
	}
	if w.words.join != "" {
		k.say(w.words.join)
	}
	return k
}

// TestTwins_Shutdown: everybody is told, and who comes then is turned away.
func TestTwins_Shutdown(t *testing.T) {
	inTwins(t, nil, func(t *testing.T, w *twin) {
		alice, waiting := w.join("alice"), w.open("")
		done := make(chan error)
		go func() { done <- w.handler.Shutdown(t.Context()) }()
		alice.wantClose(realtime.CloseShutdown)
		waiting.wantClose(realtime.CloseShutdown)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if _, response, err := w.dial("Test-User", "bob"); err == nil || response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
			t.Errorf("upgrade: got %v, want 503 with Retry-After", response)
		}
		if err := w.handler.AdmitPending("a"); !errors.Is(err, realtime.ErrClosed) {
			t.Errorf("AdmitPending: got %v, want ErrClosed", err)
		}
		w.wantHooks(1)
	})
}
