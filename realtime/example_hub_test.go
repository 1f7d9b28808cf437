package realtime_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/observe"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// stage is a hub with somebody connected to it, for the examples. They listen by
// a client of the test kit; in the field that is centrifuge-js or one of its kin.
type stage struct {
	testing.TB
	hub      *realtime.Hub
	server   *realtimetest.Server
	cleanups []func()
}

func newStage(config realtime.Config) *stage {
	config.Principal, config.Engine = realtimetest.Principal, memory.New()
	hub, err := realtime.New(config)
	if err != nil {
		panic(err)
	}
	s := &stage{hub: hub}
	s.server = realtimetest.Serve(s, hub)
	return s
}

func (s *stage) join(user string) *realtimetest.Client {
	return s.server.Connect(realtime.Principal{UserID: user, SessionID: "session of " + user, Carrier: "cookie"})
}

func (s *stage) Helper()                   {}
func (s *stage) Context() context.Context  { return context.Background() }
func (s *stage) Cleanup(f func())          { s.cleanups = append(s.cleanups, f) }
func (s *stage) Errorf(f string, a ...any) { fmt.Printf(f+"\n", a...) }
func (s *stage) Fatalf(f string, a ...any) { panic(fmt.Sprintf(f, a...)) }

func (s *stage) over() {
	for i := len(s.cleanups) - 1; i >= 0; i-- {
		s.cleanups[i]()
	}
}

// A room is for its members, its history for an hour.
func ExampleHub_Channel() {
	s := newStage(realtime.Config{})
	defer s.over()
	members := map[string]string{"42": "alice"}
	isMember := func(_ context.Context, c *realtime.Conn, p realtime.Params) error {
		if members[p.Get("id")] != c.Principal().UserID {
			return errors.New("not a member") // the client reads: permission denied
		}
		return nil
	}
	options := realtime.ChannelOptions{History: 100, HistoryTTL: time.Hour, Recover: true, Presence: true, JoinLeave: true}
	err := s.hub.Channel("room:{id}", options, realtime.AllowSubscribe(isMember), realtime.AllowPublish(isMember))
	fmt.Println(err)
	fmt.Println(s.join("bob").Command(`"subscribe":{"channel":"room:42"}`).Error.Message)
	fmt.Println(s.hub.Channel("news", realtime.ChannelOptions{}))
	// Output:
	// <nil>
	// permission denied
	// realtime: refused configuration: a declaration after the first request; declare everything before
}

// A call has types; what is wrong with its input is told in words.
func ExampleRPC() {
	s := newStage(realtime.Config{})
	defer s.over()
	realtime.RPC(s.hub, "order", func(_ context.Context, c *realtime.Conn, in order) (string, error) {
		return fmt.Sprintf("%d cups for %s", in.Cups, c.Principal().UserID), nil
	})
	alice := s.join("alice")
	fmt.Println(string(alice.Call("order", order{Cups: 2}).RPC.Data))
	fmt.Println(alice.Call("order", order{}).Error.Message)
	// Output:
	// "2 cups for alice"
	// order at least one cup
}

// To a channel, once for each key, and to everybody but the sender.
func ExampleHub_Publish() {
	s := newStage(realtime.Config{})
	defer s.over()
	_ = s.hub.Channel("news", realtime.ChannelOptions{History: 10, HistoryTTL: time.Hour, Recover: true}, realtime.AllowSubscribe(realtime.AllowAll))
	alice := s.join("alice")
	alice.Subscribe("news")
	event, _ := realtime.Event(map[string]string{"headline": "tea is ready"})
	for range 2 {
		position, err := s.hub.Publish(context.Background(), "news", event, realtime.WithKey("tea-1"))
		fmt.Println(position.Offset, err)
	}
	_, _ = s.hub.Publish(context.Background(), "news", []byte(`"for the others"`), realtime.ExceptUser("alice"))
	_, _ = s.hub.Publish(context.Background(), "news", []byte(`"for all"`))
	fmt.Println(string(alice.Next().Pub.Data))
	fmt.Println(string(alice.Next().Pub.Data))
	// Output:
	// 1 <nil>
	// 1 <nil>
	// {"headline":"tea is ready"}
	// "for all"
}

// What should never have been said is gone, also for those who were away.
func ExampleHub_RemoveHistory() {
	s := newStage(realtime.Config{})
	defer s.over()
	_ = s.hub.Channel("news", realtime.ChannelOptions{History: 10, HistoryTTL: time.Hour, Recover: true}, realtime.AllowSubscribe(realtime.AllowAll))
	before, _ := s.hub.Publish(context.Background(), "news", []byte(`"a password, by mistake"`))
	fmt.Println(s.hub.RemoveHistory(context.Background(), "news"))
	after, _ := s.hub.Publish(context.Background(), "news", []byte(`"hello"`))
	fmt.Println(after.Offset, after.Epoch == before.Epoch)
	// Output:
	// <nil>
	// 1 false
}

// To every device of a user.
func ExampleHub_Send() {
	s := newStage(realtime.Config{})
	defer s.over()
	phone, laptop := s.join("alice"), s.join("alice")
	n, err := s.hub.Send(context.Background(), realtime.ByUser("alice"), []byte(`"hello"`))
	fmt.Println(n, err, string(phone.Next().Message.Data), string(laptop.Next().Message.Data))
	// Output: 2 <nil> "hello" "hello"
}

// To every connection.
func ExampleHub_Send_all() {
	s := newStage(realtime.Config{})
	defer s.over()
	alice, bob := s.join("alice"), s.join("bob")
	n, err := s.hub.Send(context.Background(), realtime.All(), []byte(`"we close at five"`))
	fmt.Println(n, err, string(alice.Next().Message.Data), string(bob.Next().Message.Data))
	// Output: 2 <nil> "we close at five" "we close at five"
}

// A logout ends that session's sockets, a new password all that are older.
func ExampleHub_Disconnect() {
	s := newStage(realtime.Config{})
	defer s.over()
	alice := s.join("alice")
	fmt.Println(s.hub.Disconnect(context.Background(), realtime.BySession("session of alice"), realtime.CloseRevoked))
	alice.WantEnd(realtime.CloseRevoked)
	fmt.Println(s.hub.Disconnect(context.Background(), realtime.ByUserBefore("bob", 2), realtime.CloseRevoked))
	// Output:
	// 1 <nil>
	// 0 <nil>
}

// What the server reads of a channel, within the bounds of the clients.
func ExampleHub_History() {
	s := newStage(realtime.Config{Connect: func(_ context.Context, c *realtime.Conn, _ realtime.ConnectEvent) (realtime.ConnectReply, error) {
		return realtime.ConnectReply{Info: []byte(`{"name":"Alice"}`)}, nil
	}})
	defer s.over()
	_ = s.hub.Channel("news", realtime.ChannelOptions{History: 10, HistoryTTL: time.Hour, Presence: true}, realtime.AllowSubscribe(realtime.AllowAll))
	s.join("alice").Subscribe("news")
	for _, line := range []string{`"one"`, `"two"`, `"three"`} {
		_, _ = s.hub.Publish(context.Background(), "news", []byte(line))
	}
	latest, err := s.hub.History(context.Background(), "news", realtime.HistoryQuery{Limit: 2, Reverse: true})
	fmt.Println(string(latest.Publications[0].Data), string(latest.Publications[1].Data), latest.More, err)
	there, _ := s.hub.Presence(context.Background(), "news")
	for _, one := range there {
		fmt.Println(one.User, string(one.Conn))
	}
	// Output:
	// "three" "two" true <nil>
	// alice {"name":"Alice"}
}

// Whoever loses a permission loses the subscriptions that it has allowed.
func ExampleHub_Rejudge() {
	s := newStage(realtime.Config{})
	defer s.over()
	banned := false
	_ = s.hub.Channel("room:{id}", realtime.ChannelOptions{}, realtime.AllowSubscribe(func(context.Context, *realtime.Conn, realtime.Params) error {
		if banned {
			return realtime.ErrPermissionDenied
		}
		return nil
	}))
	alice := s.join("alice")
	alice.Subscribe("room:1")
	alice.Call("nothing", nil) // the subscription stands
	banned = true
	fmt.Println(s.hub.Rejudge(context.Background(), realtime.ByUser("alice")), "connections ended")
	fmt.Println(alice.Next().Unsubscribe.Reason)
	// Output:
	// 0 connections ended
	// permission lost
}

// The server subscribes a user to a room that was just made.
func ExampleHub_Subscribe() {
	s := newStage(realtime.Config{})
	defer s.over()
	_ = s.hub.Channel("room:{id}", realtime.ChannelOptions{})
	alice := s.join("alice")
	n, err := s.hub.Subscribe(context.Background(), realtime.ByUser("alice"), "room:1")
	fmt.Println(n, err, alice.Next().Subscribe != nil)
	_, _ = s.hub.Publish(context.Background(), "room:1", []byte(`"welcome"`))
	fmt.Println(string(alice.Next().Pub.Data))
	n, err = s.hub.Unsubscribe(context.Background(), realtime.ByUser("alice"), "room:1", 2100, "the room was closed")
	ended := alice.Next().Unsubscribe
	fmt.Println(n, err, ended.Code, ended.Reason)
	// Output:
	// 1 <nil> true
	// "welcome"
	// 1 <nil> 2100 the room was closed
}

// The end: nobody new, everybody told, handlers waited for.
func ExampleHub_Shutdown() {
	s := newStage(realtime.Config{DrainSpread: time.Millisecond})
	defer s.over()
	alice := s.join("alice")
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	fmt.Println(s.hub.Shutdown(ctx), s.hub.Connections())
	alice.WantEnd(realtime.CloseShutdown)
	// Output: <nil> 0
}

// A page that was shown to somebody carries the right to its channel.
func ExampleRequireToken() {
	s := newStage(realtime.Config{})
	defer s.over()
	verify := func(_ context.Context, token string) (realtime.SubscriptionClaims, error) { // yours checks a signature
		channel, user, ok := strings.Cut(token, " for ")
		if !ok {
			return realtime.SubscriptionClaims{}, errors.New("not a token")
		}
		return realtime.SubscriptionClaims{Channel: channel, UserID: user}, nil
	}
	_ = s.hub.Channel("page:{id}", realtime.ChannelOptions{}, realtime.RequireToken(verify))
	alice := s.join("alice")
	fmt.Println(alice.Command(`"subscribe":{"channel":"page:1"}`).Error.Message)
	fmt.Println(alice.Command(`"subscribe":{"channel":"page:1","token":"page:1 for alice"}`).Raw)
	// Output:
	// permission denied
	// {"id":3,"subscribe":{}}
}

// How a connection and a channel stand, for a page of the operators.
func ExampleHub_Snapshot() {
	s := newStage(realtime.Config{})
	defer s.over()
	_ = s.hub.Channel("room:{id}", realtime.ChannelOptions{}, realtime.AllowSubscribe(realtime.AllowAll))
	alice := s.join("alice")
	alice.Subscribe("room:1")
	for _, state := range s.hub.Snapshot(realtime.ByUser("alice")) {
		fmt.Println(state.User, state.Carrier, state.Channels, state.QueueBytes)
	}
	for _, state := range s.hub.ChannelStates() {
		fmt.Println(state.Name, state.Pattern, state.Subscribers, state.Publications)
	}
	fmt.Println(s.hub.Refusals()["connections_per_user"])
	// Output:
	// alice cookie [room:1] 0
	// room:1 room:{id} 1 0
	// 0
}

// Who is connected to any node, page by page, and the end of one connection.
func ExampleHub_ClusterInfo() {
	s := newStage(realtime.Config{})
	defer s.over()
	s.join("alice")
	s.join("bob")
	query := cluster.InfoQuery{By: realtime.All(), Connections: 1}
	for more := true; more; {
		found, err := s.hub.ClusterInfo(context.Background(), query)
		if err != nil {
			fmt.Println(err) // the other nodes were not asked
		}
		var page []cluster.ConnState
		page, more = found.Connections(1)
		for _, one := range page {
			fmt.Println(one.User, "of", found.Selected())
			query.After = one.Cursor()
		}
	}
	n, err := s.hub.Disconnect(context.Background(), realtime.ByClient(query.After.Client), realtime.CloseInvalidated)
	fmt.Println(n, "has to come back", err)
	// Output:
	// alice of 2
	// bob of 2
	// 1 has to come back <nil>
}

// An observer of your own beside those of packages prom and otelrt.
func ExampleObserver() {
	s := newStage(realtime.Config{Observers: []observe.Observer{{
		Command: func(ctx context.Context, command observe.Command) (context.Context, func(uint32)) {
			return ctx, func(code uint32) { fmt.Println(command.Kind, command.Call, code) }
		},
	}}})
	defer s.over()
	realtime.RPC(s.hub, "greet", func(context.Context, *realtime.Conn, any) (string, error) { return "hello", nil })
	alice := s.join("alice")
	alice.Call("greet", nil)
	alice.Call("anything", nil)
	// Output:
	// connect  0
	// rpc greet 0
	// rpc  104
}
