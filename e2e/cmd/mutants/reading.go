package main

import (
	"errors"
	"strings"
)

// errNotBuilt: the change is no program.
var errNotBuilt = errors.New("not built")

// reading finds in the output of failed tests which of them has failed: the
// innermost of the first that says so, or the one that ran when the process ended.
func reading(out string) (by string, err error) {
	running, ended := "", ""
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\n")
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasSuffix(line, "[build failed]"), strings.HasSuffix(line, "[setup failed]"):
			return "", errNotBuilt
		case strings.HasPrefix(trimmed, "=== RUN "), strings.HasPrefix(trimmed, "=== CONT "):
			running = strings.Fields(trimmed)[2]
		case strings.HasPrefix(trimmed, "--- FAIL: "):
			by = inner(by, strings.Fields(trimmed)[2])
		case ended == "" && (strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") || strings.HasPrefix(line, "goleak: ")):
			ended = line
		}
	}
	switch {
	case strings.HasPrefix(ended, "panic: test timed out"):
		return inTimeout + running, nil
	case by != "":
		return by, nil
	case ended != "":
		return running + " (" + ended + ")", nil
	}
	return "the end of the run", nil
}

const inTimeout = "the timeout, in "

// testIn is the top-level test of what reading has returned, empty where the process
// has failed and not a test.
func testIn(by string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(by, inTimeout), "/")
	if strings.Contains(by, "(") || !strings.HasPrefix(name, "Test") && !strings.HasPrefix(name, "Example") && !strings.HasPrefix(name, "Fuzz") {
		return ""
	}
	return name
}

// inner is the more particular of two failures: a test's own subtest, else the
// first.
func inner(first, next string) string {
	if first == "" || strings.HasPrefix(next, first+"/") {
		return next
	}
	return first
}
