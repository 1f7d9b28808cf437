package house_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	mostLines   = 350 // of a file under realtime
	medianLines = 120 // less than that
	transport   = "realtime/internal/transport"
)

// TestRoomsOfRealtime keeps the packages of realtime small and the socket library
// in one of them. That none of them knows Echo is a rule of TestDependencyDirection.
func TestRoomsOfRealtime(t *testing.T) {
	t.Run("lines", func(t *testing.T) {
		var all []int
		for _, name := range tracked(t, ".go") {
			source, err := os.ReadFile(filepath.Join(root(t), name))
			if err != nil || !strings.HasPrefix(name, "realtime/") {
				continue
			}
			lines := bytes.Count(source, []byte("\n"))
			if lines > mostLines {
				t.Errorf("%s has %d lines, want at most %d: split it by concept", name, lines, mostLines)
			}
			all = append(all, lines)
		}
		slices.Sort(all)
		if median := all[len(all)/2]; median >= medianLines {
			t.Errorf("median of %d files: got %d lines, want less than %d", len(all), median, medianLines)
		} else {
			t.Logf("median of %d files: %d lines", len(all), median)
		}
	})
	t.Run("the socket library", func(t *testing.T) {
		var melody []string
		for _, name := range productOf(t, "realtime") {
			uses := socketsIn(t, name)
			if uses.imports && path.Dir(name) != transport {
				t.Errorf("%s imports melody or gorilla/websocket; only %s may", name, transport)
			}
			if uses.sessions {
				melody = append(melody, name)
			}
		}
		if len(melody) != 1 || path.Dir(melody[0]) != transport {
			t.Errorf("files that use melody's Session, Config or a NetConn: got %v, want one of %s", melody, transport)
		}
	})
	t.Run("exported names", func(t *testing.T) {
		for _, folder := range []string{"realtime", "realtime/plain"} {
			names, methods := exportedIn(t, folder)
			if len(names) == 0 {
				t.Fatalf("package %s exports nothing, or was not found", folder)
			}
			t.Logf("package %s exports %d names and %d methods: %s", folder, len(names), methods, strings.Join(names, " "))
		}
	})
}

// sockets is what a file knows of the socket library.
type sockets struct{ imports, sessions bool }

func socketsIn(t *testing.T, name string) (uses sockets) {
	t.Helper()
	file := parsed(t, name)
	names := importNames(file)
	for _, imported := range names {
		if imported == "github.com/olahol/melody" || imported == "github.com/gorilla/websocket" {
			uses.imports = true
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		ofMelody := names[lastName(s.X)] == "github.com/olahol/melody"
		uses.sessions = uses.sessions || ofMelody && (s.Sel.Name == "Session" || s.Sel.Name == "Config") || uses.imports && s.Sel.Name == "NetConn"
		return true
	})
	return uses
}

// exportedIn returns the exported names at the top level of a package, in order, and
// how many exported methods its exported types have.
func exportedIn(t *testing.T, folder string) (names []string, methods int) {
	t.Helper()
	add := func(name *ast.Ident) {
		if name.IsExported() {
			names = append(names, name.Name)
		}
	}
	for _, name := range productOf(t, folder) {
		if path.Dir(name) != folder {
			continue
		}
		for _, declaration := range parsed(t, name).Decls {
			switch d := declaration.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					add(d.Name)
				} else if d.Name.IsExported() && ast.IsExported(receiver(d)) {
					methods++
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						add(spec.Name)
					case *ast.ValueSpec:
						for _, name := range spec.Names {
							add(name)
						}
					}
				}
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), methods // a file for each system declares the same
}

// receiver is the name of a method's type.
func receiver(d *ast.FuncDecl) string {
	of := d.Recv.List[0].Type
	for {
		switch t := of.(type) {
		case *ast.StarExpr:
			of = t.X
		case *ast.IndexExpr:
			of = t.X
		case *ast.IndexListExpr:
			of = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}

func parsed(t *testing.T, name string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root(t), name), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
