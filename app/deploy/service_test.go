package deploy_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestTheUnitBringsItBack: from every end but one that the operator asked for and one
// that says that a setting is wrong; and it stops no drain before its time.
func TestTheUnitBringsItBack(t *testing.T) {
	text, err := os.ReadFile("yodel.service")
	if err != nil {
		t.Fatal(err)
	}
	unit := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(name, "#") {
			unit[name] = append(unit[name], value)
		}
	}
	for name, want := range map[string]string{
		"Restart": "always", "RestartPreventExitStatus": "78", "ExecReload": "/bin/kill -HUP $MAINPID",
	} {
		if got := unit[name]; !slices.Equal(got, []string{want}) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	stop, _ := time.ParseDuration(strings.Join(unit["TimeoutStopSec"], ""))
	drain := time.Duration(0)
	for _, entry := range unit["Environment"] {
		if value, ok := strings.CutPrefix(entry, "YODEL_DRAIN_TIME="); ok {
			drain, _ = time.ParseDuration(value)
		}
	}
	if drain == 0 || stop <= drain {
		t.Errorf("systemd kills after %s, and the drain takes %s", stop, drain)
	}
}
