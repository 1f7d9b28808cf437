package otelrt_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestImports_APIAlone: the SDK is the application's choice.
func TestImports_APIAlone(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	if !strings.Contains(string(out), "go.opentelemetry.io/otel/trace") {
		t.Fatal("the list lacks the API; it proves nothing")
	}
	if strings.Contains(string(out), "go.opentelemetry.io/otel/sdk") {
		t.Error("importing otelrt compiles the SDK")
	}
}
