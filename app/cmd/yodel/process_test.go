package main

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// process is a server of its own, this very binary.
type process struct {
	t       *testing.T
	command *exec.Cmd
	address string
	data    string        // its directory
	log     io.ReadCloser // what it writes on stderr
	lines   *bufio.Scanner
}

// start runs yodel serve and returns when it listens.
func start(t *testing.T, args ...string) *process {
	t.Helper()
	address, data := freeAddress(t), t.TempDir()
	command := exec.Command(os.Args[0], append([]string{"serve", "--addr", address, "--data-dir", data}, args...)...)
	command.Env = append(os.Environ(), "YODEL_TEST_RUN_MAIN=1")
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	log, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, command: command, address: address, data: data, log: log, lines: bufio.NewScanner(log)}
	t.Cleanup(func() {
		if command.ProcessState == nil {
			_ = command.Process.Kill()
			_ = command.Wait()
		}
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "listening url=") {
			return p
		}
	}
	said, _ := io.ReadAll(log)
	t.Fatalf("it does not listen: %s", said)
	return nil
}

func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.command.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// logged waits for a line of the log with this in it.
func (p *process) logged(part string) string {
	p.t.Helper()
	seen := ""
	for p.lines.Scan() {
		if seen += p.lines.Text() + "\n"; strings.Contains(p.lines.Text(), part) {
			return p.lines.Text()
		}
	}
	p.t.Fatalf("no %q in the log:\n%s", part, seen)
	return ""
}

// end waits for the process and returns what it exited with, -1 for a signal, and
// what was left of its log.
func (p *process) end() (code int, rest string) {
	p.t.Helper()
	for p.lines.Scan() {
		rest += p.lines.Text() + "\n"
	}
	err := p.command.Wait()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		p.t.Fatal(err)
	}
	return p.command.ProcessState.ExitCode(), rest
}

func (p *process) answers(path string) {
	p.t.Helper()
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get("http://" + p.address + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		p.t.Errorf("%s: got %d, want 200", path, response.StatusCode)
	}
}
