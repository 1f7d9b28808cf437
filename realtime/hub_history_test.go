package realtime_test

import (
	"context"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime"
)

func TestHistory_Recovery(t *testing.T) {
	c := newTestHub(t, nil)
	k := c.join("alice")
	k.say(`{"id":2,"subscribe":{"channel":"room:1"}}`)
	k.want(`{"id":2,"subscribe":{"recoverable":true,"epoch":"…","positioned":true}}`)
	for i := range 3 {
		c.publish("room:1", string(rune('1'+i)))
	}
	k.want(`{"push":{"channel":"room:1","pub":{"data":1,"offset":1}}}`, `{"push":{"channel":"room:1","pub":{"data":2,"offset":2}}}`, `{"push":{"channel":"room:1","pub":{"data":3,"offset":3}}}`)
	epoch := c.publish("news", `0`).Epoch // another channel, another epoch
	room := c.publish("room:1", `4`).Epoch
	k.want(`{"push":{"channel":"room:1","pub":{"data":4,"offset":4}}}`)
	for _, test := range []struct{ name, in, want string }{
		{"two missed", `"recover":true,"epoch":"` + room + `","offset":2`, `{"id":3,"subscribe":{"recoverable":true,"epoch":"…","publications":[{"data":3,"offset":3},{"data":4,"offset":4}],"recovered":true,"offset":2,"positioned":true,"was_recovering":true}}`},
		{"nothing missed", `"recover":true,"epoch":"` + room + `","offset":4`, `{"id":3,"subscribe":{"recoverable":true,"epoch":"…","recovered":true,"offset":4,"positioned":true,"was_recovering":true}}`},
		{"an empty epoch matches", `"recover":true,"offset":3`, `{"id":3,"subscribe":{"recoverable":true,"epoch":"…","publications":[{"data":4,"offset":4}],"recovered":true,"offset":3,"positioned":true,"was_recovering":true}}`},
		{"another epoch", `"recover":true,"epoch":"` + epoch + `","offset":2`, `{"id":3,"subscribe":{"recoverable":true,"epoch":"…","offset":4,"positioned":true,"was_recovering":true}}`},
		{"H168 beyond the top", `"recover":true,"epoch":"` + room + `","offset":18446744073709551615`, `{"id":3,"subscribe":{"recoverable":true,"epoch":"…","offset":4,"positioned":true,"was_recovering":true}}`},
		{"H168 refused when it can't be recovered", `"recover":true,"epoch":"wild","offset":2,"flag":2`, `{"id":3,"error":{"code":112,"message":"unrecoverable position"}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c.t = t
			back := c.join("bob")
			back.say(`{"id":3,"subscribe":{"channel":"room:1",` + test.in + `}}`)
			back.want(test.want)
		})
	}
	c.t = t
	k.say(`{"id":5,"history":{"channel":"room:1","limit":0}}`, `{"id":6,"history":{"channel":"room:1","limit":2,"reverse":true}}`,
		`{"id":7,"history":{"channel":"room:1","limit":-1,"since":{"offset":2,"epoch":"`+room+`"}}}`, `{"id":8,"history":{"channel":"room:1","limit":1000000000}}`,
		`{"id":9,"history":{"channel":"room:1","limit":1,"since":{"offset":2,"epoch":"x"}}}`, `{"id":10,"history":{"channel":"room:1","limit":1,"reverse":true,"since":{"epoch":"x"}}}`)
	k.want(`{"id":5,"history":{"publications":[],"epoch":"…","offset":4}}`,
		`{"id":6,"history":{"publications":[{"data":4,"offset":4},{"data":3,"offset":3}],"epoch":"…","offset":4}}`,
		`{"id":7,"history":{"publications":[{"data":3,"offset":3},{"data":4,"offset":4}],"epoch":"…","offset":4}}`,
		`{"id":8,"history":{"publications":[{"data":1,"offset":1},{"data":2,"offset":2},{"data":3,"offset":3},{"data":4,"offset":4}],"epoch":"…","offset":4}}`, // H169_limit_capped
		`{"id":9,"error":{"code":112,"message":"unrecoverable position"}}`, `{"id":10,"error":{"code":107,"message":"bad request"}}`)
	for i := range 10 { // H189: the window holds five
		c.publish("room:1", string(rune('a' + i))[:0]+`"x"`)
	}
	late := c.join("carol")
	late.say(`{"id":2,"subscribe":{"channel":"room:1","recover":true,"epoch":"` + room + `","offset":8}}`)
	late.want(`{"id":2,"subscribe":{"recoverable":true,"epoch":"…","offset":14,"positioned":true,"was_recovering":true}}`) // never a partial recovery
}

func TestPresence_JoinsAndLeaves(t *testing.T) {
	c := newTestHub(t, func(config *realtime.Config) {
		config.Connect = func(context.Context, *realtime.Conn, realtime.ConnectEvent) (realtime.ConnectReply, error) {
			return realtime.ConnectReply{Info: []byte(`{"colour":"red"}`)}, nil
		}
	})
	alice := c.join("alice", "Test-Session", "secret-session")
	alice.say(`{"id":2,"subscribe":{"channel":"room:1","join_leave":true}}`)
	alice.want(`{"id":2,"subscribe":{"recoverable":true,"epoch":"…","positioned":true}}`, `{"push":{"channel":"room:1","join":{"info":{"user":"alice","client":"…","conn_info":{"colour":"red"}}}}}`)
	bob := c.join("bob")
	bob.say(`{"id":2,"subscribe":{"channel":"room:1"}}`)
	bob.want(`{"id":2,"subscribe":{"recoverable":true,"epoch":"…","positioned":true}}`)
	alice.want(`{"push":{"channel":"room:1","join":{"info":{"user":"bob","client":"…","conn_info":{"colour":"red"}}}}}`) // H195: nothing but public facts
	alice.say(`{"id":3,"presence_stats":{"channel":"room:1"}}`)
	alice.want(`{"id":3,"presence_stats":{"num_clients":2,"num_users":2}}`)
	alice.say(`{"id":4,"presence":{"channel":"room:1"}}`)
	if got := alice.hear(); strings.Count(got, `"client":"`) != 2 || strings.Contains(got, "secret-session") {
		t.Errorf("presence: got %s", got)
	}
	_ = bob.conn.CloseNow()
	alice.want(`{"push":{"channel":"room:1","leave":{"info":{"user":"bob","client":"…","conn_info":{"colour":"red"}}}}}`)
	alice.say(`{"id":5,"presence_stats":{"channel":"room:1"}}`)
	alice.want(`{"id":5,"presence_stats":{"num_clients":1,"num_users":1}}`)
}
