package chat

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/yodelrt/yodel/app/refusal"
)

// The emoji of Unicode 17 that vendors show as one (RGI_Emoji, UTS #51), a line
// each. A test of the pages compares them with what JavaScript knows.
//
//go:embed emoji.txt
var emojiList string

// emojis finds an emoji by its symbols without the variation selectors, which
// keyboards leave out at times.
var emojis = sync.OnceValue(func() map[string]string {
	all := make(map[string]string, 4096)
	for emoji := range strings.Lines(emojiList) {
		emoji = strings.TrimSpace(emoji)
		all[unqualified(emoji)] = emoji
	}
	return all
})

func unqualified(emoji string) string { return strings.ReplaceAll(emoji, "\ufe0f", "") }

// emojiOf checks that a text is one emoji, and returns it as Unicode writes it.
func emojiOf(text string) (string, error) {
	emoji, known := emojis()[unqualified(text)]
	if !known {
		return "", refusal.Invalid.Say("A reaction is one emoji.")
	}
	return emoji, nil
}
