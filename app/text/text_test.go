package text_test

import (
	"strings"
	"testing"

	"github.com/yodelrt/yodel/app/text"
)

func TestH328_look_alikes_and_the_unseen(t *testing.T) {
	for a, b := range map[string]string{
		"admin":       "\u0430dmin",         // Cyrillic а
		"ADMIN":       "admin",              // case
		"Bob":         "\u0412\u043e\u0062", // Cyrillic В and о
		"alice":       "AIice",              // capital I
		"Ali\u200bce": "Alice",              // zero width space
		"root\u3164":  "root",               // Hangul filler
		"Ｒｏｏｔ":        "root",               // full width
		"\u24d0dmin":  "admin",              // in a circle
		"𝐚𝐝𝐦𝐢𝐧":       "admin",              // mathematical
		"max":         "rnax",
		"user0":       "usero",
		"A  B":        "a\u00a0b",
		"Straße":      "STRASSE",
	} {
		if text.Look(a) != text.Look(b) {
			t.Errorf("%q and %q: got %q and %q, want one look", a, b, text.Look(a), text.Look(b))
		}
	}
	for a, b := range map[string]string{"alice": "alicia", "bob": "rob", "Ann": "Anne", "Zoë": "Zoe", "张伟": "王伟", "user1": "user2"} {
		if text.Look(a) == text.Look(b) {
			t.Errorf("%q and %q: got one look %q, want two", a, b, text.Look(a))
		}
	}
	for _, unseen := range []string{"", " ", "\u200b", "\u3164", "\u2800", "\u115f\u1160\uffa0", "\u00ad", "\ufeff", "\u2060\u2063", "\u034f", "\ufe0f", "\u180e", "\U000e0041", "\n\t\u2028", "\U0001d159", "\u17b4", "\ue000", "\ufffc"} {
		if text.Seen(unseen) {
			t.Errorf("%q: got seen, want unseen", unseen)
		}
	}
	for _, seen := range []string{"a", "❤", "❤\ufe0f", "👩\u200d💻", "1\ufe0f\u20e3", "🇩🇪", "।", ".", "\u0601", "می\u200cخواهم"} {
		if !text.Seen(seen) {
			t.Errorf("%q: got unseen, want seen", seen)
		}
	}
	for _, name := range []string{"Ali\u200bce", "\u3164", "Al\u202eice", "x\u2800y", "a\u200db", "a\ufe0f", "\u00adsoft", "tag\U000e0041", "Bob\u0000", "a\x7fb", "two\nlines", "a\tb", "a\u2028b", "p\ue000"} {
		if _, _, ok := text.Line(name); ok {
			t.Errorf("%q: got no hidden character, want one", name)
		}
	}
	for name, want := range map[string]string{
		"  Zoe\u0308  Smith ": "Zo\u00eb Smith", "Ann 👩🏽\u200d💻": "Ann 👩🏽\u200d💻", "❤\ufe0f\u200d🔥": "❤\ufe0f\u200d🔥", "می\u200cخواهم": "می\u200cخواهم",
		"क्\u200dष": "क्\u200dष", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
		"1\ufe0f\u20e3": "1\ufe0f\u20e3", "a\u3000b": "a b", "O'Brien-Łukasz": "O'Brien-Łukasz", "李 明": "李 明",
	} {
		if got, found, ok := text.Line(name); got != want || !ok {
			t.Errorf("%q: got %q with %U, want %q", name, got, found, want)
		}
	}
	if got := text.Fold("ÉCOLE Ｘ"); got != "école x" {
		t.Errorf("fold: got %q, want %q", got, "école x")
	}
	if long := strings.Repeat("\u0430\u3164", 30_000); text.Look(long) != strings.Repeat("a", 30_000) {
		t.Error("a long text: got another look")
	}
}
