package chat

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// The same cases are run over the pages' twin.
func TestH332_names_that_a_text_mentions(t *testing.T) {
	raw, err := os.ReadFile("testdata/mentions.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Text  string
		Names [][]string
	}
	if err := json.Unmarshal(raw, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases, error %v", len(cases), err)
	}
	for _, c := range cases {
		if diff := cmp.Diff(c.Names, namesIn(c.Text), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.Text, diff)
		}
	}
}

func TestH332_emoji(t *testing.T) {
	for text, want := range map[string]string{
		"👍": "👍", "❤️": "❤️", "❤": "❤️", "‼️": "‼️", "™️": "™️", "©": "©️", "ℹ️": "ℹ️", "〰️": "〰️", "㊗️": "㊗️",
		"Ⓜ️": "Ⓜ️", "1️⃣": "1️⃣", "#⃣": "#️⃣", "🇨🇭": "🇨🇭", "👩‍🚀": "👩‍🚀", "👍🏽": "👍🏽", "🏴󠁧󠁢󠁳󠁣󠁴󠁿": "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
		"👍👎": "", "": "", "\u200d": "", "\ufe0f": "", "\u2800": "", "1": "", "#": "", "a": "", "🇨": "", "🏽👍": "", "👍 ": "",
		"👍\u200d": "", "⌐": "", "🇽🇽": "", strings.Repeat("👍", 1000): "",
	} {
		got, err := emojiOf(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q and error %v, want %q", text, got, err, want)
		}
	}
}
