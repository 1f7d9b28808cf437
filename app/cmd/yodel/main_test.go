package main

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/yodelrt/yodel/app"
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

// TestLogSink_EndsWhileOthersWrite: a request that the drain has cut off may still
// say something.
func TestLogSink_EndsWhileOthersWrite(t *testing.T) {
	sink := newLogSink(io.Discard)
	var writing sync.WaitGroup
	for range 4 {
		writing.Go(func() {
			for range 10_000 {
				_, _ = sink.Write([]byte("late\n"))
			}
		})
	}
	sink.Close()
	writing.Wait()
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

func TestMistypedCommandsAreOneSentence(t *testing.T) {
	for _, test := range []struct {
		args        []string
		environment string
		want        string
	}{
		{[]string{"serve", "--adress", "127.0.0.1:8080"}, "", "--adress; see yodel serve --help"},
		{[]string{"serve", "--drain-time", "soon"}, "", "--drain-time"},
		{[]string{"serve"}, "YODEL_LOGIN_RATE=many", "YODEL_LOGIN_RATE"},
		{[]string{"check"}, "YODEL_LOG_LEVEL=loud", "--log-level"},
		{[]string{"user"}, "", "expected one of"},
		{[]string{"srve"}, "", "srve"},
		{nil, "", "expected one of"},
	} {
		out, err := run(t, "", []string{"YODEL_DATA_DIR=" + t.TempDir(), test.environment}, test.args...)
		if code := codeOf(err); code != exitSettings || strings.Count(out, "\n") != 1 || !strings.Contains(out, test.want) || !strings.HasPrefix(out, "yodel: ") {
			t.Errorf("%v %s: got the code %d and %q, want %d and one line with %q", test.args, test.environment, code, out, exitSettings, test.want)
		}
	}
}

func codeOf(err error) int {
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return failed.ExitCode()
	}
	return 0
}

// TestEmptySettingsAreNone: a compose file or a unit leaves variables empty, each of
// which then has its default.
func TestEmptySettingsAreNone(t *testing.T) {
	var environment []string
	for name := range settings() {
		environment = append(environment, name+"=")
	}
	if len(environment) < 30 {
		t.Fatalf("found %d settings; are they read at all?", len(environment))
	}
	t.Chdir(t.TempDir()) // for the default of the data directory
	if out, err := run(t, "", environment, "check"); err != nil || !strings.Contains(out, "fine") {
		t.Errorf("got %v %s", err, out)
	}
}

// settings are the names in the environment, from the one table.
func settings() map[string]string {
	names := map[string]string{}
	fields := reflect.TypeFor[app.Config]()
	for i := range fields.NumField() {
		names[fields.Field(i).Tag.Get("env")] = fields.Field(i).Name
	}
	return names
}

func TestExitCodes(t *testing.T) {
	data := "YODEL_DATA_DIR=" + t.TempDir()
	for _, test := range []struct {
		args []string
		want int
	}{
		{[]string{"version"}, 0},
		{[]string{"check"}, 0},
		{[]string{"check", "--public-url", "http://chat.example.com"}, exitSettings},
		{[]string{"serve", "--public-url", "http://chat.example.com"}, exitSettings},
		{[]string{"serve", "--jwt-secret", "short"}, exitSettings},
		{[]string{"serve", "--tls-cert", "nowhere", "--tls-key", "nowhere"}, exitSettings},
		{[]string{"serve", "--log-level-file", "nowhere"}, exitSettings},
		{[]string{"serve", "--addr", "192.0.2.1:8080", "--public-url", "https://chat.example.com"}, exitFailed}, // an address of somebody else
		{[]string{"token", "nobody"}, exitFailed},
		{[]string{"probe", "http://127.0.0.1:1/readyz"}, exitFailed},
	} {
		if out, err := run(t, "", []string{data}, test.args...); codeOf(err) != test.want {
			t.Errorf("%v: got the code %d, want %d: %s", test.args, codeOf(err), test.want, out)
		}
	}
}
