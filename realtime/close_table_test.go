package realtime_test

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// TestClosePage_SameAsTheCode holds close.go and docs/reference/close-codes.md
// together: numbers, names, reasons, and who stays away.
func TestClosePage_SameAsTheCode(t *testing.T) {
	source, page := readText(t, "close.go"), readText(t, "../docs/reference/close-codes.md")
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
	if rows := regexp.MustCompile("(?m)^\\| \\d+ \\| `").FindAllString(page, -1); len(rows) != len(declared) {
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
