// Package text knows what of a text can be seen, and which texts look alike.
package text

import (
	"strings"
	"unicode"

	"go.mau.fi/util/confusable"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns what a text is searched for by: without regard to case, width and
// the amount of space (Unicode NFKC with case folding).
func Fold(text string) string {
	return strings.Join(strings.Fields(norm.NFKC.String(cases.Fold().String(norm.NFKC.String(text)))), " ")
}

// Look returns the same for texts that look alike, whatever they consist of: the
// skeleton of UTS #39, without regard to case and to what cannot be seen. An i
// and an l are alike as well, because of their capitals.
func Look(text string) string {
	shown := strings.Map(func(c rune) rune {
		if hidden(c) {
			return -1
		}
		return c
	}, text)
	// Once for capitals, such as a Cyrillic В, and once for small letters.
	look := Fold(confusable.Skeleton(norm.NFKC.String(shown)))
	return strings.ReplaceAll(Fold(confusable.Skeleton(look)), "i", "l")
}

// Seen reports whether there is anything to see in a text.
func Seen(text string) bool {
	return strings.ContainsFunc(text, func(c rune) bool { return !hidden(c) && !unicode.IsSpace(c) })
}

// Line returns a text for one line, such as a name: in Unicode NFC, with single
// spaces. It reports false, and the first one, where a character in it cannot be
// seen. What joins the parts of an emoji, or letters of scripts that join them,
// is no such character where it does that.
func Line(text string) (line string, unseen rune, ok bool) {
	text = strings.Join(strings.FieldsFunc(norm.NFC.String(text), space), " ")
	before := rune(0)
	for _, c := range text {
		if hidden(c) && !joins(before, c) {
			return text, c, false
		}
		before = c
	}
	return text, 0, true
}

// space reports what separates words on a line.
func space(c rune) bool { return unicode.Is(unicode.Zs, c) }
