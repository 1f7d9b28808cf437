package main

import (
	"os"
	"regexp"
	"strconv"
	"testing"
)

// TestEveryCloseIsServed reads the codes out of their source, so that none is left
// out of what foreign clients are tried with.
func TestEveryCloseIsServed(t *testing.T) {
	source, err := os.ReadFile("../../../realtime/close.go")
	if err != nil {
		t.Fatal(err)
	}
	served := map[int]bool{}
	for _, row := range table() {
		served[row.Code] = true
	}
	found := regexp.MustCompile(`(?m)^\t[A-Z]\w+ += Close\{Code: ([\w.]+),`).FindAllSubmatch(source, -1)
	if len(found) != len(closes) {
		t.Errorf("realtime/close.go has %d closes, the server %d", len(found), len(closes))
	}
	for _, one := range found {
		if code, err := strconv.Atoi(string(one[1])); err == nil && !served[code] {
			t.Errorf("%d is not served", code)
		}
	}
}
