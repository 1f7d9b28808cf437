package realtime_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

// withTokens lets the hub accept tokens of the form "user session seconds".
func withTokens(c *realtime.Config) {
	c.Pending = func(ctx context.Context) (realtime.PendingInfo, bool) {
		who, pending := ctx.Value(pendingKey{}).(realtime.PendingInfo)
		return who, pending
	}
	c.Verify = func(ctx context.Context, token string) (context.Context, error) {
		parts := strings.Fields(token)
		if len(parts) != 3 {
			return nil, errors.New("refused")
		}
		life, err := time.ParseDuration(parts[2])
		if err != nil {
			return nil, errors.New("refused")
		}
		if life <= 0 {
			return nil, realtime.ErrTokenExpired
		}
		return context.WithValue(ctx, principalKey{}, realtime.Principal{UserID: parts[0], SessionID: parts[1], ExpiresAt: time.Now().Add(life)}), nil
	}
}

// clubBubble runs a test against a hub in memory whose clock is fake.
func clubBubble(t *testing.T, change func(*realtime.Config), test func(t *testing.T, c *club)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newClubOn(t, newPipeListener(), change)) })
}

func TestHubConnectByToken(t *testing.T) {
	for _, test := range []struct {
		name, token string
		want        realtime.Close
	}{
		{"H101 garbage", "garbage", realtime.CloseInvalidToken},
		{"H101 none", "", realtime.CloseBadRequest},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := newClub(t, withTokens).open("", "Test-Pending", "1.2.3.4")
			k.say(`{"id":1,"connect":{"token":"` + test.token + `"}}`)
			k.wantClose(test.want)
		})
	}
	t.Run("H101 expired", func(t *testing.T) {
		k := newClub(t, withTokens).open("", "Test-Pending", "1.2.3.4")
		k.say(`{"id":1,"connect":{"token":"alice s1 -1s"}}`)
		k.want(`{"id":1,"error":{"code":109,"message":"token expired"}}`)
		k.wantClose(realtime.CloseExpired)
	})
	t.Run("good, and told when to refresh", func(t *testing.T) {
		k := newClub(t, withTokens).open("", "Test-Pending", "1.2.3.4")
		k.say(`{"id":1,"connect":{"token":"alice s1 1h"}}`)
		if got := k.hear(); !strings.Contains(got, `"expires":true,"ttl":357`) {
			t.Errorf("connect: got %s", got)
		}
	})
	t.Run("beside an authenticated upgrade: the same user, or none", func(t *testing.T) {
		c := newClub(t, withTokens)
		same := c.open("alice", "Test-Session", "s1")
		same.say(`{"id":1,"connect":{"token":"alice s1 1h"}}`)
		same.hear()
		for _, token := range []string{"bob s1 1h", "alice s2 1h"} { // H103, H104
			k := c.open("alice", "Test-Session", "s1")
			k.say(`{"id":1,"connect":{"token":"` + token + `"}}`)
			k.wantClose(realtime.CloseInvalidToken)
		}
	})
}

func TestHubTimers(t *testing.T) {
	t.Run("H095 no connect within ten seconds", func(t *testing.T) {
		clubBubble(t, nil, func(t *testing.T, c *club) {
			k, began := c.open("alice"), time.Now()
			k.wantClose(realtime.CloseStale)
			if took := time.Since(began); took != 10*time.Second {
				t.Errorf("ended after %s, want 10s", took)
			}
		})
	})
	t.Run("a connect whose hook is late", func(t *testing.T) {
		clubBubble(t, func(c *realtime.Config) {
			c.Connect = func(ctx context.Context, _ *realtime.Conn, _ realtime.ConnectEvent) (realtime.ConnectReply, error) {
				<-ctx.Done()
				return realtime.ConnectReply{}, ctx.Err()
			}
		}, func(t *testing.T, c *club) {
			k := c.open("alice")
			k.say(`{"id":1,"connect":{}}`)
			k.wantClose(realtime.CloseInternal)
		})
	})
	t.Run("a ping that nobody answers", func(t *testing.T) {
		clubBubble(t, nil, func(t *testing.T, c *club) {
			k := c.join("alice")
			began := time.Now()
			k.want(`{}`)
			if took := time.Since(began); took < 12500*time.Millisecond || took > 25*time.Second {
				t.Errorf("the first ping came after %s, want half to a whole interval", took)
			}
			pinged := time.Now()
			k.wantClose(realtime.CloseNoPong)
			if took := time.Since(pinged); took != 10*time.Second {
				t.Errorf("ended %s after the ping, want 10s", took)
			}
		})
	})
	t.Run("pings that are answered", func(t *testing.T) {
		clubBubble(t, nil, func(t *testing.T, c *club) {
			k := c.join("alice")
			k.want(`{}`)
			k.say(`{}`)
			before := time.Now()
			for range 5 {
				k.want(`{}`)
				k.say(`{}`)
			}
			if took := time.Since(before); took != 125*time.Second {
				t.Errorf("five pings took %s, want 125s", took)
			}
			k.say(`{}`) // a second answer to the same ping
			k.wantClose(realtime.CloseBadRequest)
		})
	})
	t.Run("H113 the token's end", func(t *testing.T) {
		clubBubble(t, nil, func(t *testing.T, c *club) {
			k, began := c.join("alice", "Test-Life", "10s"), time.Now()
			k.wantClose(realtime.CloseExpired)
			if took := time.Since(began); took < 10*time.Second || took > 11*time.Second {
				t.Errorf("ended after %s, want 10s to 11s", took)
			}
		})
	})
	t.Run("history that is too old", func(t *testing.T) {
		clubBubble(t, nil, func(t *testing.T, c *club) {
			c.publish("room:1", `1`)
			time.Sleep(61 * time.Second)
			c.publish("room:1", `2`)
			k := c.join("alice")
			k.say(`{"id":2,"subscribe":{"channel":"room:1"}}`, `{"id":3,"history":{"channel":"room:1","limit":-1}}`)
			k.want(`{"id":2,"subscribe":{"recoverable":true,"epoch":"…","offset":2,"positioned":true}}`, `{"id":3,"history":{"publications":[{"data":2,"offset":2}],"epoch":"…","offset":2}}`)
		})
	})
}

func TestHubRefresh(t *testing.T) {
	clubBubble(t, withTokens, func(t *testing.T, c *club) {
		k, began := c.open("", "Test-Pending", "a"), time.Now()
		k.say(`{"id":1,"connect":{"token":"alice s1 8s"}}`)
		k.hear()
		time.Sleep(5 * time.Second)
		k.say(`{"id":2,"refresh":{"token":"alice s1 5s"}}`) // H114
		if got := k.hear(); !strings.Contains(got, `"refresh":{`) || !strings.Contains(got, `"expires":true,"ttl":2`) {
			t.Errorf("refresh: got %s", got)
		}
		k.say(`{"id":3,"refresh":{"token":"alice s1 1s"}}`) // H116: never shortens
		k.hear()
		k.wantClose(realtime.CloseExpired)
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("ended after %s, want 10s", took)
		}
	})
	for _, test := range []struct {
		name, token string
		want        realtime.Close
	}{
		{"H115 another user", "bob s1 1h", realtime.CloseInvalidToken},
		{"H115 another session", "alice s2 1h", realtime.CloseInvalidToken},
		{"H115 garbage", "garbage", realtime.CloseInvalidToken},
		{"H116 expired", "alice s1 -1s", realtime.CloseExpired},
		{"empty", "", realtime.CloseBadRequest},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := newClub(t, withTokens).join("alice", "Test-Session", "s1")
			k.say(`{"id":2,"refresh":{"token":"` + test.token + `"}}`)
			k.wantClose(test.want)
		})
	}
	t.Run("H117 a revoke beside the refresh wins", func(t *testing.T) {
		var revoked atomic.Bool
		c := newClub(t, func(config *realtime.Config) {
			withTokens(config)
			config.Recheck = func(context.Context, realtime.Principal) error {
				if revoked.Load() {
					return errors.New("signed out")
				}
				return nil
			}
			verify := config.Verify
			config.Verify = func(ctx context.Context, token string) (context.Context, error) {
				revoked.Store(true) // while the verdict is being reached
				return verify(ctx, token)
			}
		})
		k := c.join("alice", "Test-Session", "s1")
		k.say(`{"id":2,"refresh":{"token":"alice s1 1h"}}`)
		k.wantClose(realtime.CloseRevoked)
	})
	t.Run("H118 a flood of refreshes", func(t *testing.T) {
		c := newClub(t, func(config *realtime.Config) {
			withTokens(config)
			config.Limits.CommandsPerSecond, config.Limits.CommandBurst = 1, 5
		})
		k := c.join("alice", "Test-Session", "s1")
		go func() {
			for range 200 {
				if k.conn.Write(t.Context(), 1, []byte(`{"id":2,"refresh":{"token":"alice s1 1h"}}`)) != nil {
					return
				}
			}
		}()
		k.wantClose(realtime.CloseFlood)
	})
}

func TestHubRevokes(t *testing.T) {
	c := newClub(t, nil)
	one, two, other := c.join("alice", "Test-Session", "s1"), c.join("alice", "Test-Session", "s2"), c.join("bob")
	if n, err := c.hub.Disconnect(t.Context(), realtime.BySession("s1"), realtime.CloseRevoked); n != 1 || err != nil {
		t.Errorf("ended: got %d, want 1", n)
	}
	one.wantClose(realtime.CloseRevoked)
	c.hub.Disconnect(t.Context(), realtime.ByUser("alice"), realtime.CloseRevoked)
	two.wantClose(realtime.CloseRevoked)
	other.say(`{"id":2,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
	other.want(`{"id":2,"rpc":{"data":2}}`)
	for range 2 {
		<-c.ended
	}
	if n := c.hub.Connections(); n != 1 {
		t.Errorf("connections: got %d, want 1", n)
	}
}

func TestHubSlowReader(t *testing.T) {
	c := newClub(t, func(config *realtime.Config) { config.Limits.QueueBytes = 100_000 })
	slow, quick := c.join("slow"), c.join("quick")
	for _, k := range []*talker{slow, quick} {
		k.say(`{"id":2,"subscribe":{"channel":"room:1"}}`)
		k.hear()
	}
	sent := uint64(0)
	for ended := false; !ended; {
		c.publish("room:1", `"`+long(50_000)+`"`)
		sent++
		quick.hear()
		select {
		case reason := <-c.ended:
			if ended = true; reason.Code != realtime.CloseSlow.Code {
				t.Errorf("slow reader: got %d, want 3008", reason.Code)
			}
		default:
		}
	}
	_ = slow.conn.CloseNow()
	quick.say(`{"id":3,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
	quick.want(`{"id":3,"rpc":{"data":2}}`)
	account := c.hub.Account()
	if !account.Settled() || account.Owed < 2*sent-2 || account.Recoverable == 0 || account.Dropped != 0 {
		t.Errorf("ledger after %d publications to two: got %+v", sent, account)
	}
}

// TestAccount_SlowReader: what a slow reader did not get is recoverable where it can
// recover it, and dropped in every other channel, with a history or without.
func TestAccount_SlowReader(t *testing.T) {
	for channel, recoverable := range map[string]bool{"room:1": true, "private:slow": false, "plain:1": false} {
		t.Run(channel, func(t *testing.T) {
			c := newClub(t, func(config *realtime.Config) { config.Limits.QueueBytes = 100_000 })
			slow := c.join("slow")
			slow.say(`{"id":2,"subscribe":{"channel":"` + channel + `"}}`)
			slow.hear()
			for ended := false; !ended; {
				c.publish(channel, `"`+long(50_000)+`"`)
				select {
				case <-c.ended:
					ended = true
				default:
				}
			}
			_ = slow.conn.CloseNow()
			if err := c.hub.Shutdown(t.Context()); err != nil {
				t.Fatal(err)
			}
			account := c.hub.Account()
			if !account.Settled() || (account.Recoverable > 0) != recoverable || (account.Dropped > 0) == recoverable {
				t.Errorf("got %+v, want recoverable %v and dropped %v", account, recoverable, !recoverable)
			}
		})
	}
}

func TestHubLimits(t *testing.T) {
	c := newClub(t, func(config *realtime.Config) {
		config.Limits.Channels = 2
		config.Limits.CommandsPerSecond, config.Limits.CommandBurst = 1, 8
	})
	k := c.join("alice")
	for i, want := range []string{`{"id":2,"subscribe":{}}`, `{"id":2,"subscribe":{}}`, `{"id":2,"error":{"code":106,"message":"limit exceeded"}}`} { // H177
		k.say(`{"id":2,"subscribe":{"channel":"plain:` + string(rune('a'+i)) + `"}}`)
		k.want(want)
	}
	for range 10 {
		k.say(`{"id":3,"rpc":{"method":"add"}}`)
	}
	for {
		if got := k.hear(); got == `{"id":3,"error":{"code":111,"message":"too many requests","temporary":true}}` { // H180
			break
		}
	}
}

func TestH178_subscribe_and_unsubscribe_churn(t *testing.T) {
	c := newClub(t, func(config *realtime.Config) { config.Limits.CommandsPerSecond, config.Limits.CommandBurst = 1e6, 1e6 })
	k, watcher := c.join("alice"), c.join("bob")
	watcher.say(`{"id":2,"subscribe":{"channel":"room:1"}}`)
	watcher.hear()
	for range 500 {
		k.say(`{"id":2,"subscribe":{"channel":"room:1"}}`, `{"id":3,"unsubscribe":{"channel":"room:1"}}`)
		k.hear()
		k.hear()
	}
	watcher.say(`{"id":4,"presence_stats":{"channel":"room:1"}}`)
	watcher.want(`{"id":4,"presence_stats":{"num_clients":1,"num_users":1}}`)
}
