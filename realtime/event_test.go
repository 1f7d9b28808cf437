package realtime_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

type sent struct {
	ID   int64  `json:"id"`
	Text string `json:"text"`
}

func (sent) EventType() string { return "sent" }

type erased struct {
	ID int64 `json:"id"`
}

func (*erased) EventType() string { return "erased" }

type cleared struct{}

func (cleared) EventType() string { return "cleared" }

type typing struct {
	User string `json:"user"`
}

type notice struct {
	Text string `json:"text"`
}

func contractHub(t *testing.T) *realtime.Hub {
	t.Helper()
	hub, err := realtime.New(realtime.Config{Principal: realtimetest.Principal, Engine: memory.New()})
	if err != nil {
		t.Fatal(err)
	}
	everybody := []realtime.ChannelRule{realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowPublish(realtime.AllowAll)}
	for pattern, carries := range map[string][]realtime.ChannelRule{
		"room:{id}":   {realtime.WithEvent[sent](), realtime.WithEvent[*erased](), realtime.WithEvent[cleared]()},
		"typing:{id}": {realtime.WithEvent[typing]()},
		"free":        nil,
	} {
		if err := hub.Channel(pattern, realtime.ChannelOptions{}, append(carries, everybody...)...); err != nil {
			t.Fatal(err)
		}
	}
	if err := realtime.Message[notice](hub); err != nil {
		t.Fatal(err)
	}
	return hub
}

func TestEventsOfAChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub := contractHub(t)
		alice := realtimetest.Serve(t, hub).Connect(realtime.Principal{UserID: "alice"})
		alice.Subscribe("room:1")
		alice.Subscribe("typing:1")
		publish := func(_ realtime.Position, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		ctx := t.Context()
		publish(realtime.PublishEvent(ctx, hub, "room:1", sent{ID: 7, Text: "hello"}))
		publish(realtime.PublishEvent(ctx, hub, "room:1", erased{ID: 7}))
		publish(realtime.PublishEvent(ctx, hub, "room:1", &erased{ID: 8}))
		publish(realtime.PublishEvent[interface{ EventType() string }](ctx, hub, "room:1", cleared{}))
		hear := func(wanted ...string) {
			t.Helper()
			for _, want := range wanted {
				if got := string(alice.Next().Pub.Data); got != want {
					t.Errorf("heard %s, want %s", got, want)
				}
			}
		}
		hear(`{"type":"sent","id":7,"text":"hello"}`, `{"type":"erased","id":7}`, `{"type":"erased","id":8}`, `{"type":"cleared"}`)
		publish(realtime.PublishEvent(ctx, hub, "typing:1", typing{"bob"}))
		hear(`{"user":"bob"}`)
		if _, err := realtime.SendEvent(ctx, hub, realtime.ByUser("alice"), notice{"for you"}); err != nil {
			t.Error(err)
		}
		if _, err := realtime.SendEvent(ctx, hub, realtime.All(), notice{"for all"}); err != nil {
			t.Error(err)
		}
		for _, want := range []string{`{"text":"for you"}`, `{"text":"for all"}`} {
			if got := string(alice.Next().Message.Data); got != want {
				t.Errorf("heard %s, want %s", got, want)
			}
		}
	})
}

func TestEventsThatAreNotCarried(t *testing.T) {
	hub := contractHub(t)
	ctx := t.Context()
	for name, publish := range map[string]func() error{
		"another type":           func() error { _, err := realtime.PublishEvent(ctx, hub, "room:1", typing{}); return err },
		"a channel of raw bytes": func() error { _, err := realtime.PublishEvent(ctx, hub, "free", typing{}); return err },
		"nothing":                func() error { _, err := realtime.PublishEvent[any](ctx, hub, "room:1", nil); return err },
		"to a user":              func() error { _, err := realtime.SendEvent(ctx, hub, realtime.ByUser("alice"), typing{}); return err },
		"to everybody":           func() error { _, err := realtime.SendEvent(ctx, hub, realtime.All(), typing{}); return err },
	} {
		if err := publish(); !errors.Is(err, realtime.ErrNotCarried) {
			t.Errorf("%s: got %v, want ErrNotCarried", name, err)
		}
	}
	if _, err := realtime.PublishEvent(ctx, hub, "nowhere", sent{}); !errors.Is(err, realtime.ErrUnknownChannel) {
		t.Errorf("an unknown channel: got %v", err)
	}
	if _, err := realtime.PublishEvent[interface{ EventType() string }](ctx, hub, "room:1", (*erased)(nil)); err == nil {
		t.Error("a nil event is published")
	}
}

type sentToo struct{ sent }

type typed struct {
	Type string `json:"type"`
}

func (typed) EventType() string { return "typed" }

type typedInCapitals struct{ TYPE string }

func (typedInCapitals) EventType() string { return "typed" }

type word string

func (word) EventType() string { return "word" }

func TestEventsThatCannotShareAChannel(t *testing.T) {
	for want, carries := range map[string][]realtime.ChannelRule{
		"has no EventType": {realtime.WithEvent[sent](), realtime.WithEvent[typing]()},
		"twice":            {realtime.WithEvent[sent](), realtime.WithEvent[*sent]()},
		"has the tag sent": {realtime.WithEvent[sent](), realtime.WithEvent[sentToo]()},
		"rename":           {realtime.WithEvent[typed]()},
		"in some case":     {realtime.WithEvent[typedInCapitals]()},
		"no struct":        {realtime.WithEvent[word]()},
		"written as JSON":  {realtime.WithEvent[struct{ C chan int }]()},
	} {
		err := contractHub(t).Channel("new", realtime.ChannelOptions{}, carries...)
		if !errors.Is(err, realtime.ErrConfig) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if err := realtime.Message[typing](contractHub(t)); !errors.Is(err, realtime.ErrConfig) {
		t.Errorf("a second message without a tag: got %v", err)
	}
}

func TestPayloadsOffTheContract(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub := contractHub(t)
		called := 0
		realtime.RPC(hub, "say", func(_ context.Context, _ *realtime.Conn, in sent) (sent, error) { called++; return in, nil })
		alice := realtimetest.Serve(t, hub).Connect(realtime.Principal{UserID: "alice"})
		refused := uint64(0)
		for _, test := range []struct{ command, want string }{
			{`"rpc":{"method":"say","data":{"id":1,"text":"x"}}`, ""},
			{`"rpc":{"method":"say","data":{"id":1,"text":"x","later":{}}}`, ""},
			{`"rpc":{"method":"say","data":{"id":1}}`, "text: missing"},
			{`"rpc":{"method":"say","data":{"id":1,"text":null}}`, "text: null"},
			{`"rpc":{"method":"say","data":{"id":"1","text":"x"}}`, "id: want an integer"},
			{`"rpc":{"method":"say","data":{"id":9223372036854775808,"text":"x"}}`, "id: want an integer"},
			{`"rpc":{"method":"say"}`, "no payload"},
			{`"publish":{"channel":"room:1","data":{"type":"sent","id":1,"text":"x"}}`, ""},
			{`"publish":{"channel":"room:1","data":{"type":"cleared"}}`, ""},
			{`"publish":{"channel":"room:1","data":{"type":"sent","id":1}}`, "text: missing"},
			{`"publish":{"channel":"room:1","data":{"type":"sent","Type":"cleared"}}`, "id: missing"}, // not by the rules of cleared
			{`"publish":{"channel":"room:1","data":{"type":"other"}}`, "not one that this channel carries"},
			{`"publish":{"channel":"room:1","data":{"id":1,"text":"x"}}`, "type: missing"},
			{`"publish":{"channel":"room:1","data":["sent"]}`, "want an object"},
			{`"publish":{"channel":"typing:1","data":{"user":"alice"}}`, ""},
			{`"publish":{"channel":"typing:1","data":{"user":["alice"]}}`, "user: want a string"},
			{`"publish":{"channel":"free","data":7}`, ""},
			// One reader takes the first of two members, another the last or both.
			{`"publish":{"channel":"room:1","data":{"type":"sent","id":1,"text":"x","Type":"cleared"}}`, "type: a name that differs"},
			{`"publish":{"channel":"room:1","data":{"type":"cleared","type":"sent","id":1,"text":"x"}}`, "two members of one name"},
			{`"publish":{"channel":"room:1","data":{"type":"cleared","TYPE":"sent"}}`, "type: a name that differs"},
			{`"publish":{"channel":"room:1","data":{"Type":"cleared"}}`, "type: missing"},
			{`"publish":{"channel":"typing:1","data":{"user":"alice","User":"bob"}}`, "user: a name that differs"},
			{`"rpc":{"method":"say","data":{"id":1,"text":"x","ID":2}}`, "id: a name that differs"},
			{`"rpc":{"method":"say","data":{"id":1,"text":"x","text":"y"}}`, "two members of one name"},
			{`"rpc":{"method":"say","data":{"id":1,"text":"\ud800"}}`, "not Unicode"},
		} {
			reply := alice.Command(test.command)
			if test.want != "" {
				refused++
			}
			if (reply.Error == nil) != (test.want == "") || reply.Error != nil && (reply.Error.Code != 107 || !strings.Contains(reply.Error.Message, test.want)) {
				t.Errorf("%s: got %s, want %q", test.command, reply.Raw, test.want)
			}
			if got := hub.Stats().OffContract; got != refused {
				t.Errorf("%s: counted %d, want %d", test.command, got, refused)
			}
		}
		if called != 2 {
			t.Errorf("the handler ran %d times, want 2", called)
		}
	})
}

func TestDescribe(t *testing.T) {
	hub := contractHub(t)
	realtime.RPC(hub, "b", func(context.Context, *realtime.Conn, sent) (typing, error) { return typing{}, nil })
	realtime.RPC(hub, "a", func(context.Context, *realtime.Conn, int) (*sent, error) { return nil, nil })
	var lines []string
	d := hub.Describe()
	for _, method := range d.Methods {
		lines = append(lines, fmt.Sprint(method.Name, " ", method.In, " ", method.Out))
	}
	for _, channel := range d.Channels {
		lines = append(lines, fmt.Sprint(channel.Pattern, " ", channel.Events, " ", channel.ClientsPublish))
	}
	lines = append(lines, fmt.Sprint(d.Messages))
	want := []string{
		"a int *realtime_test.sent", "b realtime_test.sent realtime_test.typing",
		"free [] true",
		"room:{id} [{realtime_test.sent sent} {realtime_test.erased erased} {realtime_test.cleared cleared}] true",
		"typing:{id} [{realtime_test.typing }] true",
		"[{realtime_test.notice }]",
	}
	if !reflect.DeepEqual(lines, want) {
		t.Errorf("got %s\nwant %s", strings.Join(lines, "\n    "), strings.Join(want, "\n     "))
	}
}
