package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// alsoPlain are files with tests of the plain handler, which are named elsewhere.
var alsoPlain = map[string]bool{"closing_test.go": true, "frames_test.go": true, "pending_test.go": true, "wire_test.go": true}

var (
	word    = regexp.MustCompile(`[A-Z]?[a-z0-9]+|[A-Z]+`)
	hostile = regexp.MustCompile(`^TestH\d{3}_`)
	article = regexp.MustCompile(`^Test(A|An|The|That|What|Who|No|Every)(_|[A-Z])`)
)

// isTestName reports whether a name is TestThing, TestThing_Case, or begins with the id
// of a hostile input. A thing has at most three words, without a case two.
func isTestName(name string) bool {
	if hostile.MatchString(name) {
		return true
	}
	thing, _, cased := strings.Cut(strings.TrimPrefix(name, "Test"), "_")
	words := len(word.FindAllString(thing, -1))
	return !article.MatchString(name) && (words <= 2 || cased && words == 3)
}

// TestTestNames_Thing: a sentence in a name can't be looked for; its place is the first
// comment.
func TestTestNames_Thing(t *testing.T) {
	for name, want := range map[string]bool{
		"TestConnect": true, "TestHubErrors": true, "TestConnect_Refused": true, "TestH313_a_rule_meets_a_fault": true, "TestGoClient_Recovery": true,
		"TestAVerdictOnAPredecessorLeavesItsSuccessorAlone": false, "TestTheKit": false, "TestKeepsTheContract": false, "TestNodesKnowEachOther_Again": false,
	} {
		if got := isTestName(name); got != want {
			t.Errorf("%s: got %t, want %t", name, got, want)
		}
	}
}

// TestTestNames_Realtime holds the tests of realtime to it.
func TestTestNames_Realtime(t *testing.T) {
	tests := 0
	err := filepath.WalkDir("../../realtime", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "plain" {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") || strings.HasPrefix(d.Name(), "plain") || alsoPlain[d.Name()] {
			return nil
		}
		for _, name := range testsIn(t, path) {
			if tests++; !isTestName(name) {
				t.Errorf("%s: %s is a sentence; name it TestThing_Case, and begin its comment with the sentence", path, name)
			}
		}
		return nil
	})
	if err != nil || tests == 0 {
		t.Errorf("got %d tests, %v, want some", tests, err)
	}
}

func testsIn(t *testing.T, path string) (names []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") && f.Name.Name != "TestMain" {
			names = append(names, f.Name.Name)
		}
	}
	return names
}
