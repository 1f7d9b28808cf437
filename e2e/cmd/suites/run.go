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

func (t *tally) countGo(stream io.Reader) {
	output := map[string]*strings.Builder{}
	lines := bufio.NewScanner(stream)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var event struct{ Action, Package, Test, Output string }
		if json.Unmarshal(lines.Bytes(), &event) != nil {
			fmt.Println(lines.Text())
			continue
		}
		switch {
		case event.Action == "output" || event.Action == "build-output":
			if output[event.Package] == nil {
				output[event.Package] = &strings.Builder{}
			}
			output[event.Package].WriteString(event.Output)
		case event.Test != "":
			t.count(event.Action)
		case event.Action == "fail":
			fmt.Print(output[event.Package])
		case event.Action == "pass":
			fmt.Println("ok  ", event.Package)
		}
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
	var result struct {
		Passed  int `json:"numPassedTests"`
		Failed  int `json:"numFailedTests"`
		Skipped int `json:"numPendingTests"`
	}
	suite.err = read(report, &result, runErr)
	suite.passed, suite.failed, suite.skipped = result.Passed, result.Failed, result.Skipped
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
	var result struct {
		Stats struct{ Expected, Unexpected, Flaky, Skipped int }
	}
	suite.err = read(report, &result, runErr)
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
