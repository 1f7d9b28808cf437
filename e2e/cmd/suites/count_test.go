package main

import (
	"strings"
	"testing"
)

func TestCountsTestsAndSubtests(t *testing.T) {
	stream := strings.Join([]string{
		`{"Action":"run","Package":"p","Test":"TestA"}`,
		`{"Action":"pass","Package":"p","Test":"TestA/one"}`,
		`{"Action":"pass","Package":"p","Test":"TestA"}`,
		`{"Action":"fail","Package":"p","Test":"TestB"}`,
		`{"Action":"skip","Package":"p","Test":"TestC"}`,
		`{"Action":"pass","Package":"q"}`,
	}, "\n")
	var got tally
	got.countGo(strings.NewReader(stream))
	if got.passed != 2 || got.failed != 1 || got.skipped != 1 {
		t.Errorf("tally: got %+v, want 2 passed, 1 failed, 1 skipped", got)
	}
}

func TestASuiteWithoutTestsIsAFailure(t *testing.T) {
	for _, test := range []struct {
		suite tally
		want  bool
	}{{tally{passed: 1}, false}, {tally{}, true}, {tally{passed: 1, failed: 1}, true}} {
		if got := report([]tally{test.suite}); got != test.want {
			t.Errorf("report(%+v): got failed=%v, want %v", test.suite, got, test.want)
		}
	}
}
