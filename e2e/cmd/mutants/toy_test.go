package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const toySource = `package toy

import "sync"

type Set struct {
	mu   sync.Mutex
	kept map[string]bool
}

func (s *Set) Forget(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.kept[key] {
		return false
	}
	delete(s.kept, key)
	return true
}

func Full(n int) bool { return n > 3 }

func Count(until int) (n int) {
	defer func() { n *= 2 }()
	for n != until {
		n++
	}
	return n
}

func Kind(n int) string {
	name := ""
	switch n {
	case 1:
		name = "one"
	}
	return name
}
`

// The bound of Full is not tested at its edge, Kind not at all.
const toyTests = `package toy

import "testing"

func TestForget(t *testing.T) {
	s := &Set{kept: map[string]bool{"a": true}}
	t.Run("twice", func(t *testing.T) {
		if !s.Forget("a") || s.Forget("a") {
			t.Error("not once")
		}
	})
}

func TestFull(t *testing.T) {
	if Full(2) || !Full(9) {
		t.Error("full")
	}
}

func TestCount(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and tests a toy module several times; left out with -short")
	}
	if got := Count(3); got != 6 {
		t.Errorf("got %d", got)
	}
}
`

// toy writes a module of one package with tests and returns its folder.
func toy(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module toy\n\ngo 1.26\n", "lib/toy.go": toySource, "lib/toy_test.go": toyTests, "lib/toy_gen.go": "package toy\n\nvar generated = true\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// toyMutants are those of the toy by kind and changed lines, without indentation.
func toyMutants(t *testing.T, root string) map[string]mutant {
	t.Helper()
	all, err := mutantsOf(root, "lib/toy.go")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]mutant{}
	for _, m := range all {
		named[m.kind+"\n"+strings.TrimPrefix(keyOf(m), "lib/toy.go\n")] = m
	}
	return named
}
