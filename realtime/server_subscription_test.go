package realtime_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/yodelrt/yodel/realtime"
)

// TestTheServerSubscribesLater: a push tells the client, with the position; what
// follows comes as usual.
func TestTheServerSubscribesLater(t *testing.T) {
	c := newClub(t, nil)
	k, other := c.join("alice"), c.join("bob")
	c.publish("news", `1`)
	if n, err := c.hub.Subscribe(t.Context(), realtime.ByUser("alice"), "news"); n != 1 || err != nil {
		t.Fatalf("subscribed: got %d, %v, want 1", n, err)
	}
	k.want(`{"push":{"channel":"news","subscribe":{"recoverable":true,"epoch":"…","offset":1,"positioned":true}}}`)
	c.publish("news", `2`)
	k.want(`{"push":{"channel":"news","pub":{"data":2,"offset":2}}}`)
	k.say(`{"id":2,"subscribe":{"channel":"news"}}`)
	k.want(`{"id":2,"error":{"code":105,"message":"already subscribed"}}`)
	if n, err := c.hub.Subscribe(t.Context(), realtime.ByUser("alice"), "news"); n != 0 || !errors.Is(err, realtime.ErrSubscribed) {
		t.Errorf("again: got %d, %v", n, err)
	}
	if n, err := c.hub.Unsubscribe(t.Context(), realtime.ByUser("alice"), "news", 0, ""); n != 1 || err != nil {
		t.Errorf("unsubscribed: got %d, want 1", n)
	}
	k.want(`{"push":{"channel":"news","unsubscribe":{"code":2000,"reason":"server unsubscribe"}}}`)
	c.publish("news", `3`)
	for _, one := range []*talker{k, other} {
		one.say(`{"id":3,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
		one.want(`{"id":3,"rpc":{"data":2}}`)
	}
	if _, err := c.hub.Subscribe(t.Context(), realtime.All(), "nothing"); !errors.Is(err, realtime.ErrUnknownChannel) {
		t.Errorf("an unknown channel: got %v", err)
	}
}

// TestTheServerUnsubscribesAClientsOwn: also what the client asked for.
func TestTheServerUnsubscribesAClientsOwn(t *testing.T) {
	c := newClub(t, nil)
	k := c.join("alice")
	k.say(`{"id":2,"subscribe":{"channel":"plain:1"}}`)
	k.want(`{"id":2,"subscribe":{}}`)
	if n, err := c.hub.Unsubscribe(t.Context(), realtime.All(), "plain:1", 0, ""); n != 1 || err != nil {
		t.Errorf("unsubscribed: got %d, want 1", n)
	}
	k.want(`{"push":{"channel":"plain:1","unsubscribe":{"code":2000,"reason":"server unsubscribe"}}}`)
}

// TestSubscribedWhileConnecting: whoever is on the way in gets it as well, for
// its Connect hook may have looked too early.
func TestSubscribedWhileConnecting(t *testing.T) {
	asked, free := make(chan struct{}), make(chan struct{})
	c := newClub(t, func(config *realtime.Config) {
		config.Connect = func(context.Context, *realtime.Conn, realtime.ConnectEvent) (realtime.ConnectReply, error) {
			close(asked)
			<-free
			return realtime.ConnectReply{Channels: []string{"private:alice"}}, nil
		}
	})
	k := c.open("alice")
	k.say(`{"id":1,"connect":{}}`)
	<-asked
	if _, err := c.hub.Subscribe(t.Context(), realtime.ByUser("alice"), "news"); err != nil {
		t.Fatal(err)
	}
	c.hub.Unsubscribe(t.Context(), realtime.ByUser("alice"), "private:alice", 0, "")
	close(free)
	k.hear()
	k.want(`{"push":{"channel":"news","subscribe":{"recoverable":true,"epoch":"…","positioned":true}}}`,
		`{"push":{"channel":"private:alice","unsubscribe":{"code":2000,"reason":"server unsubscribe"}}}`)
}

// TestCountedWhileConnecting: what is promised to a connection on its way in counts
// as if it were kept already.
func TestCountedWhileConnecting(t *testing.T) {
	asked, free := make(chan struct{}), make(chan struct{})
	c := newClub(t, func(config *realtime.Config) {
		config.Connect = func(context.Context, *realtime.Conn, realtime.ConnectEvent) (realtime.ConnectReply, error) {
			close(asked)
			<-free
			return realtime.ConnectReply{}, nil
		}
	})
	k := c.open("alice")
	k.say(`{"id":1,"connect":{}}`)
	<-asked
	alice := realtime.ByUser("alice")
	if n, err := c.hub.Unsubscribe(t.Context(), alice, "news", 0, ""); n != 0 || err != nil {
		t.Errorf("unsubscribed from nothing: got %d, want 0", n)
	}
	for _, want := range []error{nil, realtime.ErrSubscribed} {
		if n, err := c.hub.Subscribe(t.Context(), alice, "news"); (n == 1) != (want == nil) || !errors.Is(err, want) {
			t.Errorf("subscribed: got %d, %v, want %v", n, err, want)
		}
	}
	for _, want := range []int{1, 0} {
		if n, err := c.hub.Unsubscribe(t.Context(), alice, "news", 0, ""); n != want || err != nil {
			t.Errorf("unsubscribed: got %d, want %d", n, want)
		}
	}
	close(free)
	k.hear()
	k.want(`{"push":{"channel":"news","subscribe":{"recoverable":true,"epoch":"…","positioned":true}}}`,
		`{"push":{"channel":"news","unsubscribe":{"code":2000,"reason":"server unsubscribe"}}}`)
}

// TestH124_H126_the_servers_subscriptions_are_judged_again: by AllowSubscribe, or
// by AllowStay where there is one; a channel with neither is the server's alone.
func TestH124_H126_the_servers_subscriptions_are_judged_again(t *testing.T) {
	var mu sync.Mutex
	member := true
	isMember := func(context.Context, *realtime.Conn, realtime.Params) error {
		mu.Lock()
		defer mu.Unlock()
		if member {
			return nil
		}
		return errors.New("not any more")
	}
	nobody := func(context.Context, *realtime.Conn, realtime.Params) error {
		return errors.New("nobody asks for this")
	}
	c := newClub(t, func(config *realtime.Config) {
		config.Connect = func(context.Context, *realtime.Conn, realtime.ConnectEvent) (realtime.ConnectReply, error) {
			return realtime.ConnectReply{Channels: []string{"asked", "staying", "servers"}}, nil
		}
	})
	for _, one := range []struct {
		pattern string
		rules   []realtime.ChannelRule
	}{
		{"asked", []realtime.ChannelRule{realtime.AllowSubscribe(isMember)}},
		{"staying", []realtime.ChannelRule{realtime.AllowSubscribe(nobody), realtime.AllowStay(isMember)}},
		{"servers", nil},
	} {
		if err := c.hub.Channel(one.pattern, realtime.ChannelOptions{}, one.rules...); err != nil {
			t.Fatal(err)
		}
	}
	k := c.join("alice")
	c.hub.Rejudge(t.Context(), realtime.ByUser("alice"))
	if channels := c.hub.Snapshot(realtime.All())[0].Channels; len(channels) != 3 {
		t.Fatalf("before: got %v, want three", channels)
	}
	mu.Lock()
	member = false
	mu.Unlock()
	c.hub.Rejudge(t.Context(), realtime.ByUser("alice"))
	heard := map[string]bool{k.hear(): true, k.hear(): true}
	for _, channel := range []string{"asked", "staying"} {
		if !heard[`{"push":{"channel":"`+channel+`","unsubscribe":{"code":2000,"reason":"permission lost"}}}`] {
			t.Errorf("%s: heard %v", channel, heard)
		}
		c.publish(channel, `"for members"`)
	}
	c.publish("servers", `1`)
	k.want(`{"push":{"channel":"servers","pub":{"data":1}}}`)
}

// TestJudgedWhileConnecting: the Connect hook has looked before the permission
// was taken away.
func TestJudgedWhileConnecting(t *testing.T) {
	asked, free := make(chan struct{}), make(chan struct{})
	c := newClub(t, func(config *realtime.Config) {
		config.Connect = func(context.Context, *realtime.Conn, realtime.ConnectEvent) (realtime.ConnectReply, error) {
			close(asked)
			<-free
			return realtime.ConnectReply{Channels: []string{"plain:1"}}, nil
		}
	})
	k := c.open("alice")
	k.say(`{"id":1,"connect":{}}`)
	<-asked
	c.mu.Lock()
	c.banned["alice"] = true
	c.mu.Unlock()
	c.hub.Rejudge(t.Context(), realtime.ByUser("alice"))
	close(free)
	k.hear()
	k.want(`{"push":{"channel":"plain:1","unsubscribe":{"code":2000,"reason":"permission lost"}}}`)
}
