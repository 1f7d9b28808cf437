package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/app"
)

// printed runs the command and returns what it wrote to standard output alone.
func printed(t *testing.T, environment []string, args ...string) (out, problem string, err error) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(append(os.Environ(), "YODEL_TEST_RUN_MAIN=1"), environment...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	return stdout.String(), stderr.String(), err
}

func status(t *testing.T, method, address, token string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	} else { // a handshake; the guard takes the credentials of one off everywhere else
		request.Header.Set("Connection", "Upgrade")
		request.Header.Set("Upgrade", "websocket")
		request.Header.Set("Sec-WebSocket-Version", "13")
		request.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// TestTokensAndTickets: what the commands print opens a running server.
func TestTokensAndTickets(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	config := app.Config{Addr: address, DataDir: t.TempDir(), Demo: true, LoginRate: 10, MessageRate: 10, DrainTime: 1e10}
	built, err := app.New(t.Context(), config, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- built.Serve(ctx, listener, io.Discard) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	settings := []string{"YODEL_ADDR=" + address, "YODEL_DATA_DIR=" + config.DataDir}
	token, _, err := printed(t, settings, "token", "alice")
	if err != nil || strings.Count(token, "\n") != 1 {
		t.Fatalf("token: %v %d bytes", err, len(token))
	}
	token = strings.TrimSpace(token)
	if got := status(t, http.MethodGet, "http://"+address+"/api/me", token); got != http.StatusOK {
		t.Errorf("the token: got %d", got)
	}
	ticket, problem, err := printed(t, settings, "ticket", "alice", "--route", "/ws/demo")
	if err != nil {
		t.Fatalf("ticket: %v %s", err, problem)
	}
	opens := "http://" + address + "/ws/demo?ticket=" + strings.TrimSpace(ticket)
	if got := status(t, http.MethodGet, opens, ""); got != http.StatusSwitchingProtocols {
		t.Errorf("the ticket: got %d", got)
	}
	if got := status(t, http.MethodGet, opens, ""); got != http.StatusUnauthorized {
		t.Errorf("the ticket again: got %d", got)
	}
	for name, args := range map[string][]string{
		"nobody": {"token", "nobody"}, "--yes": {"token", "alice", "--public-url", "https://chat.example.com"},
	} {
		out, problem, err := printed(t, settings, args...)
		if err == nil || out != "" || !strings.Contains(problem, map[string]string{"nobody": "no such", "--yes": "--yes"}[name]) {
			t.Errorf("%s: got %v %q", name, err, problem)
		}
	}
	bob, err := built.Accounts().ByUsername(t.Context(), "bob")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := built.Accounts().SetDisabled(t.Context(), "", bob.ID, true); err != nil {
		t.Fatal(err)
	}
	if out, problem, err := printed(t, settings, "token", "bob"); err == nil || out != "" || !strings.Contains(problem, "disabled") {
		t.Errorf("a disabled user: got %v %q", err, problem)
	}
}
