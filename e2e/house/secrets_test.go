package house_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// keys are the forms in which secrets get into repositories and bundles.
var keys = regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----|\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b`)

func TestH238_no_keys_in_the_repository_or_the_bundle(t *testing.T) {
	root := "../.."
	out, err := exec.Command("git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Fatal(err)
	}
	files := strings.Fields(string(out))
	bundle, err := filepath.Glob(filepath.Join(root, "frontend/dist/assets/*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		bundle = append(bundle, filepath.Join(root, file))
	}
	for _, file := range bundle {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // deleted in the working tree
		}
		if found := keys.Find(data); found != nil {
			t.Errorf("%s holds what looks like a key: %.24s…", file, found)
		}
	}
	seeded := "-----BEGIN " + "PRIVATE KEY-----"
	if !keys.MatchString(seeded) {
		t.Error("the search would not find a seeded key")
	}
}
