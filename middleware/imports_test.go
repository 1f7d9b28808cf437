package middleware_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestImports_OnlyWhatIsUsed: whoever imports middleware gets Echo and
// echo-jwt, and no WebSocket library, database or engine.
func TestImports_OnlyWhatIsUsed(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	if !strings.Contains(string(out), "github.com/labstack/echo-jwt") {
		t.Fatal("the list lacks echo-jwt; it proves nothing")
	}
	for _, foreign := range []string{"melody", "gorilla/websocket", "sqlite", "goose", "prometheus", "nats-io", "yodel/realtime", "yodel/app"} {
		if strings.Contains(string(out), foreign) {
			t.Errorf("importing middleware compiles %s", foreign)
		}
	}
}
