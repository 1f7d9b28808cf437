package realtime_test

import (
	"strings"
	"testing"
)

// TestH314_what_is_not_offered_is_refused: with the codes of the reference library.
func TestH314_what_is_not_offered_is_refused(t *testing.T) {
	for name, test := range map[string]struct{ say, want string }{
		"a tag filter":          {`"subscribe":{"channel":"news","tf":{"op":"eq","key":"a","val":"1"}}`, "107"},
		"a map":                 {`"subscribe":{"channel":"news","type":1}`, "108"},
		"a map of clients":      {`"subscribe":{"channel":"news","type":2}`, "108"},
		"a map of users":        {`"subscribe":{"channel":"news","type":3}`, "108"},
		"a shared poll":         {`"subscribe":{"channel":"news","type":4}`, "108"},
		"a kind of no number":   {`"subscribe":{"channel":"news","type":5}`, "107"},
		"a negative kind":       {`"subscribe":{"channel":"news","type":-1}`, "107"},
		"a phase of a map":      {`"subscribe":{"channel":"news","phase":2}`, "107"},
		"a map's publication":   {`"publish":{"channel":"plain:1","data":1,"type":1}`, "108"},
		"a removal from a map":  {`"publish":{"channel":"plain:1","data":1,"type":1,"removed":true}`, "108"},
		"a removal of nothing":  {`"publish":{"channel":"plain:1","data":1,"removed":true}`, "107"},
		"a key of a map":        {`"publish":{"channel":"plain:1","data":1,"key":"a"}`, "107"},
		"another kind of these": {`"publish":{"channel":"plain:1","data":1,"type":7}`, "107"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newTestHub(t, nil)
			k := c.join("alice")
			k.say(`{"id":2,` + test.say + `}`)
			text := map[string]string{"107": "bad request", "108": "not available"}[test.want]
			k.want(`{"id":2,"error":{"code":` + test.want + `,"message":"` + text + `"}}`)
			k.say(`{"id":3,"subscribe":{"channel":"news"}}`) // nothing is left of it
			if got := k.hear(); !strings.Contains(got, `"subscribe"`) {
				t.Errorf("afterwards: got %s, want a subscription", got)
			}
		})
	}
}
