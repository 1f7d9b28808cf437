package main

import (
	"fmt"
	"regexp"
	"strings"
)

// failure is one test that failed, and what it said.
type failure struct{ test, said string }

// saidLines bounds what the end repeats of one failure; the whole stands further up.
const saidLines = 30

// colours are what test runners paint their messages with.
var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// String is the test and the last lines of what it said: of a log that is cut,
// the end is what is left.
func (f failure) String() string {
	lines := strings.Split(strings.TrimSpace(colours.ReplaceAllString(f.said, "")), "\n")
	if more := len(lines) - saidLines; more > 0 {
		lines = append([]string{fmt.Sprintf("(%d lines more above)", more)}, lines[more:]...)
	}
	return f.test + "\n    " + strings.Join(lines, "\n    ")
}

// vitestReport is what is read of a report of vitest.
type vitestReport struct {
	Passed  int `json:"numPassedTests"`
	Failed  int `json:"numFailedTests"`
	Skipped int `json:"numPendingTests"`
	Files   []struct {
		Tests []struct {
			Name     string   `json:"fullName"`
			Messages []string `json:"failureMessages"`
		} `json:"assertionResults"`
	} `json:"testResults"`
}

func (r vitestReport) failures() (all []failure) {
	for _, file := range r.Files {
		for _, test := range file.Tests {
			if len(test.Messages) > 0 {
				all = append(all, failure{test.Name, strings.Join(test.Messages, "\n")})
			}
		}
	}
	return all
}

// playwrightReport is what is read of a report of Playwright.
type playwrightReport struct {
	Stats  struct{ Expected, Unexpected, Flaky, Skipped int }
	Suites []playwrightSuite
	Errors []playwrightError // outside of a test
}

type playwrightSuite struct {
	Suites []playwrightSuite
	Specs  []struct {
		File, Title string
		Tests       []struct {
			ProjectName string
			Results     []struct{ Errors []playwrightError }
		}
	}
}

type playwrightError struct{ Message, Snippet string }

func (r playwrightReport) failures() []failure {
	var all []failure
	for _, suite := range r.Suites {
		all = append(all, suite.failures()...)
	}
	for _, err := range r.Errors {
		all = append(all, failure{"outside of a test", err.Message})
	}
	return all
}

func (s playwrightSuite) failures() (all []failure) {
	for _, inner := range s.Suites {
		all = append(all, inner.failures()...)
	}
	for _, spec := range s.Specs {
		for _, test := range spec.Tests {
			for _, result := range test.Results {
				for _, err := range result.Errors {
					all = append(all, failure{fmt.Sprintf("[%s] %s: %s", test.ProjectName, spec.File, spec.Title), err.Message + "\n" + err.Snippet})
				}
			}
		}
	}
	return all
}
