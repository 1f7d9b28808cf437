package oracle_test

import "strings"

// many are conversations of several clients, of tokens, and of what the server
// subscribes to by itself.
var many = []conversation{
	// Several clients in one channel.
	{name: "both hear a publication", frames: []string{`{"id":2,"subscribe":{"channel":"plain:20"}}`, `b>{"id":2,"subscribe":{"channel":"plain:20"}}`, `b>{"id":3,"publish":{"channel":"plain:20","data":{"n":1}}}`, `{"id":3,"publish":{"channel":"plain:20","data":[2]}}`}},
	{name: "both hear one order, with positions", frames: []string{`{"id":2,"subscribe":{"channel":"history:20"}}`, `b>{"id":2,"subscribe":{"channel":"history:20"}}`, `b>{"id":3,"publish":{"channel":"history:20","data":1}}`, `{"id":3,"publish":{"channel":"history:20","data":2}}`, `b>{"id":4,"unsubscribe":{"channel":"history:20"}}`, `{"id":4,"publish":{"channel":"history:20","data":3}}`, `b>{"id":5,"subscribe":{"channel":"history:20","recover":true,"offset":2}}`}},
	{name: "joins and leaves are pushed", frames: []string{`{"id":2,"subscribe":{"channel":"present:20","join_leave":true}}`, `b>{"id":2,"subscribe":{"channel":"present:20","join_leave":true}}`, `a?"bob"`, `{"id":3,"presence":{"channel":"present:20"}}`, `b>{"id":3,"unsubscribe":{"channel":"present:20"}}`, `a?"leave"`, `{"id":4,"presence":{"channel":"present:20"}}`, `{"id":5,"presence_stats":{"channel":"present:20"}}`}},
	{name: "joins are for those who asked", frames: []string{`{"id":2,"subscribe":{"channel":"present:21","join_leave":true}}`, `b>{"id":2,"subscribe":{"channel":"present:21"}}`, `a?"bob"`, `{"id":3,"unsubscribe":{"channel":"present:21"}}`}},
	{name: "a cut is a leave", frames: []string{`{"id":2,"subscribe":{"channel":"present:22","join_leave":true}}`, `b>{"id":2,"subscribe":{"channel":"present:22","join_leave":true}}`, `a?"bob"`, `b! cut`, `a?"leave"`, `{"id":4,"presence":{"channel":"present:22"}}`, `{"id":5,"presence_stats":{"channel":"present:22"}}`}},
	{name: "two devices of one user", b: "user=alice", frames: []string{`{"id":2,"subscribe":{"channel":"present:23"}}`, `b>{"id":2,"subscribe":{"channel":"present:23"}}`, `b>{"id":3,"presence_stats":{"channel":"present:23"}}`, `b>{"id":4,"presence":{"channel":"present:23"}}`}},

	// History at its edges.
	{name: "history since", frames: append(published("history:30", 6), `{"id":50,"history":{"channel":"history:30","limit":2,"since":{"offset":3,"epoch":""}}}`, `{"id":51,"history":{"channel":"history:30","limit":-1,"since":{"offset":6,"epoch":""}}}`, `{"id":52,"history":{"channel":"history:30","limit":-1,"since":{"offset":1,"epoch":""}}}`, `{"id":53,"history":{"channel":"history:30","limit":0,"since":{"offset":4,"epoch":""}}}`)},
	{name: "history in reverse", frames: append(published("history:31", 6), `{"id":50,"history":{"channel":"history:31","limit":2,"reverse":true}}`, `{"id":51,"history":{"channel":"history:31","limit":2,"reverse":true,"since":{"offset":5,"epoch":""}}}`, `{"id":52,"history":{"channel":"history:31","limit":-1,"reverse":true}}`, `{"id":53,"history":{"channel":"history:31","limit":10,"reverse":true,"since":{"offset":3,"epoch":""}}}`)},
	{name: "history since beyond the top", frames: append(published("history:32", 2), `{"id":50,"history":{"channel":"history:32","limit":-1,"since":{"offset":9,"epoch":""}}}`)},
	{name: "history in reverse since beyond the top", frames: append(published("history:34", 2), `{"id":50,"history":{"channel":"history:34","limit":-1,"reverse":true,"since":{"offset":9,"epoch":""}}}`), differ: "reverse beyond the top"},
	{name: "history of nothing", frames: []string{`{"id":2,"subscribe":{"channel":"history:33"}}`, `{"id":3,"history":{"channel":"history:33","limit":-1}}`, `{"id":4,"history":{"channel":"history:33","limit":-1,"reverse":true}}`}},
	{name: "an empty channel in every request", frames: []string{`{"id":2,"history":{"channel":""}}`}},
	{name: "presence of an empty channel", frames: []string{`{"id":2,"presence":{"channel":""}}`}},
	{name: "unsubscribe from an empty channel", frames: []string{`{"id":2,"unsubscribe":{"channel":""}}`}},
	{name: "publish to an empty channel", frames: []string{`{"id":2,"publish":{"channel":"","data":1}}`}},

	// Flags and options.
	{name: "compaction is not offered", frames: []string{`{"id":2,"subscribe":{"channel":"plain:40","flag":1}}`, `{"id":3,"publish":{"channel":"plain:40","data":1}}`}},
	{name: "recover or nothing, and there is nothing to recover", frames: []string{`{"id":2,"subscribe":{"channel":"history:40","recover":true,"flag":2}}`}},
	{name: "recover or nothing beyond the window", frames: append(published("history:41", 6), `{"id":50,"unsubscribe":{"channel":"history:41"}}`, `{"id":51,"subscribe":{"channel":"history:41","recover":true,"offset":1,"flag":2}}`, `{"id":52,"subscribe":{"channel":"history:41","recover":true,"offset":2,"flag":2}}`)},
	{name: "recover where nothing is kept", frames: []string{`{"id":2,"subscribe":{"channel":"plain:41","recover":true,"offset":3}}`}},
	{name: "positioned and recoverable are asked for", frames: []string{`{"id":2,"subscribe":{"channel":"plain:42","positioned":true,"recoverable":true}}`}},
	{name: "a fossil delta is not offered", frames: []string{`{"id":2,"subscribe":{"channel":"plain:43","delta":"fossil"}}`}},

	// Ids and frames.
	{name: "an id twice", frames: []string{`{"id":7,"rpc":{"method":"end"}}`, `{"id":7,"rpc":{"method":"end"}}`}},
	{name: "ids that go back", frames: []string{`{"id":700,"rpc":{"method":"end"}}`, `{"id":3,"rpc":{"method":"end"}}`}},
	{name: "the largest id", frames: []string{`{"id":4294967295,"rpc":{"method":"end"}}`}},
	{name: "many commands in one frame", frames: []string{strings.Join([]string{`{"id":2,"subscribe":{"channel":"history:50"}}`, `{"id":3,"publish":{"channel":"history:50","data":1}}`, `{"id":4,"rpc":{"method":"end"}}`, `{"id":5,"history":{"channel":"history:50","limit":-1}}`, `{"id":6,"unsubscribe":{"channel":"history:50"}}`}, "\n")}},
	{name: "nothing after a bad command of a frame", frames: []string{`{"id":2,"publish":{"channel":"history:51","data":1}}` + "\n" + `{"id":3}` + "\n" + `{"id":4,"publish":{"channel":"history:51","data":2}}`, `b>{"id":2,"subscribe":{"channel":"history:51"}}`}},
	{name: "a frame of nothing", frames: []string{``}},
	{name: "two requests under one id", frames: []string{`{"id":2,"rpc":{"method":"end"},"publish":{"channel":"plain:50","data":1}}`}, differ: "two requests"},
	{name: "an unknown request", frames: []string{`{"id":2,"dance":{}}`}},
	{name: "a command before connect", raw: true, frames: []string{`{"id":1,"rpc":{"method":"end"}}`}},
	{name: "connect and commands in one frame", raw: true, frames: []string{`{"id":1,"connect":{}}` + "\n" + `{"id":2,"subscribe":{"channel":"plain:51"}}` + "\n" + `{"id":3,"rpc":{"method":"end"}}`}},
	{name: "connect without an id", raw: true, frames: []string{`{"connect":{}}`}},

	// Tokens of the connection.
	{name: "nobody connects", a: "x=1", raw: true, frames: []string{`{"id":1,"connect":{}}`}},
	{name: "connect with a token", a: "x=1", raw: true, frames: []string{`{"id":1,"connect":{"token":"alice 0"}}`}},
	{name: "connect with a token that ends", a: "x=1", raw: true, frames: []string{`{"id":1,"connect":{"token":"alice 3600"}}`}, differ: "lead"},
	{name: "connect with garbage", a: "x=1", raw: true, frames: []string{`{"id":1,"connect":{"token":"garbage"}}`}},
	{name: "connect with what has expired", a: "x=1", raw: true, frames: []string{`{"id":1,"connect":{"token":"alice -9"}}`}, differ: "expired connect"},
	{name: "connect as another than the upgrade", raw: true, frames: []string{`{"id":1,"connect":{"token":"bob 3600"}}`}},
	{name: "refresh", a: "x=1", raw: true, frames: []string{`{"id":1,"connect":{"token":"alice 3600"}}`, `a?"id":1,`, `{"id":2,"refresh":{"token":"alice 7200"}}`, `{"id":3,"refresh":{"token":"alice 0"}}`}, differ: "lead"},
	{name: "refresh with garbage", a: "x=1", raw: true, frames: []string{`{"id":1,"connect":{"token":"alice 0"}}`, `a?"id":1,`, `{"id":2,"refresh":{"token":"garbage"}}`}},
	{name: "refresh as somebody else", a: "x=1", raw: true, frames: []string{`{"id":1,"connect":{"token":"alice 0"}}`, `a?"id":1,`, `{"id":2,"refresh":{"token":"bob 3600"}}`}},
	{name: "refresh with what has expired", a: "x=1", raw: true, frames: []string{`{"id":1,"connect":{"token":"alice 0"}}`, `a?"id":1,`, `{"id":2,"refresh":{"token":"alice -9"}}`}},

	// Tokens of a subscription.
	{name: "subscribe with a token", frames: []string{`{"id":2,"subscribe":{"channel":"token:1","token":"alice 0 token:1"}}`, `{"id":3,"publish":{"channel":"token:1","data":1}}`}},
	{name: "subscribe with a token that ends", frames: []string{`{"id":2,"subscribe":{"channel":"token:1","token":"alice 3600 token:1"}}`}, differ: "lead"},
	{name: "subscribe without the token", frames: []string{`{"id":2,"subscribe":{"channel":"token:1"}}`}},
	{name: "subscribe with garbage", frames: []string{`{"id":2,"subscribe":{"channel":"token:1","token":"garbage"}}`}},
	{name: "subscribe with what has expired", frames: []string{`{"id":2,"subscribe":{"channel":"token:1","token":"alice -9 token:1"}}`}},
	{name: "subscribe with another's token", frames: []string{`{"id":2,"subscribe":{"channel":"token:1","token":"bob 3600 token:1"}}`}},
	{name: "subscribe with another channel's token", frames: []string{`{"id":2,"subscribe":{"channel":"token:1","token":"alice 3600 token:2"}}`}},
	{name: "prolong a subscription", frames: []string{`{"id":2,"subscribe":{"channel":"token:1","token":"alice 3600 token:1"}}`, `{"id":3,"sub_refresh":{"channel":"token:1","token":"alice 7200 token:1"}}`}, differ: "lead"},
	{name: "prolong with garbage", frames: []string{`{"id":2,"subscribe":{"channel":"token:1","token":"alice 0 token:1"}}`, `{"id":3,"sub_refresh":{"channel":"token:1","token":"garbage"}}`}},
	{name: "prolong with another's token", frames: []string{`{"id":2,"subscribe":{"channel":"token:1","token":"alice 0 token:1"}}`, `{"id":3,"sub_refresh":{"channel":"token:1","token":"bob 3600 token:1"}}`}},
	{name: "prolong with what has expired", frames: []string{`{"id":2,"subscribe":{"channel":"token:1","token":"alice 0 token:1"}}`, `{"id":3,"sub_refresh":{"channel":"token:1","token":"alice -9 token:1"}}`}},
	{name: "prolong without a token", frames: []string{`{"id":2,"subscribe":{"channel":"token:1","token":"alice 0 token:1"}}`, `{"id":3,"sub_refresh":{"channel":"token:1"}}`}},
	{name: "prolong what one is not subscribed to", frames: []string{`{"id":3,"sub_refresh":{"channel":"token:1","token":"alice 3600 token:1"}}`}},
	{name: "prolong an empty channel", frames: []string{`{"id":3,"sub_refresh":{"channel":"","token":"alice 3600 token:1"}}`}},

	// Subscriptions of the server's.
	{name: "the server subscribes", a: "user=alice&start=plain:60", frames: []string{`{"id":2,"publish":{"channel":"plain:60","data":1}}`, `{"id":3,"subscribe":{"channel":"plain:60"}}`}},
	{name: "the server subscribes to a history", a: "user=alice&start=history:60", raw: true, frames: []string{`{"id":1,"connect":{}}`, `{"id":2,"publish":{"channel":"history:60","data":1}}`, `{"id":3,"history":{"channel":"history:60","limit":-1}}`, `{"id":4,"unsubscribe":{"channel":"history:60"}}`}},
	{name: "a position for what the server subscribes to", a: "user=alice&start=history:61", raw: true, frames: []string{`{"id":1,"connect":{"subs":{"history:61":{"recover":true,"offset":5,"epoch":"wild"}}}}`}},
	{name: "the server's subscription recovers", a: "user=alice&start=history:62", raw: true, frames: []string{`{"id":1,"connect":{"subs":{"history:62":{"recover":true,"offset":0}}}}`, `{"id":2,"publish":{"channel":"history:62","data":1}}`}},
}

// published are the frames that subscribe to a channel and publish to it.
func published(channel string, times int) []string {
	frames := []string{`{"id":2,"subscribe":{"channel":"` + channel + `"}}`}
	for i := range times {
		frames = append(frames, `{"id":`+string(rune('3'+i))+`,"publish":{"channel":"`+channel+`","data":`+string(rune('1'+i))+`}}`)
	}
	return frames
}
