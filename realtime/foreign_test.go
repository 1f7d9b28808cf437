package realtime_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/centrifugal/centrifuge-go"

	"github.com/yodelrt/yodel/realtime"
)

// foreign is the official Go client, unmodified.
type foreign struct {
	t            *testing.T
	client       *centrifuge.Client
	connected    chan centrifuge.ConnectedEvent
	disconnected chan centrifuge.DisconnectedEvent
	connecting   chan centrifuge.ConnectingEvent
	messages     chan string
}

func (c *club) foreign(protobuf bool, user string) *foreign {
	c.t.Helper()
	f := c.dialForeign(protobuf, user)
	<-f.connected
	return f
}

// dialForeign lets the client connect and waits for nothing.
func (c *club) dialForeign(protobuf bool, user string) *foreign {
	c.t.Helper()
	config := centrifuge.Config{Header: http.Header{"Test-User": {user}}}
	url := "ws" + strings.TrimPrefix(c.server.URL, "http")
	build := centrifuge.NewJsonClient
	if protobuf {
		build = centrifuge.NewProtobufClient
	}
	f := &foreign{
		t: c.t, client: build(url, config), connected: make(chan centrifuge.ConnectedEvent, 10),
		disconnected: make(chan centrifuge.DisconnectedEvent, 10), connecting: make(chan centrifuge.ConnectingEvent, 10), messages: make(chan string, 100),
	}
	f.client.OnConnected(func(e centrifuge.ConnectedEvent) { f.connected <- e })
	f.client.OnConnecting(func(e centrifuge.ConnectingEvent) { f.connecting <- e })
	f.client.OnDisconnected(func(e centrifuge.DisconnectedEvent) { f.disconnected <- e })
	f.client.OnMessage(func(e centrifuge.MessageEvent) { f.messages <- string(e.Data) })
	c.t.Cleanup(f.client.Close)
	if err := f.client.Connect(); err != nil {
		c.t.Fatal(err)
	}
	return f
}

// follower is a subscription of the official client.
type follower struct {
	sub        *centrifuge.Subscription
	subscribed chan centrifuge.SubscribedEvent
	heard      chan centrifuge.PublicationEvent
	joined     chan centrifuge.JoinEvent
	left       chan centrifuge.LeaveEvent
	refused    chan error
	ended      chan centrifuge.UnsubscribedEvent
}

func (f *foreign) follow(channel string) *follower {
	f.t.Helper()
	sub, err := f.client.NewSubscription(channel, centrifuge.SubscriptionConfig{JoinLeave: true})
	if err != nil {
		f.t.Fatal(err)
	}
	s := &follower{
		sub: sub, subscribed: make(chan centrifuge.SubscribedEvent, 10), heard: make(chan centrifuge.PublicationEvent, 1000),
		joined: make(chan centrifuge.JoinEvent, 10), left: make(chan centrifuge.LeaveEvent, 10), refused: make(chan error, 10), ended: make(chan centrifuge.UnsubscribedEvent, 10),
	}
	sub.OnSubscribed(func(e centrifuge.SubscribedEvent) { s.subscribed <- e })
	sub.OnPublication(func(e centrifuge.PublicationEvent) { s.heard <- e })
	sub.OnJoin(func(e centrifuge.JoinEvent) { s.joined <- e })
	sub.OnLeave(func(e centrifuge.LeaveEvent) { s.left <- e })
	sub.OnError(func(e centrifuge.SubscriptionErrorEvent) { s.refused <- e.Error })
	sub.OnUnsubscribed(func(e centrifuge.UnsubscribedEvent) { s.ended <- e })
	if err := sub.Subscribe(); err != nil {
		f.t.Fatal(err)
	}
	return s
}

func TestTheOfficialGoClient(t *testing.T) {
	for name, protobuf := range map[string]bool{"JSON": false, "protobuf": true} {
		t.Run(name, func(t *testing.T) {
			c := newClub(t, nil)
			alice, bob := c.foreign(protobuf, "alice"), c.foreign(!protobuf, "bob") // they speak differently
			a, b := alice.follow("room:1"), bob.follow("room:1")
			<-a.subscribed
			<-b.subscribed
			if _, err := a.sub.Publish(t.Context(), []byte(`{"from":"alice"}`)); err != nil {
				t.Fatal(err)
			}
			for who, s := range map[string]*follower{"alice": a, "bob": b} {
				if got := <-s.heard; string(got.Data) != `{"from":"alice"}` || got.Offset != 1 || got.Info.User != "alice" {
					t.Errorf("%s heard %s at %d from %v", who, got.Data, got.Offset, got.Info)
				}
			}
			presence, err := a.sub.PresenceStats(t.Context())
			if err != nil || presence.NumClients != 2 {
				t.Errorf("presence: got %+v, %v", presence, err)
			}
			history, err := a.sub.History(t.Context(), centrifuge.WithHistoryLimit(-1))
			if err != nil || len(history.Publications) != 1 || history.Offset != 1 {
				t.Errorf("history: got %+v, %v", history, err)
			}
			answer, err := alice.client.RPC(t.Context(), "add", []byte(`{"A":20,"B":22}`))
			if err != nil || string(answer.Data) != "42" {
				t.Errorf("rpc: got %s, %v", answer.Data, err)
			}
			var failure *centrifuge.Error
			if _, err := alice.client.RPC(t.Context(), "nothing", nil); !errors.As(err, &failure) || failure.Code != 104 {
				t.Errorf("rpc of nothing: got %v, want error 104", err)
			}
			if _, err := c.hub.Send(t.Context(), realtime.All(), []byte(`"all"`)); err != nil {
				t.Fatal(err)
			}
			for _, f := range []*foreign{alice, bob} {
				if got := <-f.messages; got != `"all"` {
					t.Errorf("broadcast: got %s", got)
				}
			}
			if err := b.sub.Unsubscribe(); err != nil {
				t.Fatal(err)
			}
			if left := <-a.left; left.User != "bob" {
				t.Errorf("leave: got %v", left.ClientInfo)
			}
		})
	}
}

func TestTheOfficialGoClientRecovers(t *testing.T) {
	for name, protobuf := range map[string]bool{"JSON": false, "protobuf": true} {
		t.Run(name, func(t *testing.T) {
			c := newClub(t, nil)
			f := c.foreign(protobuf, "alice")
			s := f.follow("room:1")
			<-s.subscribed
			c.publish("room:1", `1`)
			if got := <-s.heard; string(got.Data) != "1" {
				t.Fatalf("heard %s", got.Data)
			}
			c.hub.Disconnect(t.Context(), realtime.ByUser("alice"), realtime.CloseInsufficientState) // it may come back
			<-c.ended
			for _, data := range []string{`2`, `3`} {
				c.publish("room:1", data)
			}
			if again := <-s.subscribed; !again.Recovered || !again.WasRecovering {
				t.Errorf("resubscribed: got %+v", again)
			}
			c.publish("room:1", `4`)
			for _, want := range []string{"2", "3", "4"} {
				if got := <-s.heard; string(got.Data) != want {
					t.Errorf("heard %s, want %s", got.Data, want)
				}
			}
		})
	}
}

// TestWhatTheOfficialGoClientDoesAfterACode holds our idea of terminal codes
// against the client's.
func TestWhatTheOfficialGoClientDoesAfterACode(t *testing.T) {
	for _, reason := range []realtime.Close{
		realtime.CloseNormal, realtime.CloseInvalidUTF8, realtime.CloseTooBig, realtime.CloseSubscriptionExpired,
		realtime.CloseInternal, realtime.CloseExpired, realtime.CloseSlow, realtime.CloseInsufficientState, realtime.CloseNoPong, realtime.CloseFlood, realtime.CloseInvalidated, realtime.CloseShutdown,
		realtime.CloseInvalidToken, realtime.CloseBadRequest, realtime.CloseStale, realtime.CloseRevoked, realtime.CloseConnectionLimit, realtime.CloseNotAvailable, realtime.CloseTooManyErrors,
	} {
		t.Run(reason.Reason, func(t *testing.T) {
			c := newClub(t, nil)
			f := c.foreign(false, "alice")
			for len(f.connecting) > 0 {
				<-f.connecting
			}
			c.hub.Disconnect(context.WithoutCancel(t.Context()), realtime.All(), reason)
			select {
			case e := <-f.connecting:
				if reason.Terminal() && reason != realtime.CloseTooBig { // after which this one client comes back
					t.Errorf("it came back after %d (%d)", reason.Code, e.Code)
				}
			case e := <-f.disconnected:
				if !reason.Terminal() || int(e.Code) != reason.Code {
					t.Errorf("it stayed away after %d (%d %s)", reason.Code, e.Code, e.Reason)
				}
			}
		})
	}
}
