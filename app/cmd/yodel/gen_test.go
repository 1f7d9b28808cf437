package main

import (
	"strings"
	"testing"
)

func TestTheContractIsWritten(t *testing.T) {
	if out, err := run(t, "", nil, "gen", "--check", "--dir", "../../.."); err != nil {
		t.Errorf("%s(make generate)", out)
	}
	if out, err := run(t, "", nil, "gen", "--dir", t.TempDir()); err == nil || !strings.Contains(out, "go list") {
		t.Errorf("where there are no sources: got %v %s", err, out)
	}
}
