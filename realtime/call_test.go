package realtime_test

import (
	"context"
	"errors"
	"testing"

	"github.com/yodelrt/yodel/realtime"
)

type order struct{ Cups int }

func (o order) Validate() error {
	switch {
	case o.Cups < 1:
		return errors.New("order at least one cup")
	case o.Cups > 100:
		return &realtime.Error{Code: 410, Message: "there are not so many cups"}
	}
	return nil
}

type letter struct{ Text string }

func (l *letter) Validate() error {
	if l.Text == "" {
		return errors.New("write something")
	}
	return nil
}

var errNoTea = errors.New("there is no tea")

func TestCall_Types(t *testing.T) {
	c := newTestHub(t, func(config *realtime.Config) {
		config.MapError = func(err error) error {
			if errors.Is(err, errNoTea) {
				return &realtime.Error{Code: 411, Message: "no tea today"}
			}
			return nil
		}
	})
	realtime.RPC(c.hub, "order", func(_ context.Context, _ *realtime.Conn, in order) (int, error) {
		switch in.Cups {
		case 13:
			return 0, errNoTea
		case 14:
			return 0, errors.New("the kettle is broken, says the cook")
		}
		return in.Cups, nil
	})
	realtime.RPC(c.hub, "write", func(_ context.Context, _ *realtime.Conn, in letter) (string, error) { return in.Text, nil })
	k := c.join("alice")
	for _, test := range []struct{ call, want string }{
		{`"method":"order","data":{"Cups":2}`, `"rpc":{"data":2}`},
		{`"method":"order","data":{"Cups":0}`, `"error":{"code":107,"message":"order at least one cup"}`},
		{`"method":"order"`, `"error":{"code":107,"message":"bad request: there is no payload"}`},
		{`"method":"order","data":{"Cups":101}`, `"error":{"code":410,"message":"there are not so many cups"}`},
		{`"method":"order","data":{"Cups":13}`, `"error":{"code":411,"message":"no tea today"}`},
		{`"method":"order","data":{"Cups":14}`, `"error":{"code":100,"message":"internal server error","temporary":true}`},
		{`"method":"order","data":{"Cups":"two"}`, `"error":{"code":107,"message":"bad request: Cups: want an integer of type int"}`},
		{`"method":"write","data":{"Text":"hi"}`, `"rpc":{"data":"hi"}`},
		{`"method":"write","data":{"Text":""}`, `"error":{"code":107,"message":"write something"}`},
	} {
		k.say(`{"id":2,"rpc":{` + test.call + `}}`)
		k.want(`{"id":2,` + test.want + `}`)
	}
}

// TestH170_a_rule_panics_while_it_judges_again: in the application's own
// goroutine, which lives on.
func TestH170_a_rule_panics_while_it_judges_again(t *testing.T) {
	judging := false
	c := newTestHub(t, nil)
	if err := c.hub.Channel("brittle", realtime.ChannelOptions{}, realtime.AllowSubscribe(func(context.Context, *realtime.Conn, realtime.Params) error {
		if judging {
			panic("boom")
		}
		return nil
	})); err != nil {
		t.Fatal(err)
	}
	k, other := c.join("alice"), c.join("bob")
	k.say(`{"id":2,"subscribe":{"channel":"brittle"}}`)
	k.hear()
	k.say(`{"id":3,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
	k.hear()
	judging = true
	c.hub.Rejudge(t.Context(), realtime.All())
	k.wantClose(realtime.CloseInternal)
	other.say(`{"id":3,"rpc":{"method":"add","data":{"A":1,"B":1}}}`)
	other.want(`{"id":3,"rpc":{"data":2}}`)
}
