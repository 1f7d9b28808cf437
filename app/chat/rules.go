package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
	"github.com/yodelrt/yodel/app/text"
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
	status       = rule{"A status has at most 100 characters.", 0, 100, true}
)

// check returns the text without the space around it.
func (r rule) check(said string) (string, error) {
	said = strings.TrimSpace(said)
	if n := utf8.RuneCountInString(said); n < r.min || n > r.max {
		return "", refusal.Invalid.Say("%s", r.says)
	}
	if !utf8.ValidString(said) || strings.ContainsFunc(said, controls) {
		return "", refusal.Invalid.Say("%s Control characters are not among them.", r.says)
	}
	if said != "" && !text.Seen(said) {
		return "", refusal.Invalid.Say("%s There is nothing to see in these.", r.says)
	}
	if !r.oneLine {
		return said, nil
	}
	line, unseen, ok := text.Line(said)
	if !ok { // it would break the line, its reading direction, or hide in it
		return "", refusal.Invalid.Say("%s One of these can't be seen: leave %U out.", r.says, unseen)
	}
	return line, nil
}

// controls reports characters that no text has.
func controls(c rune) bool { return c != '\n' && c != '\t' && unicode.IsControl(c) }

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

// nameKey is what tells names of rooms apart: one of an open public room looks
// different from all others.
func nameKey(room wire.Room) NameKey {
	if room.Kind != wire.Public || room.ArchivedAt != nil {
		return NameKey{}
	}
	return NameKey{Folded: text.Fold(room.Name), Look: text.Look(room.Name)}
}

// limitOf is how long a page is.
func limitOf(asked, usual, most int) int {
	if asked <= 0 {
		return usual
	}
	return min(asked, most)
}

// part cleans a text that is searched for.
func part(searched string) string {
	searched = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == utf8.RuneError {
			return -1
		}
		return c
	}, searched)
	if runes := []rune(searched); len(runes) > 80 {
		searched = string(runes[:80])
	}
	return text.Fold(searched)
}
