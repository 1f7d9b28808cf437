package oracle_test

import "strings"

// conversation is what clients say, frame by frame. A frame that begins with "b>"
// is the second client's; "b! cut" takes its network away, and "a? word" waits
// until the first has heard that word.
type conversation struct {
	name   string
	frames []string
	differ string // the name of an intended difference, empty for none
	a, b   string // who they are, as the request says; alice and bob where empty
	raw    bool   // nobody connects by themselves
}

// conversations are those that the table holds.
var conversations = []conversation{
	{name: "connect and call", frames: []string{`{"id":2,"rpc":{"method":"end","data":{}}}`}},
	{name: "an unknown method", frames: []string{`{"id":2,"rpc":{"method":"nothing"}}`}},
	{name: "a call that fails", frames: []string{`{"id":2,"rpc":{"method":"fail"}}`}},
	{name: "subscribe, publish, unsubscribe", frames: []string{`{"id":2,"subscribe":{"channel":"plain:1"}}`, `{"id":3,"publish":{"channel":"plain:1","data":{"a":[1,2.50]}}}`, `{"id":4,"unsubscribe":{"channel":"plain:1"}}`}},
	{name: "publish without subscribing", frames: []string{`{"id":2,"publish":{"channel":"plain:1","data":1}}`}},
	{name: "unsubscribe from nothing", frames: []string{`{"id":2,"unsubscribe":{"channel":"plain:1"}}`}},
	{name: "subscribe twice", frames: []string{`{"id":2,"subscribe":{"channel":"plain:1"}}`, `{"id":3,"subscribe":{"channel":"plain:1"}}`}},
	{name: "subscribe again after leaving", frames: []string{`{"id":2,"subscribe":{"channel":"plain:1"}}`, `{"id":3,"unsubscribe":{"channel":"plain:1"}}`, `{"id":4,"subscribe":{"channel":"plain:1"}}`}},
	{name: "a denied channel", frames: []string{`{"id":2,"subscribe":{"channel":"denied:1"}}`}},
	{name: "an unknown channel", frames: []string{`{"id":2,"subscribe":{"channel":"nothing"}}`, `{"id":3,"publish":{"channel":"nothing","data":1}}`}},
	{name: "an empty channel", frames: []string{`{"id":2,"subscribe":{"channel":""}}`}},
	{name: "a channel of 256 bytes", frames: []string{`{"id":2,"subscribe":{"channel":"plain:` + strings.Repeat("x", 250) + `"}}`}},
	{name: "positions", frames: []string{`{"id":2,"subscribe":{"channel":"history:1"}}`, `{"id":3,"publish":{"channel":"history:1","data":1}}`, `{"id":4,"publish":{"channel":"history:1","data":2}}`, `{"id":5,"history":{"channel":"history:1","limit":10}}`}},
	{name: "history by limits", frames: []string{`{"id":2,"subscribe":{"channel":"history:2"}}`, `{"id":3,"publish":{"channel":"history:2","data":1}}`, `{"id":4,"publish":{"channel":"history:2","data":2}}`,
		`{"id":5,"history":{"channel":"history:2"}}`, `{"id":6,"history":{"channel":"history:2","limit":1,"reverse":true}}`, `{"id":7,"history":{"channel":"history:2","limit":-1}}`}},
	{name: "recover nothing", frames: []string{`{"id":2,"subscribe":{"channel":"history:3","recover":true}}`}},
	{name: "recover after leaving", frames: []string{`{"id":2,"subscribe":{"channel":"history:4"}}`, `{"id":3,"unsubscribe":{"channel":"history:4"}}`, `{"id":4,"publish":{"channel":"history:4","data":1}}`, `{"id":5,"publish":{"channel":"history:4","data":2}}`,
		`{"id":6,"subscribe":{"channel":"history:4","recover":true,"offset":0}}`}},
	{name: "recover the whole window", frames: []string{`{"id":2,"publish":{"channel":"history:5","data":1}}`, `{"id":3,"publish":{"channel":"history:5","data":2}}`, `{"id":4,"publish":{"channel":"history:5","data":3}}`, `{"id":5,"publish":{"channel":"history:5","data":4}}`, `{"id":6,"publish":{"channel":"history:5","data":5}}`,
		`{"id":7,"subscribe":{"channel":"history:5","recover":true,"offset":1}}`}},
	{name: "recover more than the window", frames: []string{`{"id":2,"publish":{"channel":"history:6","data":1}}`, `{"id":3,"publish":{"channel":"history:6","data":2}}`, `{"id":4,"publish":{"channel":"history:6","data":3}}`, `{"id":5,"publish":{"channel":"history:6","data":4}}`, `{"id":6,"publish":{"channel":"history:6","data":5}}`,
		`{"id":7,"subscribe":{"channel":"history:6","recover":true,"offset":0}}`}},
	{name: "recover beyond the top", frames: []string{`{"id":2,"publish":{"channel":"history:7","data":1}}`, `{"id":3,"subscribe":{"channel":"history:7","recover":true,"offset":9}}`}},
	{name: "recover another epoch", frames: []string{`{"id":2,"publish":{"channel":"history:8","data":1}}`, `{"id":3,"subscribe":{"channel":"history:8","recover":true,"epoch":"wild","offset":1}}`}},
	{name: "recover another epoch or nothing", frames: []string{`{"id":2,"publish":{"channel":"history:9","data":1}}`, `{"id":3,"subscribe":{"channel":"history:9","recover":true,"epoch":"wild","offset":1,"flag":2}}`}},
	{name: "history in another epoch", frames: []string{`{"id":2,"subscribe":{"channel":"history:10"}}`, `{"id":3,"history":{"channel":"history:10","limit":1,"since":{"offset":1,"epoch":"wild"}}}`}},
	{name: "history in reverse from nothing", frames: []string{`{"id":2,"subscribe":{"channel":"history:11"}}`, `{"id":3,"history":{"channel":"history:11","limit":1,"reverse":true,"since":{"offset":0,"epoch":""}}}`}},
	{name: "no history here", frames: []string{`{"id":2,"subscribe":{"channel":"plain:1"}}`, `{"id":3,"history":{"channel":"plain:1"}}`}},
	{name: "no presence here", frames: []string{`{"id":2,"subscribe":{"channel":"plain:1"}}`, `{"id":3,"presence":{"channel":"plain:1"}}`, `{"id":4,"presence_stats":{"channel":"plain:1"}}`}},
	{name: "presence", frames: []string{`{"id":2,"subscribe":{"channel":"present:1","join_leave":true}}`, `{"id":3,"presence":{"channel":"present:1"}}`, `{"id":4,"presence_stats":{"channel":"present:1"}}`}},
	{name: "a pong that nobody asked for", frames: []string{`{}`}},
	{name: "a second connect", frames: []string{`{"id":2,"connect":{}}`}},
	{name: "an id without a request", frames: []string{`{"id":2}`}},
	{name: "a request without an id", frames: []string{`{"rpc":{"method":"end"}}`}},
	{name: "a send that nobody handles", frames: []string{`{"send":{"data":1}}`}},
	{name: "not JSON", frames: []string{`hello`}},
	{name: "an unused request", frames: []string{`{"id":2,"ping":{}}`}},
	{name: "what came before a bad one is answered", frames: []string{`{"id":2,"rpc":{"method":"end"}}` + "\n{}"}},
	{name: "an empty refresh", frames: []string{`{"id":2,"refresh":{}}`}},
	{name: "publish nothing", frames: []string{`{"id":2,"publish":{"channel":"plain:1"}}`}},
	{name: "an unknown delta", frames: []string{`{"id":2,"subscribe":{"channel":"plain:1","delta":"bsdiff"}}`}},
	{name: "read what one is not subscribed to", frames: []string{`{"id":2,"history":{"channel":"history:12","limit":1}}`}, differ: "reading"},
}
