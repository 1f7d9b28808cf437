//go:build linux

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/yodelrt/yodel/e2e/bench/peers"
)

// process is a server that runs beside the comparison.
type process struct {
	kind    peers.Kind
	address string // of its socket
	secure  string // of its socket over TLS, empty for none
	control string
	pid     int
	lines   net.Conn // what it shall publish
	stop    func()
}

// start runs a server in a process of its own, on the first core.
func start(ctx context.Context, kind peers.Kind, env ...string) (*process, error) {
	cmd, err := command(ctx, kind)
	if err != nil {
		return nil, err
	}
	cmd.Env = append(cmd.Env, env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{kind: kind, pid: cmd.Process.Pid}
	p.stop = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err == nil {
		_, err = fmt.Sscan(line, &p.address, &p.control)
		if fields := strings.Fields(line); len(fields) > 2 {
			p.secure = fields[2]
		}
	}
	if err == nil {
		err = p.openLines()
	}
	if err != nil {
		p.stop()
		return nil, fmt.Errorf("the server did not start: %w", err)
	}
	return p, nil
}

// command is how a kind is run: by this program, or by Node.
func command(ctx context.Context, kind peers.Kind) (*exec.Cmd, error) {
	var args []string
	if kind.Name == "express-ws" {
		script, err := express(ctx)
		if err != nil {
			return nil, err
		}
		args = []string{"node", "--expose-gc", script}
	} else {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		args = []string{self, "-serve", kind.Name}
	}
	if runtime.NumCPU() > 1 {
		if tool, err := exec.LookPath("taskset"); err == nil {
			core := "0"
			if kind.Name == peers.Store.Name { // beside the clients, who have less to do
				core = "1"
			}
			args = append([]string{tool, "-c", core}, args...)
		}
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "NODE_ENV=production", "BENCH_KEY="+string(peers.Key), "BENCH_PAYLOAD="+peers.Payload)
	return cmd, nil
}

// express installs what the script of the tutorial's stack needs and returns its
// path.
func express(ctx context.Context) (string, error) {
	_, here, _, _ := runtime.Caller(0)
	dir := filepath.Join(filepath.Dir(here), "express")
	if _, err := exec.LookPath("node"); err != nil {
		return "", fmt.Errorf("node is not installed")
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "express-jwt")); err != nil {
		install := exec.CommandContext(ctx, "npm", "ci", "--no-fund", "--no-audit", "--silent")
		install.Dir = dir
		if out, err := install.CombinedOutput(); err != nil {
			return "", fmt.Errorf("npm ci: %w: %s", err, out)
		}
	}
	return filepath.Join(dir, "server.mjs"), nil
}

// pinClients keeps this process off the servers' core.
func pinClients() string {
	if runtime.NumCPU() < 2 {
		return "one core for all"
	}
	var set unix.CPUSet
	set.Set(1)
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return "not pinned"
	}
	for _, thread := range threads { // threads that come later inherit it
		if tid, err := strconv.Atoi(thread.Name()); err == nil && unix.SchedSetaffinity(tid, &set) != nil {
			return "not pinned"
		}
	}
	if _, err := exec.LookPath("taskset"); err != nil {
		return "clients on core 1, servers not pinned (no taskset)"
	}
	return "servers on core 0, clients on core 1"
}

// openLines opens the connection over which the server is told what to publish.
func (p *process) openLines() error {
	conn, err := net.Dial("tcp", p.control)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(conn, "GET /publish HTTP/1.1\r\nHost: control\r\nConnection: Upgrade\r\nUpgrade: lines\r\n\r\n"); err != nil {
		return err
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusSwitchingProtocols {
		return fmt.Errorf("control: %s", answer.Status)
	}
	p.lines = conn
	return nil
}

// publish has the server publish so often to a channel, and returns at once.
func (p *process) publish(channel string, count int) error {
	_, err := fmt.Fprintf(p.lines, "%s %d\n", channel, count)
	return err
}

// post asks the control for something and returns the answer.
func (p *process) post(ctx context.Context, path string) ([]byte, error) {
	return p.ask(ctx, http.MethodPost, path)
}

func (p *process) ask(ctx context.Context, method, path string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://"+p.control+path, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, response.Status)
	}
	return io.ReadAll(response.Body)
}

// cpu is the time that the process has computed, in the kernel and out of it, in
// microseconds. The kernel counts it by the nanosecond.
func (p *process) cpu() (float64, error) {
	const ofProcess = 2 // CPUCLOCK_SCHED of linux/posix-timers.h
	var ts unix.Timespec
	if err := unix.ClockGettime(int32(^p.pid<<3|ofProcess), &ts); err != nil {
		return 0, fmt.Errorf("read the server's CPU clock: %w", err)
	}
	return float64(ts.Nano()) / float64(time.Microsecond), nil
}

// footprint is what a process holds, in kilobytes.
type footprint struct {
	pss float64 // resident, what is shared divided among those that share it
	own float64 // heap and stacks, as the runtime counts them
	// live is the heap's objects alone, to the byte
	live float64
}

// memory settles the server's memory and reads it.
func (p *process) memory(ctx context.Context) (footprint, error) {
	answer, err := p.post(ctx, "/settle")
	if err != nil {
		return footprint{}, err
	}
	var heap, stack, live float64
	if _, err := fmt.Sscan(string(answer), &heap, &stack, &live); err != nil {
		return footprint{}, err
	}
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p.pid))
	if err != nil {
		return footprint{}, err
	}
	for line := range strings.Lines(string(data)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "Pss:" {
			pss, err := strconv.ParseFloat(fields[1], 64)
			return footprint{pss, (heap + stack) / 1024, live / 1024}, err
		}
	}
	return footprint{}, fmt.Errorf("the kernel tells no Pss")
}
