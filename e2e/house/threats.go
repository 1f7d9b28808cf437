package house

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Threat is one line of docs/threats.md.
type Threat struct {
	ID    string // "H035"
	Group string // "B. Credentials and JWT"
	Case  string
	Owed  string
	Part  string // which part of Yodel owes the outcome
}

// Threats is docs/threats.md held against the tests of the repository.
type Threats struct {
	All     []Threat
	Built   map[string]bool // part -> its code exists
	Covered map[string]bool // id -> a test is named after it
}

var (
	partLine   = regexp.MustCompile(`^\| ([a-z]+) \| .* \| (built|waits) \|$`)
	groupLine  = regexp.MustCompile(`^## ([A-Z]\. .*)$`)
	threatLine = regexp.MustCompile(`^\| (H[0-9]{3}) \| (.*) \| (.*) \| ([a-z]+) \|$`)
	named      = regexp.MustCompile(`H[0-9]{3}`)
)

// ReadThreats reads docs/threats.md and the names in all tracked and new test
// files of the checkout at root.
func ReadThreats(root string) (Threats, error) {
	threats, err := parseThreats(filepath.Join(root, "docs", "threats.md"))
	if err != nil {
		return Threats{}, err
	}
	threats.Covered, err = namesInTests(root)
	return threats, err
}

// Open returns the cases whose part is built and that no test is named after.
func (t Threats) Open() []Threat {
	return t.where(func(c Threat) bool { return t.Built[c.Part] && !t.Covered[c.ID] })
}

// Waiting returns the cases whose part is not built yet and that no test
// covers already.
func (t Threats) Waiting() []Threat {
	return t.where(func(c Threat) bool { return !t.Built[c.Part] && !t.Covered[c.ID] })
}

// Unknown returns the ids that tests name and the document does not list.
func (t Threats) Unknown() []string {
	var unknown []string
	for id := range t.Covered {
		if !slices.ContainsFunc(t.All, func(c Threat) bool { return c.ID == id }) {
			unknown = append(unknown, id)
		}
	}
	slices.Sort(unknown)
	return unknown
}

func (t Threats) where(keep func(Threat) bool) []Threat {
	var kept []Threat
	for _, c := range t.All {
		if keep(c) {
			kept = append(kept, c)
		}
	}
	return kept
}

func parseThreats(path string) (Threats, error) {
	file, err := os.Open(path)
	if err != nil {
		return Threats{}, fmt.Errorf("open the list of threats: %w", err)
	}
	defer file.Close()
	threats := Threats{Built: map[string]bool{}}
	group := ""
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := lines.Text()
		if m := groupLine.FindStringSubmatch(line); m != nil {
			group = m[1]
		} else if m := threatLine.FindStringSubmatch(line); m != nil {
			threats.All = append(threats.All, Threat{m[1], group, m[2], m[3], m[4]})
		} else if m := partLine.FindStringSubmatch(line); m != nil {
			threats.Built[m[1]] = m[2] == "built"
		}
	}
	return threats, lines.Err()
}

// namesInTests collects the ids that stand in test files of Go and TypeScript.
func namesInTests(root string) (map[string]bool, error) {
	cmd := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "--",
		"*_test.go", "*.test.ts", "*.test.tsx", "*.spec.ts")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("list test files: %w", err)
	}
	covered := map[string]bool{}
	for name := range strings.Lines(string(out)) {
		data, err := os.ReadFile(filepath.Join(root, strings.TrimSuffix(name, "\n")))
		if err != nil {
			continue // deleted in the working tree
		}
		for _, id := range named.FindAllString(string(data), -1) {
			covered[id] = true
		}
	}
	return covered, nil
}
