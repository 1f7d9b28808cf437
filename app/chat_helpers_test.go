package app_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/centrifugal/centrifuge-go"
	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/store/storetest"
)

// inEachDatabase runs a test on the whole application with each kind of database.
func inEachDatabase(t *testing.T, test func(h *house)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { test(newHouse(t)) })
	t.Run("PostgreSQL", func(t *testing.T) {
		address := storetest.Address(t)
		test(newHouse(t, func(c *app.Config) { c.DatabaseURL = address }))
	})
}

// person is somebody at a page: a browser session and a socket of the official
// client, with what it hears.
type person struct {
	*visitor
	socket  *centrifuge.Client
	welcome wire.Welcome
	client  string
	heard   chan event // of every channel that is followed, and outside of any
	ended   chan centrifuge.DisconnectedEvent
	cuts    chan centrifuge.UnsubscribedEvent
}

type event struct {
	channel string
	Type    string `json:"type"`
	RoomID  string `json:"room_id"`
	Seq     int64  `json:"seq"`
	raw     string
	who     centrifuge.ClientInfo // of joins and leaves
}

func eventOf(channel string, data []byte) event {
	e := event{channel: channel, raw: string(data)}
	_ = json.Unmarshal(data, &e)
	return e
}

// arrives signs somebody in and opens a socket.
func (h *house) arrives(username string) *person {
	h.t.Helper()
	return h.signedIn(username).connects()
}

func (v *visitor) connects() *person {
	v.t.Helper()
	p := &person{visitor: v, heard: make(chan event, 1000), cuts: make(chan centrifuge.UnsubscribedEvent, 10)}
	connected := make(chan centrifuge.ConnectedEvent, 10)
	p.ended = make(chan centrifuge.DisconnectedEvent, 10)
	p.socket = centrifuge.NewJsonClient("ws"+v.server.URL[len("http"):]+"/ws?token="+v.token(), centrifuge.Config{})
	p.socket.OnConnected(func(e centrifuge.ConnectedEvent) { connected <- e })
	p.socket.OnDisconnected(func(e centrifuge.DisconnectedEvent) { p.ended <- e })
	p.socket.OnMessage(func(e centrifuge.MessageEvent) { p.heard <- eventOf("", e.Data) })
	p.socket.OnPublication(func(e centrifuge.ServerPublicationEvent) { p.heard <- eventOf(e.Channel, e.Data) })
	v.t.Cleanup(p.socket.Close)
	if err := p.socket.Connect(); err != nil {
		v.t.Fatal(err)
	}
	first := <-connected
	p.client = first.ClientID
	if err := json.Unmarshal(first.Data, &p.welcome); err != nil {
		v.t.Fatalf("welcome: %v %s", err, first.Data)
	}
	return p
}

func (p *person) id() string { return p.welcome.Me.ID }

// follows subscribes and waits for the answer, nil where it may.
func (p *person) follows(channel string) error {
	p.t.Helper()
	_, _, err := p.subscribes(channel, centrifuge.SubscriptionConfig{JoinLeave: true})
	return err
}

func (p *person) subscribes(channel string, config centrifuge.SubscriptionConfig) (*centrifuge.Subscription, centrifuge.SubscribedEvent, error) {
	p.t.Helper()
	sub, err := p.socket.NewSubscription(channel, config)
	if err != nil {
		p.t.Fatal(err)
	}
	subscribed := make(chan centrifuge.SubscribedEvent, 1)
	failed := make(chan error, 10)
	sub.OnSubscribed(func(e centrifuge.SubscribedEvent) { subscribed <- e })
	sub.OnUnsubscribed(func(e centrifuge.UnsubscribedEvent) {
		failed <- &centrifuge.Error{Code: e.Code, Message: e.Reason}
		p.cuts <- e
	})
	sub.OnPublication(func(e centrifuge.PublicationEvent) { p.heard <- eventOf(channel, e.Data) })
	sub.OnJoin(func(e centrifuge.JoinEvent) { p.heard <- event{channel: channel, Type: "join", who: e.ClientInfo} })
	sub.OnLeave(func(e centrifuge.LeaveEvent) { p.heard <- event{channel: channel, Type: "leave", who: e.ClientInfo} })
	if err := sub.Subscribe(); err != nil {
		p.t.Fatal(err)
	}
	select {
	case e := <-subscribed:
		return sub, e, nil
	case err := <-failed:
		return sub, centrifuge.SubscribedEvent{}, err
	}
}

// next waits for an event of a type, empty for any.
func (p *person) next(kind string) event {
	p.t.Helper()
	for {
		select {
		case e := <-p.heard:
			if e.Type == kind || kind == "" {
				return e
			}
		case <-p.t.Context().Done():
			p.t.Fatalf("no %s", kind)
		}
	}
}

// call makes a call over the socket.
func call[Out any](p *person, method string, in any) (out Out, err error) {
	p.t.Helper()
	data, err := json.Marshal(in)
	if err != nil {
		p.t.Fatal(err)
	}
	answer, err := p.socket.RPC(p.t.Context(), method, data)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(answer.Data, &out); err != nil {
		p.t.Fatalf("%s: %v: %s", method, err, answer.Data)
	}
	return out, nil
}

// calls makes a call that must succeed.
func calls[Out any](p *person, method string, in any) Out {
	p.t.Helper()
	out, err := call[Out](p, method, in)
	if err != nil {
		p.t.Fatalf("%s: %v", method, err)
	}
	return out
}

// code is that of a refused call, 0 where it was not.
func (p *person) code(method string, in any) uint32 {
	p.t.Helper()
	_, err := call[json.RawMessage](p, method, in)
	var refused *centrifuge.Error
	if err != nil && !errors.As(err, &refused) {
		p.t.Fatalf("%s: %v", method, err)
	}
	if refused == nil {
		return 0
	}
	return refused.Code
}

func (p *person) room(kind, name string, guests ...string) wire.MyRoom {
	p.t.Helper()
	made := calls[wire.MyRoom](p, "room.create", wire.CreateRoom{Kind: kind, Name: name})
	for _, guest := range guests {
		p.brings(made.ID, guest)
	}
	return made
}

// brings invites somebody, who accepts on another device.
func (p *person) brings(roomID, guest string) {
	p.t.Helper()
	calls[wire.Kept](p, "room.invite", wire.RoomPerson{RoomID: roomID, Username: guest})
	there := p.arrives(guest)
	defer there.socket.Close()
	calls[wire.MyRoom](there, "invitation.accept", wire.RoomRef{RoomID: roomID})
}

func (p *person) say(roomID, text string) wire.Message {
	p.t.Helper()
	return calls[wire.Message](p, "message.send", wire.SendMessage{RoomID: roomID, Key: uuid.NewString(), Text: text})
}

// fetch reads JSON over HTTP.
func fetch[Out any](v *visitor, path string) (out Out) {
	v.t.Helper()
	status, body := v.do(http.MethodGet, path, "", nil)
	if err := json.Unmarshal([]byte(body), &out); err != nil || status != http.StatusOK {
		v.t.Fatalf("%s: %d %s", path, status, body)
	}
	return out
}

func (v *visitor) send(method, path string, body any) (int, string) {
	v.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.do(method, path, string(data), http.Header{"Content-Type": {"application/json"}, "Origin": {v.server.URL}})
}

func errorCode(err error) uint32 {
	var refused *centrifuge.Error
	if errors.As(err, &refused) {
		return refused.Code
	}
	return 0
}
