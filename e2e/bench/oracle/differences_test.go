package oracle_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// difference is one that is intended: why, and what we say where they say theirs.
type difference struct {
	reason string
	ours   func(theirs string) string
}

// differences are all of them. A conversation names the one that it shows; what is
// left of it must be the same.
var differences = map[string]difference{
	"reading": {
		"there the application's handler alone decides; here history and presence are for subscribers unless AllowRead says otherwise",
		replace(`"history":\{.*\}`, `"error":{"code":103,"message":"permission denied"}}`),
	},
	"lead": {
		"no grace after exp: the ttl that is told is shorter by up to 25 s, so that a client that refreshes when told is in time",
		strings.NewReplacer(`"ttl":3600`, `"ttl":3575`, `"ttl":7200`, `"ttl":7175`).Replace,
	},
	"expired connect": {
		"there the connection stays, of no use, and is cut some seconds later; here it ends at once, with a code after which clients come back",
		replace(`(?m)^cut$`, `close 3005 connection expired`),
	},
	"two requests": {
		"there one of the two is picked; a command that says two things is refused here, since nobody knows which was meant",
		replace(`(?m)^\{"id":2,"publish":\{\}\}$`, `close 3501 bad request`),
	},
	"reverse beyond the top": {
		"there a position that does not exist yet has nothing before it; here since is exclusive in both directions, wherever it lies",
		replace(`"publications":\[\]`, `"publications":[{"data":2,"info":{"user":"alice"},"offset":2},{"data":1,"info":{"user":"alice"},"offset":1}]`),
	},
}

func replace(theirs, ours string) func(string) string {
	pattern := regexp.MustCompile(theirs)
	return func(text string) string { return pattern.ReplaceAllLiteralString(text, ours) }
}

// intended is what we should have said where they said that.
func (c conversation) intended(theirs string) string {
	d, listed := differences[c.differ]
	if !listed {
		return theirs
	}
	return d.ours(theirs)
}

func TestEveryDifferenceIsShown(t *testing.T) {
	shown := map[string]bool{}
	for _, c := range slices.Concat(conversations, many) {
		if _, listed := differences[c.differ]; c.differ != "" && !listed {
			t.Errorf("%s: the difference %q is not listed", c.name, c.differ)
		}
		shown[c.differ] = true
	}
	for name, d := range differences {
		if !shown[name] {
			t.Errorf("the difference %q is listed and no conversation shows it", name)
		}
		if d.reason == "" {
			t.Errorf("the difference %q has no reason", name)
		}
	}
}

// TestDifferences_Page: docs/reference/differences.md lists each difference that a
// conversation shows, with its reason, and no other.
func TestDifferences_Page(t *testing.T) {
	text, err := os.ReadFile("../../../docs/reference/differences.md")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(text), "## Shown by a conversation")
	shown, _, found := strings.Cut(shown, "\n## ")
	if !found {
		t.Fatal("got no part \"Shown by a conversation\" with one behind it")
	}
	listed := map[string]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| ([^|]+) \| ([^|]+) \|$`).FindAllStringSubmatch(shown, -1)[1:] {
		listed[row[1]] = row[2]
	}
	want := map[string]string{}
	for name, d := range differences {
		want[name] = d.reason
	}
	if !maps.Equal(listed, want) {
		t.Errorf("differences on the page:\n got %q\nwant %q", listed, want)
	}
}
