package house_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// spawner is the one package of realtime that may start goroutines and timers: it
// recovers, ends the connection alone, counts and logs.
const spawner = "realtime/internal/spawn"

// startsNothing are packages under realtime that no server runs, support for the
// tests of applications and of engines: a panic there shall fail the test.
var startsNothing = []string{"realtime/realtimetest", "realtime/engine/enginetest"}

func TestRealtimeStartsWorkInOnePlace(t *testing.T) {
	byPackage := map[string][]string{}
	for _, name := range productOf(t, "realtime") {
		dir := path.Dir(name)
		if dir != spawner && !slices.Contains(startsNothing, dir) {
			byPackage[dir] = append(byPackage[dir], name)
		}
	}
	for _, dir := range sortedKeys(byPackage) {
		set := token.NewFileSet()
		var files []*ast.File
		for _, name := range byPackage[dir] {
			source, err := os.ReadFile(filepath.Join(root(t), name))
			if err != nil {
				t.Fatal(err)
			}
			parsed, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, parsed)
		}
		for _, found := range starts(set, files) {
			t.Errorf("%s: a panic there ends the process; start it through %s", found, spawner)
		}
	}
}

// starts finds in the files of a package what runs a function on a goroutine of its
// own: go statements, AfterFunc of time and of context, sync.WaitGroup's Go, and
// errgroup.
func starts(set *token.FileSet, files []*ast.File) (found []string) {
	groups := map[string]bool{}
	for _, file := range files {
		waitGroups(file, groups)
	}
	for _, file := range files {
		report := func(n ast.Node, what string) {
			at := set.Position(n.Pos())
			found = append(found, fmt.Sprintf("%s:%d: %s", at.Filename, at.Line, what))
		}
		names := importNames(file)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				report(n, "go statement")
			case *ast.ImportSpec:
				if n.Path.Value == `"golang.org/x/sync/errgroup"` {
					report(n, "errgroup")
				}
			case *ast.SelectorExpr:
				from := names[lastName(n.X)]
				if n.Sel.Name == "AfterFunc" && (from == "time" || from == "context") {
					report(n, from+".AfterFunc")
				}
				if n.Sel.Name == "Go" && groups[lastName(n.X)] {
					report(n, "WaitGroup.Go")
				}
			}
			return true
		})
	}
	return found
}

// waitGroups collects the names of variables and fields that are a sync.WaitGroup.
func waitGroups(file *ast.File, into map[string]bool) {
	isGroup := func(e ast.Expr) bool {
		if pointer, ok := e.(*ast.StarExpr); ok {
			e = pointer.X
		}
		s, ok := e.(*ast.SelectorExpr)
		return ok && s.Sel.Name == "WaitGroup"
	}
	ast.Inspect(file, func(n ast.Node) bool {
		var names []*ast.Ident
		switch n := n.(type) {
		case *ast.Field:
			if isGroup(n.Type) {
				names = n.Names
				into["WaitGroup"] = into["WaitGroup"] || len(n.Names) == 0 // embedded
			}
		case *ast.ValueSpec:
			if isGroup(n.Type) {
				names = n.Names
			}
		}
		for _, name := range names {
			into[name.Name] = true
		}
		return true
	})
}

// importNames are the packages of a file by the names that it uses for them.
func importNames(file *ast.File) map[string]string {
	names := map[string]string{}
	for _, spec := range file.Imports {
		full, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := path.Base(full)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = full
	}
	return names
}

// lastName is the identifier that an operand ends with.
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// productOf returns the tracked Go files below a folder, tests left out.
func productOf(t *testing.T, folder string) (names []string) {
	t.Helper()
	for _, name := range tracked(t, ".go") {
		if strings.HasPrefix(name, folder+"/") && !strings.HasSuffix(name, "_test.go") {
			if _, err := os.Stat(filepath.Join(root(t), name)); err == nil { // not deleted in the working tree
				names = append(names, name)
			}
		}
	}
	return names
}

func sortedKeys[V any](m map[string]V) (keys []string) {
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// TestStarts: what the rule is about is found, by whatever name, and nothing else.
func TestStarts(t *testing.T) {
	const source = `package x

import (
	"context"
	"sync"
	clock "time"

	"golang.org/x/sync/errgroup"
)

type worker struct{ all sync.WaitGroup }

var later = clock.AfterFunc

func (w *worker) run(ctx context.Context, own spawner) {
	go w.run(ctx, own)
	context.AfterFunc(ctx, func() {})
	w.all.Go(func() {})
	own.Go(func() {})
	own.AfterFunc(0, func() {})
	clock.NewTimer(0)
	var g errgroup.Group
	g.Wait()
}
`
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, "x.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"x.go:8: errgroup", "x.go:13: time.AfterFunc", "x.go:16: go statement", "x.go:17: context.AfterFunc", "x.go:18: WaitGroup.Go"}
	if got := starts(set, []*ast.File{parsed}); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
