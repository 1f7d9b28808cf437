package realtime_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
)

// TestRemoveHistory_Subscriber: a subscriber is told that its position is lost,
// and coming back it learns that it can't recover.
func TestRemoveHistory_Subscriber(t *testing.T) {
	c := newClub(t, nil)
	k := c.join("alice")
	k.say(`{"id":2,"subscribe":{"channel":"news"}}`)
	k.hear()
	epoch := c.publish("news", `"secret"`).Epoch
	k.hear()
	if err := c.hub.RemoveHistory(t.Context(), "news"); err != nil {
		t.Fatalf("remove: %v", err)
	}
	k.want(insufficient)
	next := c.publish("news", `1`)
	if next.Epoch == epoch || next.Offset != 1 {
		t.Errorf("the next: got %+v, want offset 1 in another epoch than %s", next, epoch)
	}
	k.say(`{"id":3,"subscribe":{"channel":"news","recover":true,"offset":1,"epoch":"` + epoch + `"}}`)
	k.want(`{"id":3,"subscribe":{"recoverable":true,"epoch":"…","offset":1,"positioned":true,"was_recovering":true}}`)
	k.say(`{"id":4,"history":{"channel":"news","limit":-1}}`)
	k.want(`{"id":4,"history":{"publications":[{"data":1,"offset":1}],"epoch":"…","offset":1}}`)
	c.publish("news", `2`)
	k.want(`{"push":{"channel":"news","pub":{"data":2,"offset":2}}}`)
}

// TestRemoveHistory_ServerSubscription: its client can't come back to the channel
// alone, so the connection ends.
func TestRemoveHistory_ServerSubscription(t *testing.T) {
	leakyClub(t, func(t *testing.T, c *club, _ *leaky) {
		k := c.open("alice")
		k.say(`{"id":1,"connect":{"name":"server"}}`)
		k.hear()
		c.publish("news", `1`)
		k.hear()
		if err := c.hub.RemoveHistory(t.Context(), "news"); err != nil {
			t.Fatalf("remove: %v", err)
		}
		k.wantClose(realtime.CloseInsufficientState)
	})
}

// removing removes a channel's history while the first subscriber asks for its
// position: before the engine answers, or after.
type removing struct {
	engine.Broker
	remover engine.Remover
	first   bool
	done    atomic.Bool
}

func (b *removing) History(ctx context.Context, channel string, query realtime.HistoryQuery) (found realtime.History, err error) {
	remove := func() {
		if err == nil && !b.done.Swap(true) {
			err = b.remover.RemoveHistory(ctx, channel)
		}
	}
	if b.first {
		remove()
	}
	if found, err = b.Broker.History(ctx, channel, query); !b.first {
		remove()
	}
	return found, err
}

func TestRemoveHistory_WhileSubscribing(t *testing.T) {
	for _, test := range []struct {
		name  string
		first bool
		want  []string
	}{
		{"before its position is known", true, []string{`{"push":{"channel":"news","pub":{"data":2,"offset":1}}}`}},
		{"after", false, []string{insufficient}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newClub(t, func(config *realtime.Config) {
				config.Engine.Broker = &removing{Broker: config.Engine.Broker, remover: config.Engine.Remover, first: test.first}
			})
			c.publish("news", `1`)
			k := c.join("alice")
			k.say(`{"id":2,"subscribe":{"channel":"news"}}`)
			k.hear()
			c.publish("news", `2`)
			k.want(test.want...)
		})
	}
}

func TestRemoveHistory_Refused(t *testing.T) {
	c := newClub(t, func(config *realtime.Config) { config.Engine.Remover = nil })
	if err := c.hub.RemoveHistory(t.Context(), "no such channel"); !errors.Is(err, realtime.ErrUnknownChannel) {
		t.Errorf("an unknown channel: got %v, want %v", err, realtime.ErrUnknownChannel)
	}
	if err := c.hub.RemoveHistory(t.Context(), "news"); !errors.Is(err, realtime.ErrNotAvailable) {
		t.Errorf("an engine that can't: got %v, want %v", err, realtime.ErrNotAvailable)
	}
}
