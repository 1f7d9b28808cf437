package realtime_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/memory"
)

// declareLong makes a channel that keeps more than may be recovered.
func (c *club) declareLong() {
	c.t.Helper()
	options := realtime.ChannelOptions{History: 100_000, HistoryTTL: time.Hour, Recover: true}
	if err := c.hub.Channel("long:{id}", options, realtime.AllowSubscribe(realtime.AllowAll)); err != nil {
		c.t.Fatal(err)
	}
}

// since subscribes from the beginning of a stream.
func since(id int, channel, epoch, more string) string {
	return fmt.Sprintf(`{"id":%d,"subscribe":{"channel":"%s","recover":true,"epoch":"%s"%s}}`, id, channel, epoch, more)
}

// TestH311_recovery_is_bounded: by bytes, and by many that are small.
func TestH311_recovery_is_bounded(t *testing.T) {
	for name, test := range map[string]struct {
		count, size int
		recovered   bool
	}{
		"what fits": {10, 100_000, true}, "too many bytes": {11, 100_000, false}, "one that is too large": {1, 1_100_000, false},
		"small ones that fit": {15_000, 1, true}, "too many small ones": {20_000, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClub(t, nil)
			c.declareLong()
			data, epoch := `"`+strings.Repeat("x", test.size)+`"`, ""
			if test.size == 1 {
				data = "1"
			}
			for range test.count {
				epoch = c.publish("long:1", data).Epoch
			}
			k := c.join("alice")
			k.say(since(2, "long:1", epoch, ""))
			got := k.hear()
			if recovered := strings.Contains(got, `"recovered":true`); recovered != test.recovered || strings.Count(got, `"data":`) != test.count*map[bool]int{true: 1}[recovered] {
				t.Errorf("recovered: got %t, %d publications, want %t and all or none", recovered, strings.Count(got, `"data":`), test.recovered)
			}
			if !strings.Contains(got, `"was_recovering":true`) || !strings.HasPrefix(got, `{"id":2,"subscribe":{`) {
				t.Errorf("answer: got %.200s", got)
			}
			c.publish("long:1", `"next"`) // it is live from the top, and told once
			if got, want := k.hear(), fmt.Sprintf(`"data":"next","offset":%d`, test.count+1); !strings.Contains(got, want) {
				t.Errorf("next: got %.200s, want %s", got, want)
			}
			if test.recovered {
				return
			}
			j := c.join("alice")
			j.say(since(3, "long:1", epoch, `,"flag":2`))
			if got := j.hear(); !strings.HasPrefix(got, `{"id":3,"error":{"code":112`) {
				t.Errorf("with the flag: got %.200s, want error 112", got)
			}
		})
	}
}

// TestH311_a_connect_recovers_within_one_bound: for all of the server's channels.
func TestH311_a_connect_recovers_within_one_bound(t *testing.T) {
	c := newClub(t, func(config *realtime.Config) {
		config.Connect = func(context.Context, *realtime.Conn, realtime.ConnectEvent) (realtime.ConnectReply, error) {
			return realtime.ConnectReply{Channels: []string{"long:1", "long:2", "long:3"}}, nil
		}
	})
	c.declareLong()
	var subs []string
	for i := range 3 {
		name, epoch := fmt.Sprintf("long:%d", i+1), ""
		for range 4 {
			epoch = c.publish(name, `"`+strings.Repeat("x", 120_000)+`"`).Epoch
		}
		subs = append(subs, fmt.Sprintf(`"%s":{"recover":true,"epoch":"%s"}`, name, epoch))
	}
	k := c.open("alice")
	k.say(`{"id":1,"connect":{"subs":{` + strings.Join(subs, ",") + `}}}`)
	got := k.hear()
	if n := strings.Count(got, `"recovered":true`); n != 2 || strings.Count(got, `"data":`) != 8 {
		t.Errorf("recovered: got %d channels with %d publications, want 2 with 8", n, strings.Count(got, `"data":`))
	}
	if n := strings.Count(got, `"was_recovering":true`); n != 3 {
		t.Errorf("told: got %d channels, want 3", n)
	}
}

// gate is a broker whose questions for a history wait.
type gate struct {
	engine.Broker
	asked, free chan struct{}
}

func (g *gate) History(ctx context.Context, channel string, query realtime.HistoryQuery) (realtime.History, error) {
	found, err := g.Broker.History(ctx, channel, query)
	g.asked <- struct{}{}
	<-g.free
	return found, err
}

// TestH311_what_comes_while_subscribing_is_bounded: in bytes; more is a loss, which
// the client mends by recovering, and never the end of the connection.
func TestH311_what_comes_while_subscribing_is_bounded(t *testing.T) {
	for name, test := range map[string]struct {
		count int
		lost  bool
	}{"what fits": {4, false}, "more": {8, true}} {
		t.Run(name, func(t *testing.T) {
			g := &gate{asked: make(chan struct{}, 1), free: make(chan struct{})}
			c := newClub(t, func(config *realtime.Config) {
				config.Engine = memory.New()
				g.Broker, config.Engine.Broker = config.Engine.Broker, g
			})
			c.declareLong()
			other, k := c.join("bob"), c.join("alice")
			other.say(`{"id":2,"subscribe":{"channel":"long:1"}}`)
			<-g.asked
			g.free <- struct{}{}
			other.hear()
			k.say(`{"id":2,"subscribe":{"channel":"long:1"}}`)
			<-g.asked
			for range test.count {
				c.publish("long:1", `"`+strings.Repeat("x", 100_000)+`"`)
			}
			for range test.count {
				other.hear() // they are handed out
			}
			close(g.free)
			if got := k.hear(); !strings.HasPrefix(got, `{"id":2,"subscribe":{`) {
				t.Fatalf("answer: got %.200s", got)
			}
			if test.lost {
				k.want(`{"push":{"channel":"long:1","unsubscribe":{"code":2500,"reason":"insufficient state"}}}`)
				return
			}
			for i := range test.count {
				if got, want := k.hear(), fmt.Sprintf(`"offset":%d}`, i+1); !strings.Contains(got, want) {
					t.Errorf("publication: got %.80s of %d bytes, want %s", got, len(got), want)
				}
			}
		})
	}
}

// TestChannel_Positioned: positions and losses are told, and nothing is recovered.
func TestChannel_Positioned(t *testing.T) {
	leakyClub(t, func(t *testing.T, c *club, b *leaky) {
		if err := c.hub.Channel("placed", realtime.ChannelOptions{History: 5, HistoryTTL: time.Hour, Positioned: true}, realtime.AllowSubscribe(realtime.AllowAll)); err != nil {
			t.Fatal(err)
		}
		epoch := c.publish("placed", "1").Epoch
		k := c.join("alice")
		k.say(`{"id":2,"subscribe":{"channel":"placed","recover":true,"epoch":"` + epoch + `"}}`)
		k.want(`{"id":2,"subscribe":{"epoch":"…","offset":1,"positioned":true,"was_recovering":true}}`)
		b.lose.Store(1)
		c.publish("placed", "2")
		c.publish("placed", "3")
		k.want(`{"push":{"channel":"placed","unsubscribe":{"code":2500,"reason":"insufficient state"}}}`)
	})
}

// TestChannel_ForceJoinLeave: who did not ask is told as well, and the server's
// subscriptions are in any case.
func TestChannel_ForceJoinLeave(t *testing.T) {
	for name, test := range map[string]struct{ force, server bool }{"asked by nobody": {}, "forced": {force: true}, "the server's": {server: true}} {
		t.Run(name, func(t *testing.T) {
			c := newClub(t, nil)
			options := realtime.ChannelOptions{JoinLeave: true, ForceJoinLeave: test.force}
			if err := c.hub.Channel("seen", options, realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowPublish(realtime.AllowAll)); err != nil {
				t.Fatal(err)
			}
			k := c.join("alice")
			if test.server {
				if _, err := c.hub.Subscribe(t.Context(), realtime.ByUser("alice"), "seen"); err != nil {
					t.Fatal(err)
				}
				k.hear()
			} else {
				k.say(`{"id":2,"subscribe":{"channel":"seen"}}`)
				k.hear()
			}
			told := test.force || test.server
			if told {
				if got := k.hear(); !strings.Contains(got, `"join":{"info":{"user":"alice"`) {
					t.Fatalf("its own join: got %s", got)
				}
			}
			other := c.join("bob")
			other.say(`{"id":2,"subscribe":{"channel":"seen"}}`)
			other.hear()
			if test.force {
				other.hear() // its own join
			}
			other.say(`{"id":3,"rpc":{"method":"add","data":{"A":1,"B":2}}}`)
			other.hear() // its subscribe is done
			c.publish("seen", "1")
			if got := k.hear(); strings.Contains(got, `"join":{"info":{"user":"bob"`) != told {
				t.Errorf("bob's join: got %s, want it told: %t", got, told)
			}
		})
	}
}
