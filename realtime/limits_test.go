package realtime_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// build makes a hub with limits, and ends it.
func build(t *testing.T, limits realtime.Limits) error {
	t.Helper()
	hub, err := realtime.New(realtime.Config{Principal: realtimetest.Principal, Engine: memory.New(), Limits: limits})
	if err != nil {
		return err
	}
	return hub.Shutdown(t.Context())
}

// wantConfig holds an error against the words that it must have.
func wantConfig(t *testing.T, err error, words ...string) {
	t.Helper()
	if !errors.Is(err, realtime.ErrConfig) {
		t.Fatalf("got %v, want ErrConfig", err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("got %q, want %q in it", err, word)
		}
	}
}

// TestLimits_relations: what just fits is accepted; one more names both fields,
// their values, and what to change.
func TestLimits_relations(t *testing.T) {
	for name, test := range map[string]struct {
		fits, over realtime.Limits
		words      []string
	}{
		"user": {realtime.Limits{Connections: 50, ConnectionsPerUser: 50}, realtime.Limits{Connections: 50, ConnectionsPerUser: 51},
			[]string{"Limits.ConnectionsPerUser is 51", "Limits.Connections is 50", "raise Connections to 51 or lower ConnectionsPerUser to 50"}},
		"address": {realtime.Limits{Connections: 50, ConnectionsPerAddress: 50}, realtime.Limits{Connections: 50, ConnectionsPerAddress: 51},
			[]string{"Limits.ConnectionsPerAddress is 51", "Limits.Connections is 50"}},
		"connecting": {realtime.Limits{Connections: 50, Connecting: 50}, realtime.Limits{Connections: 50, Connecting: 51},
			[]string{"Limits.Connecting is 51", "Limits.Connections is 50"}},
		"pending": {realtime.Limits{Pending: 50, PendingPerAddress: 50}, realtime.Limits{Pending: 50, PendingPerAddress: 51},
			[]string{"Limits.PendingPerAddress is 51", "Limits.Pending is 50"}},
		"queue": {realtime.Limits{QueueBytes: 100_000, MessageBytes: 50_000}, realtime.Limits{QueueBytes: 100_000, MessageBytes: 50_001},
			[]string{"Limits.MessageBytes is 50001", "Limits.QueueBytes is 100000", "raise QueueBytes to 100002 or lower MessageBytes to 50000"}},
		"first message": {realtime.Limits{MessageBytes: 10_000, FirstMessageBytes: 10_000}, realtime.Limits{MessageBytes: 10_000, FirstMessageBytes: 10_001},
			[]string{"Limits.FirstMessageBytes is 10001", "Limits.MessageBytes is 10000"}},
		"name": {realtime.Limits{MessageBytes: 10_000, ChannelBytes: 10_000}, realtime.Limits{MessageBytes: 10_000, ChannelBytes: 10_001},
			[]string{"Limits.ChannelBytes is 10001", "Limits.MessageBytes is 10000"}},
		"frame": {realtime.Limits{Channels: 20, CommandsPerFrame: 21}, realtime.Limits{Channels: 20, CommandsPerFrame: 20},
			[]string{"Limits.Channels is 20", "Limits.CommandsPerFrame is 20", "raise CommandsPerFrame to 21 or lower Channels to 19"}},
		"burst": {realtime.Limits{Channels: 20, CommandBurst: 21}, realtime.Limits{Channels: 20, CommandBurst: 20},
			[]string{"Limits.Channels is 20", "Limits.CommandBurst is 20", "raise CommandBurst to 21 or lower Channels to 19"}},
		"bytes": {realtime.Limits{Channels: 20, MessageBytes: 21 * 145}, realtime.Limits{Channels: 20, MessageBytes: 21*145 - 1},
			[]string{"Limits.Channels is 20", "Limits.MessageBytes is 3044", "raise MessageBytes to 3045 or lower Channels to 19"}},
		"idle": {realtime.Limits{Age: time.Hour, Idle: time.Hour}, realtime.Limits{Age: time.Hour, Idle: time.Hour + 1},
			[]string{"Limits.Idle is 1h0m0.000000001s", "Limits.Age is 1h0m0s"}},
		"idle without age": {realtime.Limits{Idle: time.Hour}, realtime.Limits{Idle: time.Hour, Age: time.Minute}, []string{"Limits.Age is 1m0s"}},
		"many channels": {realtime.Limits{Channels: 6399}, realtime.Limits{Channels: 6400},
			[]string{"Limits.Channels is 6400", "Limits.CommandBurst is 6400", "raise CommandBurst to 6401"}},
		"long messages": {realtime.Limits{MessageBytes: 16 << 20}, realtime.Limits{MessageBytes: 16<<20 + 1},
			[]string{"Limits.QueueBytes is 33554432", "raise QueueBytes to 33554434"}},
		"no room for any": {realtime.Limits{CommandsPerFrame: 2}, realtime.Limits{CommandsPerFrame: 1}, []string{"Limits.Channels is 1", "raise CommandsPerFrame to 2"}},
		"beyond all measure": {realtime.Limits{Connections: math.MaxInt}, realtime.Limits{Channels: math.MaxInt, CommandsPerFrame: math.MaxInt, CommandBurst: math.MaxInt},
			[]string{"Limits.Channels is"}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := build(t, test.fits); err != nil {
				t.Errorf("what fits: got %v", err)
			}
			wantConfig(t, build(t, test.over), test.words...)
		})
	}
}

// TestLimits_alone: each may be set to less without the others, and none to less
// than nothing.
func TestLimits_alone(t *testing.T) {
	smallest := map[string]int64{"CommandsPerFrame": 2, "CommandBurst": 2, "MessageBytes": 290, "QueueBytes": 580}
	fields := reflect.TypeFor[realtime.Limits]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		t.Run(name, func(t *testing.T) {
			var limits realtime.Limits
			field := reflect.ValueOf(&limits).Elem().Field(i)
			give := func(n int64) {
				if field.CanInt() {
					field.SetInt(n)
					return
				}
				field.SetFloat(float64(n))
			}
			give(max(smallest[name], 1))
			if err := build(t, limits); err != nil {
				t.Errorf("alone: got %v, want a hub", err)
			}
			give(-1)
			wantConfig(t, build(t, limits), "Limits."+name+" is -1")
		})
	}
	wantConfig(t, build(t, realtime.Limits{CommandsPerSecond: math.NaN()}), "Limits.CommandsPerSecond is NaN")
}

// TestLimits_tokens: a channel that takes tokens needs longer frames. Channels that
// nobody has set become fewer, those that somebody has are refused.
func TestLimits_tokens(t *testing.T) {
	read := func(context.Context, string) (realtime.SubscriptionClaims, error) {
		return realtime.SubscriptionClaims{}, nil
	}
	for name, test := range map[string]struct {
		limits realtime.Limits
		words  []string // of the error, none where there is none
	}{
		"defaults":              {limits: realtime.Limits{}},
		"just enough":           {limits: realtime.Limits{Channels: 20, MessageBytes: 21 * 455}},
		"one byte less":         {realtime.Limits{Channels: 20, MessageBytes: 21*455 - 1}, []string{"Limits.Channels is 20", "Limits.MessageBytes is 9554", "raise MessageBytes to 9555 or lower Channels to 19"}},
		"smaller frames alone":  {limits: realtime.Limits{MessageBytes: 2 * 455}},
		"no room for one token": {realtime.Limits{MessageBytes: 2*455 - 1}, []string{"Limits.MessageBytes is 909", "raise MessageBytes to"}},
	} {
		for kind, rule := range map[string]realtime.ChannelRule{"RequireToken": realtime.RequireToken(read), "ReadToken": realtime.ReadToken(read)} {
			t.Run(name+", "+kind, func(t *testing.T) {
				c := newTestHub(t, func(c *realtime.Config) { c.Limits = test.limits })
				err := c.hub.Channel("signed:{id}", realtime.ChannelOptions{}, rule, realtime.AllowSubscribe(realtime.AllowAll))
				if test.words == nil {
					if err != nil {
						t.Errorf("got %v, want a channel", err)
					}
					return
				}
				wantConfig(t, err, append(test.words, `"signed:{id}"`)...)
			})
		}
	}
	t.Run("fewer channels", func(t *testing.T) {
		c := newTestHub(t, func(c *realtime.Config) { c.Limits.MessageBytes = 2 * 455 })
		if err := c.hub.Channel("signed:{id}", realtime.ChannelOptions{}, realtime.RequireToken(read)); err != nil {
			t.Fatal(err)
		}
		k := c.join("alice")
		k.say(`{"id":2,"subscribe":{"channel":"plain:1"}}`, `{"id":3,"subscribe":{"channel":"plain:2"}}`)
		k.want(`{"id":2,"subscribe":{}}`, `{"id":3,"error":{"code":106,"message":"limit exceeded"}}`)
	})
}

// TestLimits_largest_publication: one as long as a message reaches a subscriber who
// is busy reading another, at the smallest queue that is accepted.
func TestLimits_largest_publication(t *testing.T) {
	hubBubble(t, set(func(l *realtime.Limits) { l.MessageBytes, l.QueueBytes = 1000, 2000 }), func(t *testing.T, c *testHub) {
		reader, writer := c.join("alice"), c.join("bob")
		reader.say(`{"id":2,"subscribe":{"channel":"room:1"}}`)
		reader.hear()
		command := `{"id":2,"publish":{"channel":"room:1","data":""}}`
		for range 2 {
			writer.say(strings.Replace(command, `""`, `"`+long(1000-len(command))+`"`, 1))
			writer.hear()
		}
		for range 2 {
			if got := reader.hear(); !strings.Contains(got, `"data":"xxx`) || len(got) <= 1000 {
				t.Errorf("got %.200s of %d bytes, want a publication that is longer than its command", got, len(got))
			}
		}
	})
}

// TestLimits_ChannelsAlone: a limit of channels that is set alone leaves room for
// tokens.
func TestLimits_ChannelsAlone(t *testing.T) {
	c := newTestHub(t, set(func(l *realtime.Limits) { l.Channels = 500 }))
	read := func(context.Context, string) (realtime.SubscriptionClaims, error) {
		return realtime.SubscriptionClaims{}, nil
	}
	if err := c.hub.Channel("signed:{id}", realtime.ChannelOptions{}, realtime.RequireToken(read)); err != nil {
		t.Error(err)
	}
}
