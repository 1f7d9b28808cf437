package contract_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestRenamingAGoFieldMakesTscFail: two fields get another name in a copy, one
// that travels over the socket and one over HTTP; the types are generated again,
// and the front end no longer compiles where it uses them.
func TestRenamingAGoFieldMakesTscFail(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	modules := filepath.Join(root, "node_modules")
	if _, err := os.Stat(filepath.Join(modules, ".bin", "tsc")); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("tsc is not there: npm ci")
		}
		t.Skip("tsc is not there: npm ci")
	}
	dir := copied(t, root)
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	for _, change := range []struct{ file, from, to string }{
		{"app/lobby/lobby.go", "From string    `json:\"from\"`", "From string    `json:\"speaker\"`"},
		{"app/session/handlers.go", "Username string       `json:\"username\"`", "Username string       `json:\"login\"`"},
	} {
		rename(t, filepath.Join(dir, change.file), change.from, change.to)
	}
	yodel := filepath.Join(dir, "bin", "yodel")
	if out, err := run(dir, "go", "build", "-trimpath", "-o", yodel, "./app/cmd/yodel"); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	if out, err := run(dir, yodel, "gen", "--check"); err == nil || !strings.Contains(out, "generate it again") {
		t.Errorf("the drift is not seen: %v\n%s", err, out)
	}
	if out, err := run(dir, yodel, "gen"); err != nil {
		t.Fatalf("generate: %v\n%s", err, out)
	}
	out, err := run(dir, filepath.Join("node_modules", ".bin", "tsc"), "--noEmit", "--pretty", "false")
	if err == nil {
		t.Fatal("tsc does not mind")
	}
	for _, want := range []string{"'from' does not exist", "'username' does not exist"} {
		if !strings.Contains(out, want) {
			t.Errorf("tsc does not say %q:\n%s", want, out)
		}
	}
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "frontend/") && !strings.HasPrefix(line, " ") {
			t.Errorf("an error elsewhere: %s", line)
		}
	}
}

// copied is a copy of what git tracks.
func copied(t *testing.T, root string) string {
	t.Helper()
	list, err := run(root, "git", "ls-files", "-z", "--", "app", "middleware", "realtime", "frontend", "docs/reference", "e2e/*.ts", "go.mod", "go.sum", "tsconfig.json", "package.json")
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	dir := t.TempDir()
	for name := range strings.SplitSeq(strings.TrimSuffix(list, "\x00"), "\x00") {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			continue // deleted in the working tree
		}
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func rename(t *testing.T, path, from, to string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(data, []byte(from)) != 1 {
		t.Fatalf("%s has not exactly one %q; name another field here", path, from)
	}
	if err := os.WriteFile(path, bytes.Replace(data, []byte(from), []byte(to), 1), 0o644); err != nil {
		t.Fatal(err)
	}
}

func run(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // as the build target, whose cache it shares
	out, err := cmd.CombinedOutput()
	return string(out), err
}
