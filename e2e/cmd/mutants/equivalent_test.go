package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const toyEquivalent = `# a comment
lib/toy.go
-func Full(n int) bool { return n > 3 }
+func Full(n int) bool { return n >= 3 }
why: nobody asks with three

# and an empty entry
`

func TestEquivalents_LeftOut(t *testing.T) {
	known, err := parseEquivalents(toyEquivalent)
	if err != nil || len(known) != 1 {
		t.Fatalf("got %v, %v, want one entry", known, err)
	}
	root := toy(t)
	path := filepath.Join(root, "lib/toy.go")
	moved := strings.Replace(toySource, "type Set", "\n\n// Set is one.\ntype Set", 1)
	if err := os.WriteFile(path, []byte(moved), 0o644); err != nil {
		t.Fatal(err)
	}
	all, err := sample(root, []string{"lib/**"}, known, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != len(wantToy)-1 || slices.ContainsFunc(all, func(m mutant) bool { return strings.Contains(m.diff(), ">= 3") }) {
		t.Errorf("got %d mutants, want %d without the known one", len(all), len(wantToy)-1)
	}
}

func TestParseEquivalents_Incomplete(t *testing.T) {
	for name, text := range map[string]string{
		"no reason": "a.go\n-x\n+y\n",
		"no file":   "-x\n+y\nwhy: because\n",
		"no change": "a.go\nwhy: because\n",
	} {
		if known, err := parseEquivalents(text); err == nil {
			t.Errorf("%s: got %v, want an error", name, known)
		}
	}
}

// TestEquivalents_Current: every entry is still a change that would be tried.
func TestEquivalents_Current(t *testing.T) {
	known, err := parseEquivalents(equivalentText)
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	all, err := sample(root, sources, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		delete(known, keyOf(m))
	}
	for entry := range known {
		t.Errorf("equivalent.txt has a change that is none of the code's: take it out\n%s", entry)
	}
}
