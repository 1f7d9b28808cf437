package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTrial_Toy(t *testing.T) {
	root := toy(t)
	all := toyMutants(t, root)
	trial := &trial{root: root, timeout: 2 * time.Second, always: "./lib"}
	for change, want := range map[string]string{
		"drop a call\n-delete(s.kept, key)":        "TestForget/twice",
		"drop a defer\n-defer func() { n *= 2 }()": "TestCount", // which is skipped in the short run
		"drop an assignment\n-n++":                 "the timeout, in TestCount",
		"empty a case\n-name = \"one\"":            "",
		"change an operator\n-func Full(n int) bool { return n > 3 }\n+func Full(n int) bool { return n >= 3 }": "",
	} {
		by, err := trial.try(t.Context(), all[change])
		if err != nil || by != want {
			t.Errorf("%s: noticed by %q, %v, want %q", change, by, err, want)
		}
	}
	if source, err := os.ReadFile(filepath.Join(root, "lib/toy.go")); err != nil || string(source) != toySource {
		t.Errorf("the source was changed: %s, %v", source, err)
	}
}

// TestTrial_All: what does not build is replaced, what survives is printed with its
// change.
func TestTrial_All(t *testing.T) {
	root := toy(t)
	all := toyMutants(t, root)
	noticed, survivor := all["drop a call\n-delete(s.kept, key)"], all["empty a case\n-name = \"one\""]
	broken := noticed
	broken.with = "delete(s.kept)"
	var out strings.Builder
	trial := &trial{root: root, timeout: 2 * time.Second, always: "./lib"}
	survived, err := trial.all(t.Context(), []mutant{broken, noticed, survivor, noticed}, 2, &out)
	if err != nil || survived != 1 {
		t.Errorf("got %d survivors, %v, want 1", survived, err)
	}
	for _, want := range []string{"not built lib/toy.go:16", "noticed   lib/toy.go:16: drop a call (", ") by TestForget/twice\n", "SURVIVED  lib/toy.go:34", "-\t\tname = \"one\"\n", "2 changes, 1 survived"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("got %s, want %q in it", out.String(), want)
		}
	}
	if strings.Count(out.String(), "noticed ") != 1 {
		t.Errorf("got %s, want two changes that were built and no more", out.String())
	}
}

// TestTrial_Unsteady: a test that fails once and passes alone has not noticed a
// change.
func TestTrial_Unsteady(t *testing.T) {
	root := toy(t)
	once := `package toy

import (
	"os"
	"testing"
)

func TestOnce(t *testing.T) {
	if _, err := os.ReadFile("failed"); err != nil {
		_ = os.WriteFile("failed", nil, 0o644)
		t.Error("not again")
	}
}
`
	if err := os.WriteFile(filepath.Join(root, "lib/a_test.go"), []byte(once), 0o644); err != nil {
		t.Fatal(err)
	}
	trial := &trial{root: root, timeout: 2 * time.Second, always: "./lib"}
	all := toyMutants(t, root)
	for change, want := range map[string]string{"empty a case\n-name = \"one\"": "", "drop a call\n-delete(s.kept, key)": "TestForget/twice"} {
		_ = os.Remove(filepath.Join(root, "lib/failed"))
		if by, err := trial.try(t.Context(), all[change]); err != nil || by != want {
			t.Errorf("%s: noticed by %q, %v, want %q", change, by, err, want)
		}
	}
}

func TestTestIn(t *testing.T) {
	for by, want := range map[string]string{
		"TestA/b": "TestA", "TestA (panic: boom)": "", "the timeout, in TestA/b": "TestA", "the end of the run": "",
		" (panic: boom)": "", "the timeout, in ": "", "ExampleHub": "ExampleHub",
	} {
		if got := testIn(by); got != want {
			t.Errorf("%q: got %q, want %q", by, got, want)
		}
	}
}

func TestTrial_FailsWithoutAnyChange(t *testing.T) {
	root := toy(t)
	path := filepath.Join(root, "lib/toy_test.go")
	if err := os.WriteFile(path, []byte(strings.Replace(toyTests, "Full(2)", "Full(8)", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	trial := &trial{root: root, timeout: 2 * time.Second, always: "./lib"}
	_, err := trial.all(t.Context(), []mutant{toyMutants(t, root)["drop a call\n-delete(s.kept, key)"]}, 1, &strings.Builder{})
	if err == nil || !strings.Contains(err.Error(), "TestFull") {
		t.Errorf("got %v, want an error that names TestFull", err)
	}
}

func TestReading(t *testing.T) {
	for name, test := range map[string]struct{ out, by string }{
		"a subtest":        {"=== RUN   TestA\n=== RUN   TestA/b\n--- FAIL: TestA (0.1s)\n    --- FAIL: TestA/b (0.1s)\nFAIL\n", "TestA/b"},
		"the first":        {"--- FAIL: TestA (0.1s)\n--- FAIL: TestAB (0.1s)\n", "TestA"},
		"another process":  {"=== RUN   TestA\npanic: boom\n\ngoroutine 7 [running]:\n", "TestA (panic: boom)"},
		"a fatal error":    {"=== RUN   TestA\nfatal error: all goroutines are asleep - deadlock!\n", "TestA (fatal error: all goroutines are asleep - deadlock!)"},
		"the timeout":      {"=== RUN   TestA\npanic: test timed out after 5s\n", "the timeout, in TestA"},
		"goroutines left":  {"=== RUN   TestA\n--- PASS: TestA (0.1s)\nPASS\ngoleak: Errors on successful test run: found unexpected goroutines:\n", "TestA (goleak: Errors on successful test run: found unexpected goroutines:)"},
		"nothing readable": {"exit status 3\n", "the end of the run"},
	} {
		by, err := reading(test.out)
		if err != nil || by != test.by {
			t.Errorf("%s: got %q, %v, want %q", name, by, err, test.by)
		}
	}
	if by, err := reading("# toy\n./toy.go:3:1: syntax error\nFAIL\ttoy [build failed]\n"); !errors.Is(err, errNotBuilt) {
		t.Errorf("a build that fails: got %q, %v, want errNotBuilt", by, err)
	}
}
