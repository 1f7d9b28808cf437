package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

// rule says what a text may be, in characters.
type rule struct {
	says     string
	min, max int
	oneLine  bool
}

var (
	roomName     = rule{"A room name has 1 to 80 characters.", 1, 80, true}
	topic        = rule{"A topic has at most 250 characters.", 0, 250, true}
	messageText  = rule{"A message has 1 to 4,000 characters.", 1, 4000, false}
	announceText = rule{"An announcement has 1 to 500 characters.", 1, 500, false}
	personName   = rule{"A name has 1 to 60 characters.", 1, 60, true}
	status       = rule{"A status has at most 100 characters.", 0, 100, true}
)

// check returns the text without the space around it.
func (r rule) check(text string) (string, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < r.min || n > r.max {
		return "", refusal.Invalid.Say("%s", r.says)
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, r.forbids) {
		return "", refusal.Invalid.Say("%s Control characters are not among them.", r.says)
	}
	return text, nil
}

// forbids reports characters that would break a line, a database or the reading
// direction of what stands around them.
func (r rule) forbids(c rune) bool {
	if !r.oneLine && (c == '\n' || c == '\t') {
		return false
	}
	return unicode.IsControl(c) || (r.oneLine && (c == '\u2028' || c == '\u2029' || unicode.Is(unicode.Bidi_Control, c)))
}

// isID reports whether a text could be an id of ours, so that nothing else ever
// reaches the store.
func isID(text string) bool { return len(text) == 36 && uuid.Validate(text) == nil }

// sendKey checks a key that makes sending idempotent.
func sendKey(key string) (string, error) {
	if !isID(key) {
		return "", refusal.Invalid.Say("A key is a UUID, chosen by the client for each message.")
	}
	return strings.ToLower(key), nil
}

// nameKey is what tells names of rooms apart: one of an open public room is
// different from all others without regard to case and space.
func nameKey(room wire.Room) string {
	if room.Kind != wire.Public || room.ArchivedAt != nil {
		return ""
	}
	return fold(room.Name)
}

func fold(name string) string { return strings.Join(strings.Fields(strings.ToLower(name)), " ") }

// limitOf is how long a page is.
func limitOf(asked, usual, most int) int {
	if asked <= 0 {
		return usual
	}
	return min(asked, most)
}

// part cleans a text that is searched for.
func part(text string) string {
	text = strings.ToLower(strings.TrimSpace(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == utf8.RuneError {
			return -1
		}
		return c
	}, text)))
	if utf8.RuneCountInString(text) > 80 {
		text = string([]rune(text)[:80])
	}
	return text
}
