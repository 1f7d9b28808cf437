package house_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const dist = "../../frontend/dist"

// chunk is one file of Vite's manifest, and what it brings along.
type chunk struct {
	File           string   `json:"file"`
	Imports        []string `json:"imports"`
	DynamicImports []string `json:"dynamicImports"`
}

type manifest map[string]chunk

// built reads the manifest of the front end, which `make build` writes.
func built(t *testing.T) manifest {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dist, ".vite/manifest.json"))
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

// load collects the scripts that come with some entries: what they import, and
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
		m.load(t, into, lazily, one.Imports...)
		if lazily {
			m.load(t, into, lazily, one.DynamicImports...)
		}
	}
}

// weigh returns how many bytes scripts have after gzip, one by one, as they
// travel.
func weigh(t *testing.T, files map[string]bool) (total int) {
	t.Helper()
	for file := range files {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		if _, err := w.Write(script(t, file)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		total += packed.Len()
	}
	return total
}

func script(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dist, file))
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
	for name, page := range map[string]struct {
		files map[string]bool
		most  int
	}{"the login": {login, 150 * kB}, "a room": {chat, 350 * kB}} {
		got := weigh(t, page.files)
		t.Logf("%s: %d kB of %d", name, got/kB, page.most/kB)
		if got > page.most {
			t.Errorf("%s loads %d bytes of script after gzip, want at most %d: %v", name, got, page.most, page.files)
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
	for file := range files {
		all.Write(script(t, file))
	}
	return all.String()
}
