package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// trial runs tests against mutants, one at a time.
type trial struct {
	root    string
	timeout time.Duration // of one package's tests
	always  string        // the package that is tested after the changed one
}

// all tries mutants until n of them were built, and returns how many survived. It
// fails when the tests fail without any change.
func (t *trial) all(ctx context.Context, chosen []mutant, n int, out io.Writer) (survived int, err error) {
	clean := map[string]bool{} // packages whose tests pass as they are
	tried, began := 0, time.Now()
	for _, m := range chosen {
		if tried == n {
			break
		}
		for _, pkg := range t.packages(m) {
			if !clean[pkg] {
				if err := t.baseline(ctx, pkg); err != nil {
					return survived, err
				}
				clean[pkg] = true
			}
		}
		start := time.Now()
		by, err := t.try(ctx, m)
		took := time.Since(start).Round(100 * time.Millisecond)
		switch {
		case ctx.Err() != nil:
			return survived, ctx.Err()
		case errors.Is(err, errNotBuilt):
			fmt.Fprintf(out, "not built %s\n", m)
			continue
		case err != nil:
			return survived, err
		case by == "":
			survived++
			fmt.Fprintf(out, "SURVIVED  %s (%s)\n%s", m, took, m.diff())
		default:
			fmt.Fprintf(out, "noticed   %s (%s) by %s\n", m, took, by)
		}
		tried++
	}
	fmt.Fprintf(out, "%d changes, %d survived, %s\n", tried, survived, time.Since(began).Round(time.Second))
	return survived, nil
}

// packages are those whose tests may notice a mutant.
func (t *trial) packages(m mutant) []string {
	if m.pkg() == t.always {
		return []string{t.always}
	}
	return []string{m.pkg(), t.always}
}

// baseline runs the short tests of a package as it is.
func (t *trial) baseline(ctx context.Context, pkg string) error {
	by, err := t.test(ctx, suite{pkg: pkg, short: true})
	if err == nil && by != "" {
		err = fmt.Errorf("the tests of %s fail without any change: %s", pkg, by)
	}
	return err
}

// try tests a mutant, by the short tests first, and returns what has noticed it,
// empty for nothing.
func (t *trial) try(ctx context.Context, m mutant) (by string, err error) {
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	overlay, err := t.overlay(dir, m)
	if err != nil {
		return "", err
	}
	for _, short := range []bool{true, false} {
		for _, pkg := range t.packages(m) {
			if by, err = t.confirmed(ctx, suite{overlay: overlay, pkg: pkg, short: short}); by != "" || err != nil {
				return by, err
			}
		}
	}
	return "", nil
}

const mostUnsteady = 3

// confirmed runs a suite and returns which test has failed, and fails again when it
// runs alone. One that doesn't has failed for another reason, such as a busy
// machine, and is left out from then on.
//
// Where so many tests fail and pass alone, the change is what they share.
func (t *trial) confirmed(ctx context.Context, s suite) (by string, err error) {
	for {
		by, err := t.test(ctx, s)
		if by == "" || err != nil {
			return "", err
		}
		test := testIn(by)
		if test == "" || len(s.without) == mostUnsteady {
			return by, nil
		}
		alone := s
		alone.only = test
		again, err := t.test(ctx, alone)
		if again != "" || err != nil {
			return by, err
		}
		s.without = append(s.without, test)
	}
}

// overlay writes the changed file and the list that puts it in the place of the
// original, which stays as it is.
func (t *trial) overlay(dir string, m mutant) (string, error) {
	changed := filepath.Join(dir, filepath.Base(m.file))
	if err := os.WriteFile(changed, m.mutated(), 0o600); err != nil {
		return "", err
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(t.root, m.file): changed}})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, list, 0o600)
}

// grace is what building takes at most, beyond the time of the tests.
const grace = 2 * time.Minute

// suite is one run of tests.
type suite struct {
	overlay string // empty for the code as it is
	pkg     string
	short   bool
	only    string   // empty for all
	without []string // tests that are left out
}

func (s suite) args() (args []string) {
	if s.short {
		args = append(args, "-short")
	}
	if s.overlay != "" {
		args = append(args, "-overlay", s.overlay)
	}
	if s.only != "" {
		args = append(args, "-run", "^"+s.only+"$")
	}
	if len(s.without) > 0 {
		args = append(args, "-skip", "^("+strings.Join(s.without, "|")+")$")
	}
	return append(args, s.pkg)
}

// test runs a suite and returns what has failed. The processes that it starts end
// with it.
func (t *trial) test(ctx context.Context, s suite) (by string, err error) {
	ctx, cancel := context.WithTimeout(ctx, t.timeout+grace)
	defer cancel()
	args := append([]string{"test", "-count=1", "-v", "-failfast", "-vet=off", "-timeout", t.timeout.String()}, s.args()...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = t.root
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	out, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	switch {
	case err == nil:
		return "", nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "the timeout of the command", nil
	case !errors.As(err, &failed):
		return "", fmt.Errorf("go test: %w", err)
	}
	return reading(string(out))
}
