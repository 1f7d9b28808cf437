package house_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	maxFileLines     = 500
	maxFunctionLines = 80
)

func TestRoomsStaySmall(t *testing.T) {
	for _, name := range tracked(t, ".go", ".ts", ".tsx", ".css", ".sh") {
		data, err := os.ReadFile(filepath.Join(root(t), name))
		if err != nil {
			continue // deleted in the working tree
		}
		if lines := bytes.Count(data, []byte("\n")); lines > maxFileLines {
			t.Errorf("%s has %d lines, at most %d: split it by concept", name, lines, maxFileLines)
		}
		if strings.HasSuffix(name, ".go") {
			checkFunctions(t, name, data)
		}
	}
}

func checkFunctions(t *testing.T, name string, source []byte) {
	t.Helper()
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		t.Errorf("parse %s: %v", name, err)
		return
	}
	for _, declaration := range parsed.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		lines := files.Position(function.End()).Line - files.Position(function.Pos()).Line + 1
		if lines > maxFunctionLines {
			t.Errorf("%s: %s has %d lines, at most %d", name, function.Name.Name, lines, maxFunctionLines)
		}
	}
}

func TestTopLevelIsAClosedList(t *testing.T) {
	allowed := []string{
		"app", "middleware", "realtime", "frontend", "e2e", "docs",
		"go.mod", "go.sum", "package.json", "package-lock.json",
		"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "Makefile", "Dockerfile",
		"biome.json", "tsconfig.json",
	}
	for _, name := range tracked(t) {
		top, _, _ := strings.Cut(name, "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(allowed, top) {
			t.Errorf("%s lies at the top level, which is a closed list", top)
		}
	}
}

// tracked returns the files that git tracks and that end in one of the given
// extensions, generated ones left out; no extension means all.
func tracked(t *testing.T, extensions ...string) []string {
	t.Helper()
	cmd := exec.Command("git", "ls-files")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	var names []string
	for name := range strings.Lines(string(out)) {
		name = strings.TrimSuffix(name, "\n")
		generated := strings.Contains(name, ".gen.") || strings.HasSuffix(name, "_gen.go") || strings.HasSuffix(name, ".sql.go")
		if !generated && (len(extensions) == 0 || slices.Contains(extensions, filepath.Ext(name))) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		t.Fatal("git tracks no such file: is this a checkout?")
	}
	return names
}

func root(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return path
}
