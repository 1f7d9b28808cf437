package realtime_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/memory"
)

// leaky is a broker that loses publications on the way to the subscribers, or
// tells of another stream.
type leaky struct {
	engine.Broker
	lose      atomic.Int32 // how many of the next
	recreated atomic.Bool
}

func (b *leaky) Subscribe(ctx context.Context, channel string, deliver func(realtime.Publication)) error {
	return b.Broker.Subscribe(ctx, channel, func(p realtime.Publication) {
		if b.lose.Add(-1) >= 0 {
			return
		}
		if b.recreated.Load() {
			p.Epoch = "another"
		}
		deliver(p)
	})
}

func (b *leaky) History(ctx context.Context, channel string, query realtime.HistoryQuery) (realtime.History, error) {
	found, err := b.Broker.History(ctx, channel, query)
	if b.recreated.Load() {
		found.Top.Epoch = "another"
	}
	return found, err
}

// leakyClub is a club in a bubble, in which nothing is lost until the test says.
func leakyClub(t *testing.T, run func(t *testing.T, c *club, b *leaky)) {
	t.Helper()
	b := &leaky{}
	clubBubble(t, func(config *realtime.Config) {
		config.Engine = memory.New()
		b.Broker = config.Engine.Broker
		config.Engine.Broker = b
		config.Connect = func(_ context.Context, _ *realtime.Conn, in realtime.ConnectEvent) (realtime.ConnectReply, error) {
			if in.Name == "server" {
				return realtime.ConnectReply{Channels: []string{"news"}}, nil
			}
			return realtime.ConnectReply{}, nil
		}
	}, func(t *testing.T, c *club) { run(t, c, b) })
}

const insufficient = `{"push":{"channel":"news","unsubscribe":{"code":2500,"reason":"insufficient state"}}}`

// pastPings reads on to the next push or reply that is no ping.
func (k *talker) pastPings() string {
	k.t.Helper()
	for {
		if got := k.hear(); got != "{}" {
			return got
		}
		k.say("{}")
	}
}

func TestALostPublicationIsTold(t *testing.T) {
	leakyClub(t, func(t *testing.T, c *club, b *leaky) {
		k := c.join("alice")
		k.say(`{"id":2,"subscribe":{"channel":"news"}}`)
		k.hear()
		epoch := c.publish("news", `1`).Epoch
		k.want(`{"push":{"channel":"news","pub":{"data":1,"offset":1}}}`)
		b.lose.Store(1)
		c.publish("news", `2`)
		c.publish("news", `3`)
		k.want(insufficient)
		k.say(`{"id":3,"subscribe":{"channel":"news","recover":true,"offset":1,"epoch":"` + epoch + `"}}`)
		k.want(`{"id":3,"subscribe":{"recoverable":true,"epoch":"…","publications":[{"data":2,"offset":2},{"data":3,"offset":3}],"recovered":true,"offset":1,"positioned":true,"was_recovering":true}}`)
		c.publish("news", `4`)
		k.want(`{"push":{"channel":"news","pub":{"data":4,"offset":4}}}`)
	})
}

func TestALostPublicationOfTheServersSubscriptionEndsTheConnection(t *testing.T) {
	leakyClub(t, func(t *testing.T, c *club, b *leaky) {
		k := c.open("alice")
		k.say(`{"id":1,"connect":{"name":"server"}}`)
		k.hear()
		b.lose.Store(1)
		c.publish("news", `1`)
		c.publish("news", `2`)
		k.wantClose(realtime.CloseInsufficientState)
	})
}

func TestAnotherEpochOnALiveStreamIsTold(t *testing.T) {
	leakyClub(t, func(t *testing.T, c *club, b *leaky) {
		k := c.join("alice")
		k.say(`{"id":2,"subscribe":{"channel":"news"}}`)
		k.hear()
		b.recreated.Store(true) // the offset goes on, the stream is another
		c.publish("news", `1`)
		k.want(insufficient)
	})
}

func TestTheLastPublicationIsMissedInSilence(t *testing.T) {
	for _, test := range []struct {
		name   string
		happen func(c *club, b *leaky)
		told   bool
	}{
		{"it is lost", func(c *club, b *leaky) { b.lose.Store(1); c.publish("news", `2`) }, true},
		{"the stream is another", func(_ *club, b *leaky) { b.recreated.Store(true) }, true},
		{"nothing", func(*club, *leaky) {}, false},
		{"it comes", func(c *club, _ *leaky) { c.publish("news", `2`) }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			leakyClub(t, func(t *testing.T, c *club, b *leaky) {
				k := c.join("alice")
				k.say(`{"id":2,"subscribe":{"channel":"news"}}`)
				k.hear()
				c.publish("news", `1`)
				k.hear()
				test.happen(c, b)
				began := time.Now()
				time.AfterFunc(2*time.Minute, func() { _, _ = c.hub.Send(context.Background(), realtime.ByUser("alice"), []byte(`"late"`)) })
				for got := ""; !strings.Contains(got, "late"); {
					switch got = k.pastPings(); {
					case got != insufficient:
					case !test.told:
						t.Errorf("nothing was lost: heard %s", got)
					case time.Since(began) > 45*time.Second:
						t.Errorf("told after %s, want 45s at most", time.Since(began))
					default:
						return
					}
				}
				if test.told {
					t.Error("it was not told in two minutes")
				}
			})
		})
	}
}

// An engine that takes its time to deliver is not one that has lost something.
func TestAPublicationUnderWayIsNotLost(t *testing.T) {
	late := &late{}
	clubBubble(t, func(config *realtime.Config) {
		config.Engine = memory.New()
		late.Broker = config.Engine.Broker
		config.Engine.Broker = late
		config.PositionInterval = 40 * time.Second
	}, func(t *testing.T, c *club) {
		k := c.join("alice")
		k.say(`{"id":2,"subscribe":{"channel":"news"}}`)
		k.hear()
		for i := range 300 { // one a second: some check falls between a publication and its arrival
			c.publish("news", `1`)
			if got := k.pastPings(); !strings.Contains(got, `"pub"`) {
				t.Fatalf("after %d: heard %s", i, got)
			}
		}
	})
}

// late delivers a second late.
type late struct{ engine.Broker }

func (b *late) Subscribe(ctx context.Context, channel string, deliver func(realtime.Publication)) error {
	return b.Broker.Subscribe(ctx, channel, func(p realtime.Publication) { time.AfterFunc(time.Second, func() { deliver(p) }) })
}
