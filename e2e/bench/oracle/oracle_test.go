package oracle_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// play holds a conversation with a server and returns what each client heard. It
// waits until each has heard as much as expected says.
func play(t *testing.T, server *httptest.Server, c conversation, protobuf bool, expected [2][]string) (stories [2][]string) {
	t.Helper()
	speakers := talk(t, server, c, protobuf)
	defer leave(speakers)
	return told(speakers, expected)
}

// talk has a conversation with a server; it is over when every command is answered.
func talk(t *testing.T, server *httptest.Server, c conversation, protobuf bool) []*speaker {
	t.Helper()
	both := slices.ContainsFunc(c.frames, func(frame string) bool { return strings.HasPrefix(frame, "b") })
	speakers := []*speaker{speak(t, server, orElse(c.a, "user=alice"), protobuf)}
	if both {
		speakers = append(speakers, speak(t, server, orElse(c.b, "user=bob"), protobuf))
	}
	for _, s := range speakers {
		if !c.raw {
			s.say(`{"id":1,"connect":{}}`)
			s.fence(0)
		}
	}
	for i, frame := range c.frames {
		act(speakers, frame)
		for _, s := range speakers {
			if !c.raw {
				s.fence(i + 1)
			}
		}
	}
	for _, s := range speakers {
		s.fence(len(c.frames) + 1)
	}
	return speakers
}

// told is what the speakers have heard, once that is as much as is expected: what
// others do is heard of by itself, behind every answer.
func told(speakers []*speaker, expected [2][]string) (stories [2][]string) {
	for i, s := range speakers {
		s.wait(func(heard []string) bool { return len(tell(heard)) >= len(expected[i]) })
		stories[i] = s.story()
	}
	return stories
}

func leave(speakers []*speaker) {
	for _, s := range speakers {
		_ = s.conn.CloseNow()
	}
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// act carries out one line of a conversation.
func act(speakers []*speaker, frame string) {
	who := speakers[0]
	if strings.HasPrefix(frame, "b") {
		who = speakers[1]
	}
	switch head, rest := frame[:min(2, len(frame))], frame[min(2, len(frame)):]; head {
	case "b>":
		who.say(rest)
	case "b!":
		_ = who.conn.CloseNow()
	case "a?":
		who.wait(func(heard []string) bool {
			return slices.ContainsFunc(heard, func(line string) bool { return strings.Contains(line, rest) })
		})
	default:
		who.say(frame)
	}
}

func TestOracle(t *testing.T) {
	hub, reference := httptest.NewServer(ours(t)), httptest.NewServer(theirs(t))
	defer hub.Close()
	defer reference.Close()
	for name, protobuf := range map[string]bool{"JSON": false, "protobuf": true} {
		for _, c := range slices.Concat(conversations, many) {
			if protobuf {
				c = c.apart()
			}
			t.Run(name+"/"+c.name, func(t *testing.T) {
				got := play(t, hub, c, protobuf, [2][]string{})
				judge(t, c, got, play(t, reference, c, protobuf, got))
			})
		}
	}
}

// apart moves a conversation to channels of its own, since streams live on.
func (c conversation) apart() conversation {
	move := func(text string) string { return strings.ReplaceAll(text, `history:`, `history:p`) }
	c.a = move(c.a)
	frames := slices.Clone(c.frames)
	for i := range frames {
		frames[i] = move(frames[i])
	}
	c.frames = frames
	return c
}

// judge holds both against each other, with the difference that is intended.
func judge(t *testing.T, c conversation, got, want [2][]string) {
	t.Helper()
	for i, who := range []string{"a", "b"} {
		ours, theirs := strings.Join(got[i], "\n"), strings.Join(want[i], "\n")
		if ours != c.intended(theirs) {
			t.Errorf("%s\nours:\n%s\ntheirs:\n%s", who, ours, theirs)
		}
	}
	same := slices.Equal(got[0], want[0]) && slices.Equal(got[1], want[1])
	if same && c.differ != "" {
		t.Errorf("listed as different (%s) and is the same", c.differ)
	}
}
