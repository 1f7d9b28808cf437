package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// goTests runs go test in dir and counts its tests, subtests included. Output
// of failed packages is shown. env is added to this process's.
func goTests(name, dir string, env []string, args ...string) tally {
	suite := tally{name: name}
	cmd := exec.Command("go", append([]string{"test", "-json", "-count=1"}, args...)...)
	cmd.Dir, cmd.Stderr, cmd.Env = dir, os.Stderr, append(os.Environ(), env...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		suite.err = err
		return suite
	}
	if suite.err = cmd.Start(); suite.err != nil {
		return suite
	}
	suite.countGo(out)
	suite.err = cmd.Wait()
	return suite
}

// goEvent is one line of `go test -json`. Test is empty where it speaks of a package.
type goEvent struct{ Action, Package, Test, Output string }

func (t *tally) countGo(stream io.Reader) {
	said := map[string]string{} // by package, and by package and test
	told := map[string]bool{}   // packages with a failure that says why
	lines := bufio.NewScanner(stream)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var event goEvent
		if json.Unmarshal(lines.Bytes(), &event) != nil {
			fmt.Println(lines.Text())
			continue
		}
		name := strings.TrimSpace(event.Package + " " + event.Test)
		switch {
		case event.Action == "output" || event.Action == "build-output":
			said[event.Package] += event.Output
			if event.Test != "" {
				said[name] += event.Output
			}
			continue
		case event.Action == "fail" && (event.Test != "" || !told[name]):
			t.failures = append(t.failures, failure{name, said[name]})
			told[event.Package] = true
		}
		if event.Test != "" {
			t.count(event.Action)
		} else {
			tellPackage(event, said[name])
		}
	}
}

// tellPackage shows what a failed package has written, and the name of one that passed.
func tellPackage(event goEvent, said string) {
	switch event.Action {
	case "fail":
		fmt.Print(said)
	case "pass":
		fmt.Println("ok  ", event.Package)
	}
}

func (t *tally) count(action string) {
	switch action {
	case "pass":
		t.passed++
	case "fail":
		t.failed++
	case "skip":
		t.skipped++
	}
}

// vitest runs the tests that a configuration names.
func vitest(name, config string) tally {
	suite := tally{name: name}
	report := filepath.Join(os.TempDir(), fmt.Sprintf("yodel-vitest-%d.json", os.Getpid()))
	defer os.Remove(report)
	runErr := show("npx", "vitest", "run", "--config", config, "--reporter=default", "--reporter=json", "--outputFile="+report)
	var result vitestReport
	suite.err = read(report, &result, runErr)
	suite.passed, suite.failed, suite.skipped = result.Passed, result.Failed, result.Skipped
	suite.failures = result.failures()
	return suite
}

// playwright runs the end-to-end suites in a real browser.
func playwright(name string) tally {
	suite := tally{name: name}
	report := filepath.Join(os.TempDir(), fmt.Sprintf("yodel-playwright-%d.json", os.Getpid()))
	defer os.Remove(report)
	if err := os.Setenv("PLAYWRIGHT_JSON_OUTPUT_NAME", report); err != nil {
		suite.err = err
		return suite
	}
	runErr := show("npx", "playwright", "test", "--config", "e2e/playwright.config.ts", "--reporter=list,json")
	var result playwrightReport
	suite.err = read(report, &result, runErr)
	suite.failures = result.failures()
	suite.passed, suite.failed, suite.skipped = result.Stats.Expected, result.Stats.Unexpected+result.Stats.Flaky, result.Stats.Skipped
	return suite
}

func show(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

// read decodes a suite's report; runErr is how the run itself ended.
func read(path string, into any, runErr error) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("no report: %w", err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("read the report: %w", err)
	}
	return runErr
}
