package realtime_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime"
)

// hubSoak is a hub under the soak.
type hubSoak struct {
	*club
	encoder protocol.CommandEncoder
	joiner  string
	slow    bool
	waiting chan struct{}
	friend  *talker
	ears    *ears
}

func newHubSoak(t *testing.T, protobuf, slow bool) *hubSoak {
	s := &hubSoak{encoder: protocol.NewJSONCommandEncoder(), joiner: "\n", slow: slow, waiting: make(chan struct{})}
	if protobuf {
		s.encoder, s.joiner = protocol.NewProtobufCommandEncoder(), ""
	}
	s.club = newClub(t, func(c *realtime.Config) {
		withFirstToken(c)
		c.Verify = verifiedLate(c.Verify, slow, s.waiting)
		c.Message = func(context.Context, *realtime.Conn, []byte) error { return nil }
	})
	realtime.RPC(s.hub, "wait", func(ctx context.Context, _ *realtime.Conn, _ any) (int, error) {
		select {
		case <-s.waiting:
		case <-ctx.Done():
		case <-time.After(keyServerDelay): // a full inbox is not read, so the end of TCP is behind this
		}
		return 0, nil
	})
	s.friend = s.join("friend")
	s.friend.say(`{"id":2,"subscribe":{"channel":"room:1"}}`)
	s.friend.hear()
	s.ears = listen(t, s.friend.conn, soakAnswer, soakNews, soakShout)
	return s
}

// keyServerDelay is how long an answer that nobody waits for is still under way.
const keyServerDelay = 5 * time.Millisecond

type verification = func(context.Context, string) (context.Context, error)

// verifiedLate lets a verification wait, where slow, until it may go on or its
// connection has gone, after which it still says yes.
func verifiedLate(verify verification, slow bool, may <-chan struct{}) verification {
	return func(ctx context.Context, token string) (context.Context, error) {
		if slow {
			select {
			case <-may:
			case <-ctx.Done():
				<-time.After(keyServerDelay)
			}
		}
		return verify(ctx, token)
	}
}

// What the neighbour must hear at the end.
const (
	soakAnswer = `{"id":900,"rpc":{"data":42}}`
	soakNews   = `"news for the neighbour"`
	soakShout  = `"a word to all"`
)

func (s *hubSoak) neighbour() {
	s.t.Helper()
	s.friend.say(`{"id":900,"rpc":{"method":"add","data":{"A":20,"B":22}}}`)
	s.ears.want(soakAnswer)
	s.publish("room:1", soakNews)
	s.ears.want(soakNews)
	if _, err := s.hub.Send(s.t.Context(), realtime.All(), []byte(soakShout)); err != nil {
		s.t.Fatal(err)
	}
	s.ears.want(soakShout)
}

// settle waits until no verification is under way any more.
func (s *hubSoak) settle() {
	if s.slow {
		<-time.After(2 * keyServerDelay)
	}
}

func (s *hubSoak) alone() {
	s.t.Helper()
	s.settle()
	if !forAWhile(func() bool { return len(s.hub.Snapshot(realtime.All())) == 1 && s.hub.Stats().Pending == 0 }) {
		s.t.Errorf("after the end of TCP: got %+v, want the neighbour alone", s.hub.Snapshot(realtime.All()))
	}
}

func (s *hubSoak) end() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.t.Context()), 10*time.Second)
	defer cancel()
	if err := s.hub.Shutdown(ctx); err != nil {
		s.t.Errorf("shutdown: got %v, want all ended", err)
	}
	s.settle()
	n, pending, channels, registered := s.hub.Connections(), s.hub.Stats().Pending, s.hub.Channels(), s.hub.Snapshot(realtime.All())
	if n != 0 || pending != 0 || len(channels) != 0 || len(registered) != 0 {
		s.t.Errorf("left behind: got %d connections, %d pending, %d registered, channels %v, want none", n, pending, len(registered), channels)
	}
}

func (s *hubSoak) address() string { return s.server.Listener.Addr().String() }

func (s *hubSoak) encode(command *protocol.Command) string {
	data, err := s.encoder.Encode(command)
	if err != nil {
		return "" // what this encoding can't say, such as data that is no JSON
	}
	return string(data)
}

func (s *hubSoak) login() string {
	return s.encode(&protocol.Command{Id: 1, Connect: &protocol.ConnectRequest{Token: "mallory.x"}})
}

func (s *hubSoak) command(n byte) string {
	commands := soakCommands()
	return s.encode(commands[int(n)%len(commands)])
}

func (s *hubSoak) several(commands ...string) string { return strings.Join(commands, s.joiner) }

func (s *hubSoak) big(bytes int) string {
	return s.encode(&protocol.Command{Id: 9, Rpc: &protocol.RPCRequest{Method: "wait", Data: []byte(`"` + long(bytes) + `"`)}})
}

func (s *hubSoak) release() {
	select {
	case s.waiting <- struct{}{}:
	default:
	}
}

func (s *hubSoak) act(n byte) {
	ctx, mallory := s.t.Context(), realtime.ByUser("mallory")
	switch n % 8 {
	case 0:
		s.hub.Disconnect(ctx, mallory, realtime.CloseRevoked)
	case 1:
		s.hub.Rejudge(ctx, realtime.All())
	case 2:
		_, _ = s.hub.Publish(ctx, "room:1", []byte(`{"n":1}`))
	case 3:
		_, _ = s.hub.Send(ctx, realtime.All(), []byte(`"hello"`))
	case 4:
		_, _ = s.hub.Subscribe(ctx, mallory, "news")
	case 5:
		_, _ = s.hub.Unsubscribe(ctx, mallory, "news", 0, "")
	case 6:
		_, _ = s.hub.Disconnect(ctx, mallory, realtime.CloseRevoked)
	case 7:
		_, _ = s.hub.Publish(ctx, "room:1", []byte(`not JSON`))
	}
}

// soakCommands are what a client may ask, and what none should. New ones go to the end.
func soakCommands() []*protocol.Command {
	data := protocol.Raw(`{"a":1}`)
	subscribe := func(r *protocol.SubscribeRequest) *protocol.Command { return &protocol.Command{Id: 2, Subscribe: r} }
	call := func(method, data string) *protocol.Command {
		return &protocol.Command{Id: 3, Rpc: &protocol.RPCRequest{Method: method, Data: []byte(data)}}
	}
	return []*protocol.Command{
		{Id: 1, Connect: &protocol.ConnectRequest{}},
		subscribe(&protocol.SubscribeRequest{Channel: "room:1", JoinLeave: true}),
		subscribe(&protocol.SubscribeRequest{Channel: "room:1", Recover: true, Epoch: "x", Offset: 1 << 63}),
		subscribe(&protocol.SubscribeRequest{Channel: "news", Recover: true}),
		subscribe(&protocol.SubscribeRequest{Channel: long(300)}),
		subscribe(&protocol.SubscribeRequest{}),
		subscribe(&protocol.SubscribeRequest{Channel: "room:\x00\n\u202e"}),
		subscribe(&protocol.SubscribeRequest{Channel: "room:1", Type: 1, Delta: "fossil", Flag: -1, Tf: &protocol.FilterNode{}}),
		{Id: 4, Unsubscribe: &protocol.UnsubscribeRequest{Channel: "room:1"}},
		{Id: 5, Publish: &protocol.PublishRequest{Channel: "room:1", Data: data}},
		{Id: 5, Publish: &protocol.PublishRequest{Channel: "plain:1", Data: data}},
		{Id: 6, Presence: &protocol.PresenceRequest{Channel: "room:1"}},
		{Id: 6, PresenceStats: &protocol.PresenceStatsRequest{Channel: "room:1"}},
		{Id: 7, History: &protocol.HistoryRequest{Channel: "room:1", Limit: 1 << 30, Since: &protocol.StreamPosition{Offset: 1 << 63}}},
		{Id: 7, History: &protocol.HistoryRequest{Channel: "room:1", Limit: -2, Reverse: true}},
		call("add", `{"A":1,"B":2}`),
		call("wait", `{}`),
		call("fail", `"panic"`),
		call("fail", `"close"`),
		call("fail", strings.Repeat("[", 5000)+strings.Repeat("]", 5000)),
		{Send: &protocol.SendRequest{Data: data}},
		{Id: 8, Refresh: &protocol.RefreshRequest{Token: "mallory.x"}},
		{Id: 8, SubRefresh: &protocol.SubRefreshRequest{Channel: "room:1", Token: "x"}},
		{Id: 8, Ping: &protocol.PingRequest{}},
		{},
		{Rpc: &protocol.RPCRequest{Method: "add", Data: data}},
		{Id: 9, Rpc: &protocol.RPCRequest{Method: "add"}, Publish: &protocol.PublishRequest{Channel: "room:1", Data: data}},
		{Id: 5, Publish: &protocol.PublishRequest{Channel: "room:1", Data: protocol.Raw("not JSON")}},
	}
}
