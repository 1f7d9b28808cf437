package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckNamesEveryProblemAndChangesNothing(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	out, err := run(t, "", []string{"YODEL_DATA_DIR=" + data}, "check")
	if err != nil || !strings.Contains(out, "fine") {
		t.Errorf("the defaults: got %v %s", err, out)
	}
	secret := "short-secret"
	out, err = run(t, "", []string{"YODEL_DATA_DIR=" + data, "YODEL_JWT_SECRET=" + secret}, "check",
		"--addr", "127.0.0.1:8080", "--public-url", "http://chat.example.com", "--admin-addr", "9090",
		"--engine", "nats://user:pass-word@nats.example.com", "--engine-secret-file", "nowhere",
		"--tls-cert", "nowhere", "--tls-key", "nowhere", "--database-url", "mysql://x")
	if err == nil {
		t.Error("what is wrong passes")
	}
	for _, want := range []string{"in the clear", "host:port", "openssl rand", "engine's secret", "nowhere", "settings have to change"} {
		if !strings.Contains(out, want) {
			t.Errorf("no word of %q in:\n%s", want, out)
		}
	}
	if strings.Contains(out, secret) || strings.Contains(out, "pass-word") {
		t.Errorf("a secret is shown:\n%s", out)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("the data directory was made")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("weak"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := run(t, "", nil, "check", "--data-dir", file); err == nil || !strings.Contains(out, "is a file") {
		t.Errorf("a file as the data directory: got %v %s", err, out)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(file), "jwt.key"), []byte("weak"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := run(t, "", nil, "check", "--data-dir", filepath.Dir(file)); err == nil {
		t.Errorf("a weak key in the data directory: got %s", out)
	}
}
