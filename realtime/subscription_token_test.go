package realtime_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

// gated declares channels that ask for a token "channel user seconds".
func gated(t *testing.T, c *testHub) {
	t.Helper()
	mayRead := realtime.AllowSubscribe(func(_ context.Context, _ *realtime.Conn, p realtime.Params) error {
		if p.Get("id") == "closed" {
			return errors.New("closed")
		}
		return nil
	})
	err := errors.Join(
		c.hub.Channel("gated:{id}", realtime.ChannelOptions{Presence: true}, realtime.RequireToken(gatedClaims)),
		c.hub.Channel("open:{id}", realtime.ChannelOptions{Presence: true}, realtime.ReadToken(gatedClaims), mayRead),
	)
	if err != nil {
		t.Fatal(err)
	}
}

func gatedClaims(_ context.Context, token string) (realtime.SubscriptionClaims, error) {
	parts := strings.Fields(token)
	if len(parts) != 3 {
		return realtime.SubscriptionClaims{}, errors.New("refused")
	}
	life, err := time.ParseDuration(parts[2])
	if err != nil {
		return realtime.SubscriptionClaims{}, errors.New("refused")
	}
	if life < 0 {
		return realtime.SubscriptionClaims{}, realtime.ErrTokenExpired
	}
	return realtime.SubscriptionClaims{Channel: parts[0], UserID: parts[1], ExpiresAt: time.Now().Add(life), Info: []byte(`{"seat":7}`)}, nil
}

func TestH191_subscription_tokens(t *testing.T) {
	for _, test := range []struct{ name, token, want string }{
		{"none", "", `{"id":2,"error":{"code":103,"message":"permission denied"}}`},
		{"garbage", "garbage", `{"id":2,"error":{"code":103,"message":"permission denied"}}`},
		{"expired", "gated:1 alice -1s", `{"id":2,"error":{"code":109,"message":"token expired"}}`},
		{"good", "gated:1 alice 100s", `{"id":2,"subscribe":{"expires":true,"ttl":75}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			hubBubble(t, nil, func(t *testing.T, c *testHub) {
				gated(t, c)
				k := c.join("alice")
				k.say(`{"id":2,"subscribe":{"channel":"gated:1","token":"` + test.token + `"}}`)
				k.want(test.want)
			})
		})
	}
	for name, token := range map[string]string{"another channel": "gated:2 alice 1h", "another user": "gated:1 bob 1h"} {
		t.Run(name, func(t *testing.T) {
			c := newTestHub(t, nil)
			gated(t, c)
			k := c.join("alice")
			k.say(`{"id":2,"subscribe":{"channel":"gated:1","token":"` + token + `"}}`)
			k.wantClose(realtime.CloseInvalidToken)
		})
	}
}

// TestSubscriptionToken_End: subscriptions end with their token.
func TestSubscriptionToken_End(t *testing.T) {
	hubBubble(t, nil, func(t *testing.T, c *testHub) {
		gated(t, c)
		k, began := c.join("alice"), time.Now()
		k.say(`{"id":2,"subscribe":{"channel":"gated:1","token":"gated:1 alice 4s"}}`)
		k.want(`{"id":2,"subscribe":{"expires":true,"ttl":2}}`)
		time.Sleep(2 * time.Second)
		k.say(`{"id":3,"sub_refresh":{"channel":"gated:1","token":"gated:1 alice 6s"}}`, `{"id":4,"presence":{"channel":"gated:1"}}`)
		k.want(`{"id":3,"sub_refresh":{"expires":true,"ttl":3}}`)
		if got := k.hear(); !strings.Contains(got, `"chan_info":{"seat":7}`) {
			t.Errorf("presence: got %s", got)
		}
		k.want(`{"push":{"channel":"gated:1","unsubscribe":{"code":2501,"reason":"subscription expired"}}}`)
		if took := time.Since(began); took != 8*time.Second {
			t.Errorf("ended after %s, want 8s", took)
		}
		if channels := c.hub.Channels(); len(channels) != 0 {
			t.Errorf("left: %v", channels)
		}
	})
}

func TestSubscriptionToken_RefreshRefused(t *testing.T) {
	for _, test := range []struct {
		name, say, want string
		ends            realtime.Close
	}{
		{"not subscribed", `"channel":"gated:2","token":"gated:2 alice 1h"`, `{"id":3,"error":{"code":103,"message":"permission denied"}}`, realtime.Close{}},
		{"no token", `"channel":"gated:1"`, `{"id":3,"error":{"code":107,"message":"bad request"}}`, realtime.Close{}},
		{"a channel without tokens", `"channel":"plain:1","token":"x"`, `{"id":3,"error":{"code":108,"message":"not available"}}`, realtime.Close{}},
		{"garbage", `"channel":"gated:1","token":"x"`, "", realtime.CloseInvalidToken},
		{"another user's", `"channel":"gated:1","token":"gated:1 bob 1h"`, "", realtime.CloseInvalidToken},
		{"expired", `"channel":"gated:1","token":"gated:1 alice -1s"`, "", realtime.CloseSubscriptionExpired},
		{"an empty channel", `"channel":""`, "", realtime.CloseBadRequest},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newTestHub(t, nil)
			gated(t, c)
			k := c.join("alice")
			k.say(`{"id":1,"subscribe":{"channel":"plain:1"}}`, `{"id":2,"subscribe":{"channel":"gated:1","token":"gated:1 alice 1h"}}`)
			k.hear()
			k.hear()
			k.say(`{"id":3,"sub_refresh":{` + test.say + `}}`)
			if test.want != "" {
				k.want(test.want)
				return
			}
			k.wantClose(test.ends)
		})
	}
}

func TestReadToken(t *testing.T) {
	for _, test := range []struct{ name, channel, token, want string }{
		{"none", "open:1", "", `{"id":2,"subscribe":{}}`},
		{"none, and the rule denies", "open:closed", "", `{"id":2,"error":{"code":103,"message":"permission denied"}}`},
		{"good", "open:1", "open:1 alice 100s", `{"id":2,"subscribe":{"expires":true,"ttl":75}}`},
		{"good, and the rule denies", "open:closed", "open:closed alice 100s", `{"id":2,"error":{"code":103,"message":"permission denied"}}`},
		{"garbage", "open:1", "garbage", `{"id":2,"error":{"code":103,"message":"permission denied"}}`},
		{"expired", "open:1", "open:1 alice -1s", `{"id":2,"error":{"code":109,"message":"token expired"}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			hubBubble(t, nil, func(t *testing.T, c *testHub) {
				gated(t, c)
				k := c.join("alice")
				k.say(`{"id":2,"subscribe":{"channel":"` + test.channel + `","token":"` + test.token + `"}}`)
				k.want(test.want)
				if !strings.HasPrefix(test.want, `{"id":2,"subscribe"`) {
					return
				}
				k.say(`{"id":3,"presence":{"channel":"open:1"}}`)
				if got := k.hear(); strings.Contains(got, `"chan_info":{"seat":7}`) != (test.token != "") {
					t.Errorf("heard %s, want the info of the token, where there is one", got)
				}
				k.say(`{"id":4,"sub_refresh":{"channel":"open:1","token":"open:1 alice 200s"}}`)
				k.want(`{"id":4,"sub_refresh":{"expires":true,"ttl":175}}`)
			})
		})
	}
}
