package gen_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/gen"
	"github.com/yodelrt/yodel/realtime/memory"
)

// tsc type-checks files in a directory of their own and returns what it says.
func tsc(t *testing.T, files map[string][]byte) (string, error) {
	t.Helper()
	dir := t.TempDir()
	if err := gen.Write(dir, files); err != nil {
		t.Fatal(err)
	}
	args := []string{installed(t, "typescript/bin/tsc"), "--noEmit", "--strict", "--exactOptionalPropertyTypes", "--module", "esnext", "--moduleResolution", "bundler"}
	for name := range files {
		args = append(args, name)
	}
	cmd := exec.Command("node", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestTypeScript_Types: a consumer that makes use of everything compiles,
// and its mistakes do not.
func TestTypeScript_Types(t *testing.T) {
	files := written(t)
	good := map[string][]byte{"realtime.gen.ts": files["realtime.gen.ts"], "http.gen.ts": files["http.gen.ts"], "consumer.ts": read(t, "testdata/consumer.ts")}
	if out, err := tsc(t, good); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	mistakes := read(t, "testdata/mistakes.ts")
	out, _ := tsc(t, map[string][]byte{"realtime.gen.ts": files["realtime.gen.ts"], "http.gen.ts": files["http.gen.ts"], "mistakes.ts": mistakes})
	if want := strings.Count(string(mistakes), "// wrong"); want == 0 || strings.Count(out, "error TS") != want {
		t.Errorf("want %d errors:\n%s", want, out)
	}
}

type before struct {
	Text string `json:"text"`
}

type after struct {
	Text string `json:"body"`
}

// typesOf is the TypeScript of a hub whose channel carries T.
func typesOf[T any](t *testing.T) []byte {
	t.Helper()
	hub, err := realtime.New(realtime.Config{
		Principal: func(context.Context) (realtime.Principal, bool) { return realtime.Principal{}, false }, Engine: memory.New(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := hub.Channel("room", realtime.ChannelOptions{}, realtime.WithEvent[T]()); err != nil {
		t.Fatal(err)
	}
	types, err := gen.TypeScript(gen.Contract{Realtime: hub.Describe()})
	if err != nil {
		t.Fatal(err)
	}
	return types
}

// TestTypeScript_RenamedField: renaming a Go field fails the front end.
func TestTypeScript_RenamedField(t *testing.T) {
	consumer := []byte(`import type { YodelContract } from "./realtime.gen"; export const show = (said: YodelContract["channels"]["room"]) => said.text;`)
	if out, err := tsc(t, map[string][]byte{"realtime.gen.ts": typesOf[before](t), "consumer.ts": consumer}); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := tsc(t, map[string][]byte{"realtime.gen.ts": typesOf[after](t), "consumer.ts": consumer})
	if err == nil || !strings.Contains(out, "consumer.ts") || !strings.Contains(out, "'text' does not exist") {
		t.Errorf("after the field was renamed: got %v\n%s", err, out)
	}
}

func TestTypeScript_Drift(t *testing.T) {
	dir := t.TempDir()
	files := map[string][]byte{"a/one.ts": []byte("1"), "two.ts": []byte("2")}
	if err := gen.Write(dir, files); err != nil {
		t.Fatal(err)
	}
	if err := gen.Check(dir, files); err != nil {
		t.Errorf("as written: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a", "one.ts"), []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := gen.Check(dir, files); err == nil || !strings.Contains(err.Error(), "a/one.ts: ") || strings.Contains(err.Error(), "two.ts") {
		t.Errorf("changed by hand: got %v", err)
	}
}
