package main

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/yodelrt/yodel/app/store"
)

// ordinary runs a command without the rights of root over files, as the owner of
// the test's files.
func ordinary(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 1000, HostID: os.Geteuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 1000, HostID: os.Getegid(), Size: 1}},
	}
}

// smallDisk runs a command with a disk of its own, of 4 MB, as its data directory.
func smallDisk(cmd *exec.Cmd, data string) {
	cmd.Args = append([]string{"sh", "-c", `mount -t tmpfs -o size=4m tmpfs "$0" && exec "$@"`, data, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}},
	}
}

// isolated skips a test where the machine allows no namespaces; in CI it fails.
func isolated(t *testing.T) {
	t.Helper()
	cmd := exec.Command("true")
	smallDisk(cmd, t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no namespaces: %v %s", err, out)
		}
		t.Skipf("no namespaces: %v %s", err, out)
	}
}

func TestH333_full_disk(t *testing.T) {
	isolated(t)
	data := t.TempDir()
	server := serves(t, data, func(cmd *exec.Cmd) { smallDisk(cmd, data) })
	if got := server.ready(); got != http.StatusOK {
		t.Fatalf("with room: got %d, want 200", got)
	}
	filler := filepath.Join("/proc", strconv.Itoa(server.cmd.Process.Pid), "root", data, "filler")
	fill(t, filler)
	server.becomes(http.StatusServiceUnavailable)
	server.says(store.ErrFull)
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	server.becomes(http.StatusOK)
	server.login("alice")
}

// fill takes what room there is.
func fill(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, size := range []int{64 << 10, 1} {
		for err = nil; err == nil; {
			_, err = file.Write(bytes.Repeat([]byte("x"), size))
		}
	}
	if !strings.Contains(err.Error(), syscall.ENOSPC.Error()) {
		t.Fatal(err)
	}
}

func TestH333_full_disk_at_the_start(t *testing.T) {
	isolated(t)
	data := t.TempDir()
	cmd := exec.Command(os.Args[0], "serve", "--addr", freeAddress(t), "--data-dir", data)
	cmd.Env = append(os.Environ(), "YODEL_TEST_RUN_MAIN=1")
	smallDisk(cmd, data)
	cmd.Args[2] = `mount -t tmpfs -o size=16k tmpfs "$0" && exec "$@"`
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), store.ErrFull.Error()) {
		t.Errorf("got %v %s, want %q", err, out, store.ErrFull)
	}
}

func TestH333_read_only_directory(t *testing.T) {
	isolated(t)
	for name, one := range map[string]struct {
		mode func(dir, file string) error
		want string
	}{
		"the directory": {func(dir, _ string) error { return os.Chmod(dir, 0o500) }, "nobody can write in --data-dir"},
		"the database":  {func(_, file string) error { return os.Chmod(file, 0o400) }, store.ErrReadOnly.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			dir, file := filled(t)
			if err := one.mode(dir, file); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(os.Args[0], "serve", "--addr", freeAddress(t), "--data-dir", dir)
			cmd.Env = append(os.Environ(), "YODEL_TEST_RUN_MAIN=1")
			ordinary(cmd)
			out, err := cmd.CombinedOutput()
			if err == nil || !strings.Contains(string(out), one.want) {
				t.Errorf("got %v %s, want %q", err, out, one.want)
			}
		})
	}
	t.Run("while it runs", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "data")
		server := serves(t, dir, ordinary)
		if got := server.ready(); got != http.StatusOK {
			t.Fatalf("before: got %d, want 200", got)
		}
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		server.becomes(http.StatusServiceUnavailable)
		server.says(store.ErrReadOnly)
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		server.becomes(http.StatusOK)
	})
}

// TestH336_no_file_left_to_open: a process that may open no more files still asks
// its database, for its connections are open already, and readiness does not say
// that all is well.
func TestH336_no_file_left_to_open(t *testing.T) {
	server := serves(t, t.TempDir(), func(cmd *exec.Cmd) {
		cmd.Args = append([]string{"sh", "-c", `ulimit -n 80 && exec "$0" "$@"`, cmd.Path}, cmd.Args[1:]...)
		cmd.Path = "/bin/sh"
	})
	cookies := server.login("alice")
	clients := make([]*http.Client, 12)
	for i := range clients { // each keeps a connection
		clients[i] = &http.Client{Transport: &http.Transport{}}
		defer clients[i].CloseIdleConnections()
		server.get(clients[i], "/healthz")
	}
	var held []net.Conn
	for range 100 { // the kernel takes those that the process can't
		conn, err := net.Dial("tcp", server.url[len("http://"):])
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		held = append(held, conn)
	}
	for server.get(clients[0], "/readyz") != http.StatusServiceUnavailable { // on a connection that there is
	}
	server.says(store.ErrFiles)
	var all sync.WaitGroup
	for _, client := range clients {
		all.Go(func() {
			for range 20 {
				if got := server.get(client, "/api/me", cookies...); got != http.StatusOK {
					t.Errorf("a read: got %d, want 200", got)
				}
			}
		})
	}
	all.Wait()
	for _, conn := range held {
		_ = conn.Close()
	}
	for server.get(clients[0], "/readyz") != http.StatusOK {
	}
}
