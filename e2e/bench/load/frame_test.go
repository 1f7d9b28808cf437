//go:build linux

package load

import "testing"

func TestMessagesOfAFrame(t *testing.T) {
	for body, want := range map[string]struct {
		ping    bool
		answers int
	}{
		"{}":                                     {true, 0},
		"{}\n":                                   {true, 0},
		"{\"id\":1,\"rpc\":{}}\n{}":              {true, 1},
		"{}\n{\"id\":1,\"rpc\":{}}":              {true, 1},
		"{\"id\":1,\"rpc\":{\"data\":\"{}\"}}":   {false, 1},
		"{\"id\":1,\"rpc\":{}}\n{\"id\":2}\n":    {false, 2},
		"{\"push\":{\"pub\":{\"data\":\"id\"}}}": {false, 0},
	} {
		if got := pinged([]byte(body)); got != want.ping {
			t.Errorf("%q: has a ping: got %v, want %v", body, got, want.ping)
		}
		if got := answers([]byte(body)); got != want.answers {
			t.Errorf("%q: answers: got %d, want %d", body, got, want.answers)
		}
	}
}
