package realtime_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestImports_OnlyWhatIsUsed: whoever imports realtime gets melody, and
// no web framework, database or engine.
func TestImports_OnlyWhatIsUsed(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	if !strings.Contains(string(out), "github.com/olahol/melody") {
		t.Fatal("the list lacks melody; it proves nothing")
	}
	for _, foreign := range []string{"labstack", "jwt", "sqlite", "goose", "prometheus", "opentelemetry", "nats-io", "yaml", "jsonschema", "go/ast", "realtime/gen", "yodel/middleware", "yodel/app"} {
		if strings.Contains(string(out), foreign) {
			t.Errorf("importing realtime compiles %s", foreign)
		}
	}
}
