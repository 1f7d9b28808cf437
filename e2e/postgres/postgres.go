// Package postgres starts a PostgreSQL server of the suites' own, from the packages
// of the machine.
package postgres

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// ErrMissing says that this machine has no PostgreSQL server to start.
var ErrMissing = errors.New("no PostgreSQL server is installed (postgresql on Debian), so its half of the suites can't run")

// Server is a PostgreSQL server in a directory of its own, reached by a socket there
// and by no network. Safe for concurrent use.
type Server struct {
	dir       string
	process   *exec.Cmd
	databases atomic.Int64
}

// Start initializes and starts a server. The error is [ErrMissing] where none is
// installed. End it with [Server.Stop].
func Start() (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "yodel-pg")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir}
	if err := s.begin(bin); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

// binaries finds where initdb and postgres are.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", ErrMissing
	}
	return filepath.Dir(slices.Max(found)), nil
}

func (s *Server) begin(bin string) error {
	as, err := unprivileged(s.dir)
	if err != nil {
		return err
	}
	data := filepath.Join(s.dir, "data")
	initialize := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "yodel", "-A", "trust", "-E", "UTF8", "--no-sync")
	initialize.SysProcAttr, initialize.Dir = as, s.dir
	if out, err := initialize.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	s.process = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-k", s.dir, "-c", "listen_addresses=", "-c", "fsync=off")
	s.process.SysProcAttr, s.process.Dir = as, s.dir
	said, err := s.process.StderrPipe()
	if err != nil {
		return err
	}
	if err := s.process.Start(); err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	return awaitReady(said)
}

// awaitReady reads what the server says until it takes connections, and goes on
// reading, so that it never waits for us.
func awaitReady(said io.Reader) error {
	var log strings.Builder
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		fmt.Fprintln(&log, lines.Text())
		if strings.Contains(lines.Text(), "ready to accept connections") {
			go func() { _, _ = io.Copy(io.Discard, said) }()
			return nil
		}
	}
	return fmt.Errorf("postgres did not start: %s", log.String())
}

// unprivileged gives the directory to somebody else where we are root, whom the
// server refuses to run as.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		who, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(who.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(who.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		as := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
		return as, os.Chown(dir, int(uid), int(gid))
	}
	return nil, errors.New("no unprivileged user to run postgres as")
}

// Database makes an empty database and returns its address.
func (s *Server) Database(ctx context.Context) (string, error) {
	conn, err := pgx.Connect(ctx, s.address("postgres"))
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }()
	name := "test" + strconv.FormatInt(s.databases.Add(1), 10)
	_, err = conn.Exec(ctx, "CREATE DATABASE "+name)
	return s.address(name), err
}

func (s *Server) address(database string) string {
	return "postgres://yodel@/" + database + "?host=" + s.dir
}

// Stop ends the server at once; nothing of it is kept.
func (s *Server) Stop() error {
	err := s.process.Process.Signal(syscall.SIGQUIT)
	_ = s.process.Wait() // ended by our signal
	return errors.Join(err, os.RemoveAll(s.dir))
}
