package main

import (
	"fmt"
	"strings"
)

// equivalents are mutants of which it is known that the program does the same, by
// file and changed lines, so that lines may move; with the reason of each.
type equivalents map[string]string

// key names a mutant without its place in the file.
func key(file string, diff []string) string {
	lines := []string{file}
	for _, line := range diff {
		if line != "" {
			lines = append(lines, line[:1]+strings.TrimSpace(line[1:]))
		}
	}
	return strings.Join(lines, "\n")
}

func (e equivalents) has(m mutant) bool {
	_, known := e[keyOf(m)]
	return known
}

func keyOf(m mutant) string { return key(m.file, strings.Split(m.diff(), "\n")) }

// parseEquivalents reads entries with empty lines between: a file, the lines of
// the change with - and +, and "why: " with the reason. Lines with # are comments.
func parseEquivalents(text string) (equivalents, error) {
	all := equivalents{}
	for entry := range strings.SplitSeq(text, "\n\n") {
		var file, why string
		var diff []string
		for line := range strings.Lines(entry) {
			line = strings.TrimRight(line, "\n")
			switch {
			case line == "" || strings.HasPrefix(line, "#"):
			case strings.HasPrefix(line, "why: "):
				why = strings.TrimSpace(strings.TrimPrefix(line, "why: "))
			case strings.HasPrefix(line, "-") || strings.HasPrefix(line, "+"):
				diff = append(diff, line)
			default:
				file = line
			}
		}
		if file == "" && diff == nil && why == "" {
			continue
		}
		if file == "" || diff == nil || why == "" {
			return nil, fmt.Errorf("equivalent.txt: an entry needs a file, a change and a reason: %q", entry)
		}
		all[key(file, diff)] = why
	}
	return all, nil
}
