package realtime_test

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/centrifugal/centrifuge-go"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/plain"
)

// passing is an error of somebody else's package that says by its method that
// another attempt may succeed.
type passing struct{ yes bool }

func (passing) Error() string     { return "the key server is away" }
func (p passing) Temporary() bool { return p.yes }

// stale is one that says that the time of a token is over.
type stale struct{}

func (stale) Error() string      { return "too old" }
func (stale) TokenExpired() bool { return true }

// faulty is a verification that fails with err so many times, and then verifies.
func faulty(times int, err error) (verify func(context.Context, string) (context.Context, error), asked *atomic.Int32) {
	asked = new(atomic.Int32)
	return func(ctx context.Context, token string) (context.Context, error) {
		if int(asked.Add(1)) <= times {
			return nil, err
		}
		return context.WithValue(ctx, principalKey{}, realtime.Principal{UserID: "alice"}), nil
	}, asked
}

// TestH313_verification_fails_for_a_while: clients that sign in by their first
// message come again and get in.
func TestH313_verification_fails_for_a_while(t *testing.T) {
	for name, err := range map[string]error{
		"temporary": passing{true}, "temporary, wrapped": fmt.Errorf("verify: %w", passing{true}), "expired": fmt.Errorf("verify: %w", stale{}),
	} {
		for _, protobuf := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, protobuf=%t", name, protobuf), func(t *testing.T) {
				const times = 3
				verify, asked := faulty(times, err)
				c := newClub(t, func(config *realtime.Config) {
					withFirstToken(config)
					config.Verify = verify
				})
				config := manyOptions()
				config.Header = http.Header{"Test-Pending": {"192.0.2.1"}}
				config.GetToken = func(centrifuge.ConnectionTokenEvent) (string, error) { return "alice", nil }
				config.ReadTimeout = time.Second // it sees an end before the answer to connect no sooner
				r := newReturning(t, "ws://"+c.server.Listener.Addr().String(), protobuf, config)
				r.connect()
				r.until("connected", func() bool { return r.connected == 1 })
				if got := asked.Load(); got != times+1 {
					t.Errorf("verified %d times, want %d", got, times+1)
				}
			})
		}
	}
}

// TestH313_a_fault_that_does_not_pass: Temporary() may say no.
func TestH313_a_fault_that_does_not_pass(t *testing.T) {
	c := newClub(t, func(config *realtime.Config) {
		withFirstToken(config)
		config.Verify, _ = faulty(1, passing{false})
	})
	k := c.open("", "Test-Pending", "192.0.2.1")
	k.say(`{"id":1,"connect":{"token":"alice"}}`)
	k.wantClose(realtime.CloseInvalidToken)
}

// TestH313_a_refresh_meets_a_fault: a connection that is somebody's keeps on.
func TestH313_a_refresh_meets_a_fault(t *testing.T) {
	c := newClub(t, func(config *realtime.Config) { config.Verify, _ = faulty(1, passing{true}) })
	k := c.join("alice")
	k.say(`{"id":2,"refresh":{"token":"alice"}}`)
	k.want(`{"id":2,"error":{"code":100,"message":"internal server error","temporary":true}}`)
	k.say(`{"id":3,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
	k.want(`{"id":3,"rpc":{"data":2}}`)
}

// TestH313_subscription_tokens_meet_a_fault: the subscription is tried again.
func TestH313_subscription_tokens_meet_a_fault(t *testing.T) {
	for name, protobuf := range map[string]bool{"JSON": false, "protobuf": true} {
		t.Run(name, func(t *testing.T) {
			c := newClub(t, nil)
			verify, asked := faulty(1, fmt.Errorf("keys: %w", passing{true}))
			rule := realtime.RequireToken(func(ctx context.Context, token string) (realtime.SubscriptionClaims, error) {
				if _, err := verify(ctx, token); err != nil {
					return realtime.SubscriptionClaims{}, err
				}
				return readSubscriptionToken(ctx, token)
			})
			if err := c.hub.Channel("signed:{id}", realtime.ChannelOptions{}, rule); err != nil {
				t.Fatal(err)
			}
			r := newReturning(t, "ws://"+c.server.Listener.Addr().String(), protobuf, manyOptions())
			r.connect()
			r.follow("signed:1", func(e centrifuge.SubscriptionTokenEvent) (string, error) {
				return subscriptionToken("alice", e.Channel), nil
			})
			r.until("subscribed", func() bool { return r.live["signed:1"] })
			if got := asked.Load(); got != 2 {
				t.Errorf("verified %d times, want 2", got)
			}
		})
	}
}

// TestH313_the_plain_handler_meets_a_fault: it ends with a code that clients come
// back from, and lets them in when the fault has passed.
func TestH313_the_plain_handler_meets_a_fault(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want realtime.Close
	}{
		"temporary": {fmt.Errorf("verify: %w", passing{true}), realtime.CloseInternal}, "expired": {stale{}, realtime.CloseExpired}, "final": {passing{false}, realtime.CloseInvalidToken},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTestPlain(t, func(c *plain.Config) {
				withPending(c)
				c.Verify, _ = faulty(1, test.err)
			})
			first := w.open("Test-Pending", "192.0.2.1")
			w.send(first, `{"type":"authenticate","token":"alice"}`)
			w.wantClose(first, test.want)
			second := w.open("Test-Pending", "192.0.2.1")
			w.send(second, `{"type":"authenticate","token":"alice"}`)
			w.wantMessage(second, `{"type":"welcome","user":"alice"}`)
		})
	}
}

// TestH313_a_failed_connect_is_answered: with the temporary error first, then the end.
func TestH313_a_failed_connect_is_answered(t *testing.T) {
	c := newClub(t, func(config *realtime.Config) {
		withFirstToken(config)
		config.Verify, _ = faulty(1, passing{true})
	})
	k := c.open("", "Test-Pending", "192.0.2.1")
	k.say(`{"id":1,"connect":{"token":"alice"}}`)
	k.want(`{"id":1,"error":{"code":100,"message":"internal server error","temporary":true}}`)
	k.wantClose(realtime.CloseInternal)
}

// TestH313_a_sub_refresh_meets_a_fault: the subscription goes on.
func TestH313_a_sub_refresh_meets_a_fault(t *testing.T) {
	c := newClub(t, nil)
	asked := 0
	rule := realtime.RequireToken(func(ctx context.Context, token string) (realtime.SubscriptionClaims, error) {
		if asked++; asked == 2 {
			return realtime.SubscriptionClaims{}, passing{true}
		}
		return readSubscriptionToken(ctx, token)
	})
	if err := c.hub.Channel("signed:{id}", realtime.ChannelOptions{}, rule); err != nil {
		t.Fatal(err)
	}
	k, token := c.join("alice"), subscriptionToken("alice", "signed:1")
	k.say(`{"id":2,"subscribe":{"channel":"signed:1","token":"` + token + `"}}`)
	k.hear()
	k.say(`{"id":3,"sub_refresh":{"channel":"signed:1","token":"` + token + `"}}`)
	k.want(`{"id":3,"error":{"code":100,"message":"internal server error","temporary":true}}`)
}

// TestH313_a_recheck_meets_a_fault: a connect is answered with a temporary error before
// the end, and official clients come again until a verdict is reached.
func TestH313_a_recheck_meets_a_fault(t *testing.T) {
	for name, err := range map[string]error{
		"unavailable": fmt.Errorf("recheck: %w", realtime.ErrCheckUnavailable), "temporary": passing{true}, "a deadline": context.DeadlineExceeded,
	} {
		for _, protobuf := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, protobuf=%t", name, protobuf), func(t *testing.T) {
				var asked atomic.Int32
				c := newClub(t, func(config *realtime.Config) {
					config.Recheck = func(context.Context, realtime.Principal) error {
						if asked.Add(1) <= 3 {
							return err
						}
						return nil
					}
				})
				k := c.open("alice")
				k.say(`{"id":1,"connect":{}}`)
				k.want(`{"id":1,"error":{"code":100,"message":"internal server error","temporary":true}}`)
				k.wantClose(realtime.CloseInternal)
				config := manyOptions()
				config.ReadTimeout = time.Hour // what is not answered is missed
				r := newReturning(t, "ws://"+c.server.Listener.Addr().String(), protobuf, config)
				r.connect()
				r.until("connected", func() bool { return r.connected == 1 })
				if got := asked.Load(); got != 4 {
					t.Errorf("asked %d times, want 4", got)
				}
				if len(r.final) > 0 {
					t.Errorf("final: got %v, want none", r.final)
				}
			})
		}
	}
}
