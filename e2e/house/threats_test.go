package house_test

import (
	"testing"

	"github.com/yodelrt/yodel/e2e/house"
)

func TestThreatsNameTheirPart(t *testing.T) {
	threats, err := house.ReadThreats(root(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(threats.All) < 190 {
		t.Fatalf("cases read from docs/threats.md: got %d, want at least 190", len(threats.All))
	}
	seen := map[string]bool{}
	for _, c := range threats.All {
		if _, known := threats.Built[c.Part]; !known {
			t.Errorf("%s belongs to the part %q, which the table of parts does not list", c.ID, c.Part)
		}
		if seen[c.ID] {
			t.Errorf("%s stands twice in docs/threats.md", c.ID)
		}
		seen[c.ID] = true
	}
	for _, id := range threats.Unknown() {
		t.Errorf("a test is named after %s, which docs/threats.md does not list", id)
	}
}

// TestNoCaseOfABuiltPartIsOpen keeps the list honest: whoever builds a part
// proves its cases.
func TestNoCaseOfABuiltPartIsOpen(t *testing.T) {
	threats, err := house.ReadThreats(root(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range threats.Open() {
		t.Errorf("%s (%s) has no test of its name: %s -> %s", c.ID, c.Part, c.Case, c.Owed)
	}
}
