package house_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/yodelrt/yodel"

// listed is the part of `go list -json` that the rules read.
type listed struct {
	ImportPath   string
	Dir          string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// rule forbids one part of the house to import another.
type rule struct {
	name string
	from string   // import path prefix below the module, "" for all
	not  []string // forbidden import path prefixes
	but  string   // import path prefix below the module that is exempt
}

var rules = []rule{
	{"middleware never meets realtime", "middleware", []string{module + "/realtime", "github.com/olahol/melody"}, ""},
	{"realtime never meets middleware", "realtime", []string{module + "/middleware"}, ""},
	{"realtime knows no Echo", "realtime", []string{"github.com/labstack/"}, ""},
	{"the front end imports nothing of ours", "frontend", []string{module + "/"}, "frontend"},
	{"nothing imports the application", "", []string{module + "/app"}, "app"},
	{"suites see the product from outside", "e2e", []string{module + "/middleware", module + "/realtime"}, ""},
}

func TestDependencyDirection(t *testing.T) {
	packages := goList(t)
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			for _, p := range packages {
				checkRule(t, r, p)
			}
		})
	}
}

func checkRule(t *testing.T, r rule, p listed) {
	t.Helper()
	if !within(p.ImportPath, r.from) || (r.but != "" && within(p.ImportPath, r.but)) {
		return
	}
	for _, imports := range [][]string{p.Imports, p.TestImports, p.XTestImports} {
		for _, path := range imports {
			for _, forbidden := range r.not {
				if path == strings.TrimSuffix(forbidden, "/") || strings.HasPrefix(path, strings.TrimSuffix(forbidden, "/")+"/") {
					t.Errorf("%s imports %s: %s. Join the two in app with a function value.", p.ImportPath, path, r.name)
				}
			}
		}
	}
}

// within reports whether path is the package named prefix below the module, or
// lies below it.
func within(path, prefix string) bool {
	if prefix == "" {
		return true
	}
	full := module + "/" + prefix
	return path == full || strings.HasPrefix(path, full+"/")
}

func goList(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("decode go list: %v", err)
		}
		all = append(all, p)
	}
}
