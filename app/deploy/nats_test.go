package deploy_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/conf"
)

// TestNATSReadsTheConfigurations: both ask for TLS on every port that is open to
// others, for a password, and for writes that are on the disk.
func TestNATSReadsTheConfigurations(t *testing.T) {
	t.Setenv("NATS_NAME", "nats-1")
	t.Setenv("NODE_PASSWORD", "secret-of-the-nodes")
	for _, file := range []string{"nats.conf", "kubernetes/nats.conf"} {
		t.Run(file, func(t *testing.T) {
			settings, err := conf.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !dig[bool](t, dig[map[string]any](t, settings, "cluster", "tls"), "verify") {
				t.Error("routes are open to anybody with a certificate of anybody")
			}
			if dig[string](t, settings, "tls", "cert_file") == "" || dig[string](t, settings, "jetstream", "sync_interval") != "always" {
				t.Errorf("got tls %v and jetstream %v", settings["tls"], settings["jetstream"])
			}
			if got := dig[string](t, user(t, settings), "password"); got != "secret-of-the-nodes" {
				t.Errorf("password %q, want that of the environment", got)
			}
		})
	}
}

// TestRightsAreAlike: what the servers grant is what docs/cluster.md explains.
func TestRightsAreAlike(t *testing.T) {
	t.Setenv("NATS_NAME", "nats-1")
	t.Setenv("NODE_PASSWORD", "secret-of-the-nodes")
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "cluster.md"))
	if err != nil {
		t.Fatal(err)
	}
	want := rights(string(page))
	for _, file := range []string{"nats.conf", "kubernetes/nats.conf"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := rights(string(text)); got != want || got == "" {
			t.Errorf("%s grants\n%s\nand the page explains\n%s", file, got, want)
		}
	}
}

var permissions = regexp.MustCompile(`(?s)permissions: \{.*?\}`)

func rights(text string) string {
	return strings.Join(strings.Fields(permissions.FindString(text)), " ")
}

func user(t *testing.T, settings map[string]any) map[string]any {
	t.Helper()
	return dig[[]any](t, settings, "accounts", "YODEL", "users")[0].(map[string]any)
}
