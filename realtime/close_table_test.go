package realtime_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

const closePage = "../docs/reference/close-codes.md"

// TestClosePage_SameAsTheCode holds close.go and docs/reference/close-codes.md
// together: numbers, names, reasons, and who stays away.
func TestClosePage_SameAsTheCode(t *testing.T) {
	source, page := readText(t, "close.go"), readText(t, closePage)
	_, away, found := strings.Cut(page, "## Stay away")
	if !found {
		t.Fatal("the page has no part \"Stay away\"")
	}
	declared := regexp.MustCompile(`(?m)^\t(Close\w+) += Close\{Code: (\d+), Reason: "([^"]+)"`).FindAllStringSubmatch(source, -1)
	if len(declared) < 20 {
		t.Fatalf("got %d codes in close.go, want at least 20", len(declared))
	}
	for _, d := range declared {
		row := "| " + d[2] + " | `" + d[1] + "` | " + d[3] + " |"
		if strings.Count(page, row) != 1 {
			t.Errorf("got %d rows %q, want 1", strings.Count(page, row), row)
		}
		code, _ := strconv.Atoi(d[2])
		if got, want := strings.Contains(away, row), (realtime.Close{Code: code}).Terminal(); got != want {
			t.Errorf("%s: the page says that clients stay away: got %t, want %t", d[1], got, want)
		}
	}
	if rows := regexp.MustCompile("(?m)^\\| \\d+ \\| `Close").FindAllString(page, -1); len(rows) != len(declared) {
		t.Errorf("got %d rows, want %d", len(rows), len(declared))
	}
}

// TestCloseReasons_Shared: what the hub and the plain handler share ends connections
// with the reasons that this package names.
func TestCloseReasons_Shared(t *testing.T) {
	for want, got := range map[realtime.Close]transport.Close{
		realtime.CloseInternal: conns.CloseInternal, realtime.CloseExpired: conns.CloseExpired, realtime.CloseBusy: conns.CloseBusy,
		realtime.CloseInvalidated: conns.CloseInvalidated, realtime.CloseInvalidToken: conns.CloseInvalidToken, realtime.CloseStale: conns.CloseStale,
		realtime.CloseRevoked: conns.CloseRevoked, realtime.CloseConnectionLimit: conns.CloseConnectionLimit,
		realtime.CloseTooBig: transport.TooBig, realtime.CloseSlow: transport.Slow, realtime.CloseNoPong: transport.NoPong,
		realtime.CloseFlood: transport.Flood, realtime.CloseBadRequest: transport.BadRequest, realtime.CloseInvalidUTF8: transport.InvalidUTF8,
	} {
		if realtime.Close(got) != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// final are the codes, by their names in the source, after which clients stay away.
var final = map[string]int{
	"CloseTooBig": 1009, "CloseInvalidToken": 3500, "CloseBadRequest": 3501, "CloseStale": 3502, "CloseRevoked": 3503, "CloseConnectionLimit": 3504,
	"ClosePermissionDenied": 3507, "CloseNotAvailable": 3508, "CloseTooManyErrors": 3509, "UnsubscribeServer": 2000,
	"TooBig": 1009, "BadRequest": 3501, // of internal/transport
}

// TestClosePage_EverySource: each function of the hub that names a final code has a row
// on the page, with a test that holds it, and each row has a function.
func TestClosePage_EverySource(t *testing.T) {
	rows := regexp.MustCompile("(?m)^\\| (\\d+) \\| `(\\w+)` \\| .+ \\| `Test\\w+`.* \\|$").FindAllStringSubmatch(readText(t, closePage), -1)
	var listed []string
	for _, row := range rows {
		listed = append(listed, row[1]+" in "+row[2])
	}
	slices.Sort(listed)
	if found := finalSources(t); !slices.Equal(found, listed) {
		t.Errorf("sources of final codes:\n got %q\nwant %q", found, listed)
	}
}

// finalSources are the functions of the hub that name a final code.
func finalSources(t *testing.T) (found []string) {
	t.Helper()
	files, _ := filepath.Glob("*.go")
	inner, _ := filepath.Glob("internal/*/*.go")
	for _, name := range append(files, inner...) {
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "plain") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				found = append(found, finalIn(f)...)
			}
		}
	}
	slices.Sort(found)
	return found
}

func finalIn(f *ast.FuncDecl) (found []string) {
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Code" {
			return false // it is compared
		}
		name, ok := n.(*ast.Ident)
		if !ok || final[name.Name] == 0 {
			return true
		}
		if row := strconv.Itoa(final[name.Name]) + " in " + f.Name.Name; !slices.Contains(found, row) {
			found = append(found, row)
		}
		return true
	})
	return found
}

// TestClosePage_TestsExist: each test that the page names is one.
func TestClosePage_TestsExist(t *testing.T) {
	tests := map[string]bool{}
	files, _ := filepath.Glob("*_test.go")
	inner, _ := filepath.Glob("internal/*/*_test.go")
	for _, name := range append(files, inner...) {
		for _, declared := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(readText(t, name), -1) {
			tests[declared[1]] = true
		}
	}
	named := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(readText(t, closePage), -1)
	if len(named) == 0 {
		t.Error("got no tests on the page, want some")
	}
	for _, one := range named {
		if !tests[one[1]] {
			t.Errorf("%s: got no such test, want one", one[1])
		}
	}
	for name, script := range scripts(t) {
		if title := regexp.MustCompile(`(?m)^\s*it(\.each\(.*\))?\(\s*"` + regexp.QuoteMeta(name) + `"`); !title.MatchString(readText(t, script)) {
			t.Errorf("%s: got no test %q, want one", script, name)
		}
	}
}

// scripts are the tests of other clients that the page names, by their titles.
func scripts(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, one := range regexp.MustCompile(`"([^"|]+)" in \[\w+\.test\.ts\]\((../../e2e/clients/\w+\.test\.ts)\)`).FindAllStringSubmatch(readText(t, closePage), -1) {
		found[one[1]] = filepath.Join("../docs/reference", one[2])
	}
	return found
}

// TestClosePage_Errors: the page says of each error of the protocol whether clients
// ask again after it.
func TestClosePage_Errors(t *testing.T) {
	page := readText(t, closePage)
	for code := realtime.ErrInternal; code <= realtime.ErrConcurrentPagination; code++ {
		again := "no"
		if code.Temporary() || code == realtime.ErrTokenExpired {
			again = "yes"
		}
		row := "| " + strconv.Itoa(int(code)) + " | " + code.Error() + " | " + again + " |"
		if strings.Count(page, row) != 1 {
			t.Errorf("got %d rows %q, want 1", strings.Count(page, row), row)
		}
	}
}
