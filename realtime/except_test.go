package realtime_test

import (
	"encoding/json"
	"testing"

	"github.com/yodelrt/yodel/realtime"
)

// TestLeftOut: who is left out of a publication does not get it live, in a
// recovery or in the history; the position goes on.
func TestLeftOut(t *testing.T) {
	for _, test := range []struct {
		name   string
		option func(client string) realtime.PublishOption
		back   bool // also when the client has come back with another id
	}{
		{"by client", realtime.Except, false},
		{"by session", func(string) realtime.PublishOption { return realtime.ExceptSession("s1") }, true},
		{"by user", func(string) realtime.PublishOption { return realtime.ExceptUser("alice") }, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newTestHub(t, nil)
			k := c.open("alice", "Test-Session", "s1")
			k.say(`{"id":1,"connect":{}}`)
			var hello struct{ Connect struct{ Client string } }
			if err := json.Unmarshal([]byte(k.hear()), &hello); err != nil {
				t.Fatal(err)
			}
			other := c.join("bob", "Test-Session", "s2")
			for _, one := range []*rawClient{k, other} {
				one.say(`{"id":2,"subscribe":{"channel":"news"}}`)
				one.hear()
			}
			epoch := c.publish("news", `1`).Epoch
			if _, err := c.hub.Publish(t.Context(), "news", []byte(`2`), test.option(hello.Connect.Client)); err != nil {
				t.Fatal(err)
			}
			c.publish("news", `3`)
			one, three := `{"data":1,"offset":1}`, `{"data":3,"offset":3}`
			k.want(`{"push":{"channel":"news","pub":`+one+`}}`, `{"push":{"channel":"news","pub":`+three+`}}`)
			other.want(`{"push":{"channel":"news","pub":`+one+`}}`, `{"push":{"channel":"news","pub":{"data":2,"offset":2}}}`, `{"push":{"channel":"news","pub":`+three+`}}`)
			k.say(`{"id":3,"history":{"channel":"news","limit":-1}}`, `{"id":4,"unsubscribe":{"channel":"news"}}`)
			k.want(`{"id":3,"history":{"publications":[`+one+`,`+three+`],"epoch":"…","offset":3}}`, `{"id":4,"unsubscribe":{}}`)
			again := `{"id":5,"subscribe":{"channel":"news","recover":true,"offset":1,"epoch":"` + epoch + `"}}`
			recovered := func(publications string) string {
				return `{"id":5,"subscribe":{"recoverable":true,"epoch":"…","publications":[` + publications + `],"recovered":true,"offset":1,"positioned":true,"was_recovering":true}}`
			}
			k.say(again)
			k.want(recovered(three))
			_ = k.conn.CloseNow()
			<-c.ended
			returned := c.join("alice", "Test-Session", "s1")
			returned.say(again)
			if test.back {
				returned.want(recovered(three))
			} else {
				returned.want(recovered(`{"data":2,"offset":2},` + three)) // another client, as far as the hub knows
			}
		})
	}
}
