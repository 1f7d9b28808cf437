package house_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
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

// TestWhatEndsWithWhat_NamesTests: each line of that table names tests that there
// are.
func TestWhatEndsWithWhat_NamesTests(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root(t), "docs", "threats.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(page), "## What ends with what")
	if !found {
		t.Fatal("docs/threats.md has no table of what ends with what")
	}
	table, _, _ = strings.Cut(table, "\n## ")
	list := exec.Command("git", "grep", "-hoE", "^func Test[A-Za-z0-9_]+", "--", "*_test.go")
	list.Dir = root(t)
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	tests := strings.Fields(strings.ReplaceAll(string(out), "func ", ""))
	named := regexp.MustCompile("`(Test[A-Za-z0-9_]+)`")
	for line := range strings.Lines(table) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| granted") {
			continue
		}
		names := named.FindAllStringSubmatch(line, -1)
		if len(names) == 0 {
			t.Errorf("no test shows that it ends: %s", line)
		}
		for _, name := range names {
			if !slices.Contains(tests, name[1]) {
				t.Errorf("there is no test %s: %s", name[1], line)
			}
		}
	}
}
