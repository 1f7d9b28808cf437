package main

import (
	"bytes"
	"fmt"
	"path"
	"strings"
)

// mutant is one small change of a file: bytes from start to end become with.
type mutant struct {
	file       string // below the root
	line       int
	kind       string
	source     []byte // of the whole file
	start, end int
	with       string
}

// String says where and what it is.
func (m mutant) String() string { return fmt.Sprintf("%s:%d: %s", m.file, m.line, m.kind) }

// mutated is the whole file with the change.
func (m mutant) mutated() []byte {
	return bytes.Join([][]byte{m.source[:m.start], []byte(m.with), m.source[m.end:]}, nil)
}

// pkg is the package of the file, as the go command takes it.
func (m mutant) pkg() string { return "./" + path.Dir(m.file) }

// lines are the whole lines that it touches, before and after.
func (m mutant) lines() (before, after []string) {
	from := bytes.LastIndexByte(m.source[:m.start], '\n') + 1
	to := len(m.source)
	if i := bytes.IndexByte(m.source[m.end:], '\n'); i >= 0 {
		to = m.end + i
	}
	before = strings.Split(string(m.source[from:to]), "\n")
	for _, line := range strings.Split(string(m.source[from:m.start])+m.with+string(m.source[m.end:to]), "\n") {
		if strings.TrimSpace(line) != "" {
			after = append(after, line)
		}
	}
	return before, after
}

// diff is the change as equivalent.txt takes it.
func (m mutant) diff() string {
	var text strings.Builder
	before, after := m.lines()
	for _, line := range before {
		fmt.Fprintf(&text, "-%s\n", line)
	}
	for _, line := range after {
		fmt.Fprintf(&text, "+%s\n", line)
	}
	return text.String()
}
