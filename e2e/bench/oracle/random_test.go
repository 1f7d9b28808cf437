package oracle_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// steps are what a random conversation is made of; %d is a channel of its own.
var steps = []string{
	`"subscribe":{"channel":"plain:%d"}`, `"unsubscribe":{"channel":"plain:%d"}`, `"publish":{"channel":"plain:%d","data":{"n":1}}`,
	`"subscribe":{"channel":"history:r%d"}`, `"subscribe":{"channel":"history:r%d","recover":true,"offset":0}`, `"subscribe":{"channel":"history:r%d","recover":true,"offset":2}`,
	`"subscribe":{"channel":"history:r%d","recover":true,"offset":3,"flag":2}`, `"unsubscribe":{"channel":"history:r%d"}`, `"publish":{"channel":"history:r%d","data":"x"}`,
	`"publish":{"channel":"history:r%d","data":[1,2]}`, `"subscribe":{"channel":"denied:%d"}`, `"publish":{"channel":"nothing%d","data":1}`,
	`"rpc":{"method":"end"}`, `"rpc":{"method":"fail"}`, `"rpc":{"method":"nothing"}`,
	`"subscribe":{"channel":"present:%d","join_leave":true}`, `"subscribe":{"channel":"present:%d"}`, `"unsubscribe":{"channel":"present:%d"}`,
	`"subscribe":{"channel":"token:%[1]d","token":"alice 0 token:%[1]d"}`, `"subscribe":{"channel":"token:%[1]d","token":"alice -9 token:%[1]d"}`, `"subscribe":{"channel":"token:%d","token":"x"}`,
	`"sub_refresh":{"channel":"token:%[1]d","token":"alice 0 token:%[1]d"}`, `"unsubscribe":{"channel":"token:%d"}`,
}

// reads are steps of one who is subscribed to what it asks about, as both sides
// let it.
var reads = []string{
	`"history":{"channel":"history:r%d"}`, `"history":{"channel":"history:r%d","limit":-1}`, `"history":{"channel":"history:r%d","limit":2,"reverse":true}`,
	`"history":{"channel":"history:r%d","limit":3,"since":{"offset":1,"epoch":""}}`, `"history":{"channel":"history:r%d","limit":3,"since":{"offset":1,"epoch":"wild"}}`,
	`"history":{"channel":"history:r%d","limit":3,"reverse":true,"since":{"offset":2,"epoch":""}}`, `"history":{"channel":"history:r%d","limit":3,"reverse":true,"since":{"offset":0,"epoch":""}}`,
	`"presence":{"channel":"present:%d"}`, `"presence_stats":{"channel":"present:%d"}`,
}

// fatal are steps that end a connection.
var fatal = []string{`{}`, `{"id":5}`, `{"id":5,"connect":{}}`, `{"rpc":{"method":"end"}}`, `{"id":5,"subscribe":{"channel":""}}`, `{"id":5,"refresh":{"token":"x"}}`, `{"send":{"data":1}}`}

func TestOracleAtRandom(t *testing.T) {
	hub, reference := httptest.NewServer(ours(t)), httptest.NewServer(theirs(t))
	defer hub.Close()
	defer reference.Close()
	run := 100
	rapid.Check(t, func(r *rapid.T) {
		run++
		c := conversation{name: "random", frames: drawFrames(r, run)}
		protobuf := rapid.Bool().Draw(r, "protobuf")
		here, there := talk(t, hub, c, protobuf), talk(t, reference, c, protobuf)
		defer leave(here)
		defer leave(there)
		want := told(there, told(here, [2][]string{}))
		got := told(here, want)
		for i, who := range []string{"a", "b"} {
			ours, theirs := strings.Join(got[i], "\n"), strings.Join(want[i], "\n")
			if ours != theirs {
				r.Errorf("%s, protobuf %v\nframes:\n%s\nours:\n%s\ntheirs:\n%s", who, protobuf, strings.Join(c.frames, "\n"), ours, theirs)
			}
		}
	})
}

// drawFrames draws what two clients of one run say: each frame has a few commands
// of one of them.
func drawFrames(r *rapid.T, run int) (frames []string) {
	id := 2
	command := func(step string) string {
		id++
		if strings.Contains(step, "%") {
			step = fmt.Sprintf(step, run)
		}
		return fmt.Sprintf(`{"id":%d,%s}`, id, step)
	}
	inside := map[string]bool{} // who may read
	for range rapid.IntRange(1, 20).Draw(r, "frames") {
		who := rapid.SampledFrom([]string{"", "b>"}).Draw(r, "who")
		var commands []string
		for range rapid.IntRange(1, 3).Draw(r, "commands") {
			step := rapid.SampledFrom(steps).Draw(r, "step")
			switch {
			case rapid.IntRange(0, 3).Draw(r, "read") > 0:
			case !inside[who]:
				inside[who] = true
				commands = append(commands, command(`"subscribe":{"channel":"history:r%d"}`), command(`"subscribe":{"channel":"present:%d"}`))
				continue
			default:
				step = rapid.SampledFrom(reads).Draw(r, "read what")
			}
			if strings.HasPrefix(step, `"unsubscribe"`) && !strings.Contains(step, "plain") && !strings.Contains(step, "token") {
				inside[who] = false
			}
			if who != "" {
				step = strings.ReplaceAll(step, `"alice `, `"bob `) // with another's token it would end here
			}
			commands = append(commands, command(step))
		}
		frames = append(frames, who+strings.Join(commands, "\n"))
	}
	if rapid.IntRange(0, 4).Draw(r, "end") == 0 {
		frames = append(frames, rapid.SampledFrom(fatal).Draw(r, "fatal"))
	}
	return frames
}
