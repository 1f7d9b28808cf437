package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestTheEndSaysWhatFailedAndWhy(t *testing.T) {
	var suite tally
	suite.countGo(strings.NewReader(`{"Action":"output","Package":"p","Test":"TestA","Output":"a.go:1: got 2, want 1\n"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestB","Output":"fine\n"}
{"Action":"pass","Package":"p","Test":"TestB"}
{"Action":"fail","Package":"p"}
{"Action":"build-output","Package":"q","Output":"undefined: x\n"}
{"Action":"fail","Package":"q"}`))
	wantFailures(t, suite.failures, "p TestA\n    a.go:1: got 2, want 1", "q\n    undefined: x")

	var vitest vitestReport
	decode(t, &vitest, `{"testResults":[{"assertionResults":[
		{"fullName":"a room","failureMessages":["\u001b[31mexpected 1\u001b[39m"]},{"fullName":"another","failureMessages":[]}]}]}`)
	wantFailures(t, vitest.failures(), "a room\n    expected 1")

	var browser playwrightReport
	decode(t, &browser, `{"suites":[{"suites":[{"specs":[{"file":"a.spec.ts","title":"somebody signs in","tests":[
		{"projectName":"http","results":[{"errors":[{"message":"not visible","snippet":"> 12 | expect"}]}]},
		{"projectName":"https","results":[{"errors":[]}]}]}]}]}],"errors":[{"message":"no browser"}]}`)
	wantFailures(t, browser.failures(),
		"[http] a.spec.ts: somebody signs in\n    not visible\n    > 12 | expect", "outside of a test\n    no browser")
}

func TestTheEndOfALongFailureIsKept(t *testing.T) {
	got := failure{"p TestA", strings.Repeat("noise\n", saidLines) + "the reason\n"}.String()
	if !strings.Contains(got, "(1 lines more above)") || !strings.HasSuffix(got, "the reason") {
		t.Errorf("failure: got %q, want its end and how much is left out", got)
	}
}

func wantFailures(t *testing.T, got []failure, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("failures: got %v, want %d", got, len(want))
	}
	for i := range want {
		if got[i].String() != want[i] {
			t.Errorf("failure %d: got %q, want %q", i, got[i], want[i])
		}
	}
}

func decode(t *testing.T, into any, text string) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}
