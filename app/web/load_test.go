package web

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

const builtDist = "../../frontend/dist"

// chunk is one file of Vite's manifest, and what it brings along.
type chunk struct {
	File           string   `json:"file"`
	Imports        []string `json:"imports"`
	DynamicImports []string `json:"dynamicImports"`
	CSS            []string `json:"css"`
}

type manifest map[string]chunk

// built reads the manifest of the front end, which `make build` writes.
func built(t *testing.T) manifest {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(builtDist, ".vite/manifest.json"))
	if errors.Is(err, fs.ErrNotExist) && os.Getenv("CI") == "" {
		t.Skip("the front end is not built; make build does")
	}
	if err != nil {
		t.Fatal(err)
	}
	var m manifest
	if err := json.Unmarshal(content, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// load collects the scripts and styles that come with some entries: what they import, and
// with lazily also what they load while they are in use.
func (m manifest) load(t *testing.T, into map[string]bool, lazily bool, entries ...string) {
	t.Helper()
	for _, name := range entries {
		one, known := m[name]
		if !known {
			t.Fatalf("the manifest has no %q; which file is the page now?", name)
		}
		if into[one.File] {
			continue
		}
		into[one.File] = true
		for _, style := range one.CSS {
			into[style] = true
		}
		m.load(t, into, lazily, one.Imports...)
		if lazily {
			m.load(t, into, lazily, one.DynamicImports...)
		}
	}
}

// weigh returns how many bytes files have as the application sends them to whoever
// takes a coding.
func weigh(t *testing.T, files map[string]bool, coding string) (total int) {
	t.Helper()
	pages, err := Pages(os.DirFS(builtDist))
	if err != nil {
		t.Fatal(err)
	}
	for file := range files {
		request := httptest.NewRequest(http.MethodGet, "/"+file, nil)
		request.Header.Set("Accept-Encoding", coding)
		answer := httptest.NewRecorder()
		if err := pages(echo.New().NewContext(request, answer)); err != nil || answer.Code != http.StatusOK {
			t.Fatalf("%s: %d, %v", file, answer.Code, err)
		}
		total += answer.Body.Len()
	}
	return total
}

func script(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(builtDist, file))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

const kB = 1000

func TestWhatPagesLoad(t *testing.T) {
	m := built(t)
	login, chat := map[string]bool{}, map[string]bool{}
	m.load(t, login, false, "index.html")
	m.load(t, chat, false, "index.html", "src/app/signed-in.tsx")
	m.load(t, chat, true, "src/features/conversation/conversation-page.tsx")
	login[""], chat[""] = true, true // the page itself
	for name, page := range map[string]struct {
		files map[string]bool
		most  int
	}{"the login": {login, 150 * kB}, "a room": {chat, 350 * kB}} {
		plain, gzip, brotli := weigh(t, page.files, "identity"), weigh(t, page.files, "gzip"), weigh(t, page.files, "br")
		t.Logf("%s: %d kB, %d by gzip, %d by brotli, of %d", name, plain/kB, gzip/kB, brotli/kB, page.most/kB)
		if gzip > page.most || brotli > gzip {
			t.Errorf("%s travels as %d bytes by gzip, want at most %d, and as %d by brotli, want fewer: %v", name, gzip, page.most, brotli, page.files)
		}
	}
	for _, sign := range []string{"/api/admin/", "u-over"} { // the administration's calls; uPlot
		if strings.Contains(everythingIn(t, chat), sign) {
			t.Errorf("a room loads %q, which is the administration's", sign)
		}
		all := map[string]bool{}
		m.load(t, all, true, "index.html")
		if !strings.Contains(everythingIn(t, all), sign) {
			t.Errorf("nothing has %q, so its absence proves nothing", sign)
		}
	}
}

func everythingIn(t *testing.T, files map[string]bool) string {
	t.Helper()
	var all strings.Builder
	delete(files, "") // the page itself
	for file := range files {
		all.Write(script(t, file))
	}
	return all.String()
}
