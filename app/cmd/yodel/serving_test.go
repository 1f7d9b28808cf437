package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// serving is `yodel serve` in a process of its own.
type serving struct {
	t    *testing.T
	url  string
	cmd  *exec.Cmd
	said *said
}

// said is what a process wrote to standard error.
type said struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.Write(b)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.String()
}

// freeAddress is one below the ports that the kernel hands out by itself, so that
// nobody takes it before the command listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	for {
		address := fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000))
		listener, err := net.Listen("tcp", address)
		if errors.Is(err, syscall.EADDRINUSE) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		_ = listener.Close()
		return address
	}
}

// serves runs the command and returns when it listens. change may run it inside
// of something else.
func serves(t *testing.T, data string, change func(*exec.Cmd)) *serving {
	t.Helper()
	return servesAt(t, freeAddress(t), data, change)
}

func servesAt(t *testing.T, address, data string, change func(*exec.Cmd)) *serving {
	t.Helper()
	cmd := exec.Command(os.Args[0], "serve", "--demo", "--addr", address, "--data-dir", data)
	cmd.Env = append(os.Environ(), "YODEL_TEST_RUN_MAIN=1")
	if change != nil {
		change(cmd)
	}
	s := &serving{t, "http://" + address, cmd, &said{}}
	cmd.Stderr = s.said
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "listening") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return s
		}
	}
	t.Fatalf("it did not start: %s", s.said)
	return nil
}

// kill is kill -9. Once is enough.
func (s *serving) kill() {
	if s.cmd.ProcessState != nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait() // it was killed
}

// stop is SIGINT, and returns when the process has ended by itself.
func (s *serving) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("stop: %v: %s", err, s.said)
	}
}

// get is the status of an address, for somebody with these cookies. The connection
// is kept.
func (s *serving) get(client *http.Client, path string, cookies ...*http.Cookie) int {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, cookie := range cookies {
		request.AddCookie(cookie)
	}
	response, err := client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode
}

func (s *serving) ready() int { s.t.Helper(); return s.get(http.DefaultClient, "/readyz") }

// becomes asks until readiness is as wanted; the time limit of go test bounds it.
func (s *serving) becomes(want int) {
	s.t.Helper()
	for s.ready() != want {
	}
}

// says waits until the log holds a sentence; it is written beside the answers.
func (s *serving) says(sentence error) {
	s.t.Helper()
	for !strings.Contains(s.said.String(), sentence.Error()) {
		runtime.Gosched()
	}
}

// login signs somebody in and returns their cookies.
func (s *serving) login(username string) []*http.Cookie {
	s.t.Helper()
	body := fmt.Sprintf(`{"username":%q,"password":"%s-yodel-demo"}`, username, username)
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+"/api/login", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", s.url)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil { // so that the connection is kept
		s.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		s.t.Fatalf("login: got %d, want 200", response.StatusCode)
	}
	return response.Cookies()
}

// refused runs the command, which has to end with a sentence on one line.
func refused(t *testing.T, want error, environment []string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // one that starts would serve for ever
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(append(os.Environ(), "YODEL_TEST_RUN_MAIN=1"), environment...)
	said, err := cmd.CombinedOutput()
	out := string(said)
	if err == nil || !strings.Contains(out, want.Error()) || strings.Count(out, "\n") != 1 {
		t.Errorf("yodel %s: got %v %q, want one line with %q", strings.Join(args, " "), err, out, want)
	}
}
