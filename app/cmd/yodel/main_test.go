package main

import (
	"bytes"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
)

// TestMain lets tests run this very binary as the command.
func TestMain(m *testing.M) {
	if os.Getenv("YODEL_TEST_RUN_MAIN") == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

func run(t *testing.T, stdin string, environment []string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(append(os.Environ(), "YODEL_TEST_RUN_MAIN=1"), environment...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestH234_help_and_errors_show_no_secret(t *testing.T) {
	secret := "d41d8cd98f00b204e9800998ecf8427e-very-secret"
	out, err := run(t, "", []string{"YODEL_JWT_SECRET=" + secret}, "serve", "--help")
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, flag := range []string{"--addr", "YODEL_ADDR", "--jwt-secret-file", "--admin-addr", "--allow-first-message", "--public-url", "--demo"} {
		if !strings.Contains(out, flag) {
			t.Errorf("help lacks %s", flag)
		}
	}
	if strings.Contains(out, secret) {
		t.Error("help shows the secret")
	}
	out, err = run(t, "", []string{"YODEL_JWT_SECRET=short-secret", "YODEL_DATA_DIR=" + t.TempDir()}, "serve")
	if err == nil {
		t.Fatal("a weak secret starts")
	}
	if strings.Contains(out, "short-secret") || !strings.Contains(out, "openssl rand") || strings.Count(out, "\n") != 1 {
		t.Errorf("error: got %q, want one line that names the fix", out)
	}
}

func TestUserCommands(t *testing.T) {
	data := []string{"YODEL_DATA_DIR=" + t.TempDir()}
	for _, test := range []struct {
		stdin string
		args  []string
		fails string
	}{
		{"a good password\n", []string{"user", "add", "carol"}, ""},
		{"a good password\n", []string{"user", "add", "carol"}, "taken"},
		{"short\n", []string{"user", "add", "dave"}, "8 to 256"},
		{"", []string{"user", "add", "dave"}, "password"},
		{"a good password\n", []string{"user", "add", "No Good"}, "username"},
		{"another password\n", []string{"user", "passwd", "carol"}, ""},
		{"another password\n", []string{"user", "passwd", "nobody"}, "no such account"},
		{"", []string{"user", "role", "carol", "admin"}, ""},
		{"", []string{"user", "role", "carol", "king"}, "a role is"},
		{"", []string{"user", "disable", "carol"}, ""},
		{"", []string{"user", "enable", "carol"}, ""},
	} {
		out, err := run(t, test.stdin, data, test.args...)
		if (err != nil) != (test.fails != "") || !strings.Contains(out, test.fails) {
			t.Errorf("%v: got %v %q, want %q", test.args, err, out, test.fails)
		}
	}
}

// stuck is a reader of the log that has fallen asleep.
type stuck struct {
	wake chan struct{}
	got  bytes.Buffer
}

func (s *stuck) Write(b []byte) (int, error) {
	<-s.wake
	return s.got.Write(b)
}

func TestH239_a_log_that_nobody_reads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reader := &stuck{wake: make(chan struct{})}
		sink := newLogSink(reader)
		log := slog.New(slog.NewTextHandler(sink, nil))
		for i := range logLines + 100 {
			log.Info("line", "n", i) // would block for ever
		}
		if sink.dropped.Load() < 90 {
			t.Errorf("dropped: got %d, want about 100", sink.dropped.Load())
		}
		close(reader.wake)
		sink.Close()
		if got := reader.got.String(); !strings.Contains(got, "n=0\n") || !strings.Contains(got, `msg="log lines were dropped" count=`) {
			t.Errorf("written: %.200s", got)
		}
	})
}

func TestLogSinkCopies(t *testing.T) {
	var out bytes.Buffer
	sink := newLogSink(&out)
	line := []byte("first\n")
	if _, err := sink.Write(line); err != nil {
		t.Fatal(err)
	}
	copy(line, "XXXXX")
	sink.Close()
	if out.String() != "first\n" {
		t.Errorf("got %q", out.String())
	}
}
