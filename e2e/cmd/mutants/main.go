// Command mutants changes the hub's code in small ways, one at a time, and runs the
// tests that should notice. It samples comparisons, conditions, constants and
// statements of the files below, prints which test has noticed each change, and
// exits with 1 when a change survived: the tests would let that fault through.
//
//	go run ./e2e/cmd/mutants -n 30 -seed 7
//	go run ./e2e/cmd/mutants -n 30 -seed 7 -list
//
// A change that no test can notice, because the program does the same, goes into
// equivalent.txt with its reason.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

// sources are the files that are changed: what keeps the state of connections,
// limits them, starts work and delivers. "/**" is a folder with all that is below
// it, "!" leaves out. Those that do not exist are no error.
var sources = []string{
	"realtime/internal/**",
	"realtime/plain/**",
	"realtime/*.go",
	"!realtime/internal/cluster/**",
	"!realtime/contract.go", "!realtime/describe.go", "!realtime/shape/**", // descriptions for other programs
	"!realtime/survey*.go", "!realtime/snapshot.go", "!realtime/stats.go", "!realtime/observe.go", // reports
	"!realtime/control.go", "!realtime/node.go", "!realtime/selector_text.go", // what nodes tell each other
}

// always is the package whose tests run after those of the changed package.
const always = "./realtime"

//go:embed equivalent.txt
var equivalentText string

func main() {
	survived, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(2)
	}
	if survived > 0 {
		os.Exit(1)
	}
}

func run() (survived int, err error) {
	n := flag.Int("n", 30, "how many changes are tried")
	seed := flag.Uint64("seed", 1, "which are chosen; the same seed chooses the same ones of the same code")
	timeout := flag.Duration("timeout", 2*time.Minute, "how long the tests of a package may take; a change that makes them hang is noticed by it")
	list := flag.Bool("list", false, "print the changes that would be tried, and run nothing")
	flag.Parse()
	if *n < 1 {
		return 0, errors.New("-n is at least 1")
	}
	root, err := repository()
	if err != nil {
		return 0, err
	}
	known, err := parseEquivalents(equivalentText)
	if err != nil {
		return 0, err
	}
	chosen, err := sample(root, sources, known, *seed)
	if err != nil {
		return 0, err
	}
	if *list {
		for _, m := range chosen[:min(*n, len(chosen))] {
			fmt.Printf("%s\n%s", m, m.diff())
		}
		return 0, nil
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	t := &trial{root: root, timeout: *timeout, always: always}
	return t.all(ctx, chosen, *n, os.Stdout)
}

// repository is the root of the checkout.
func repository() (string, error) {
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env: %w", err)
	}
	path := strings.TrimSpace(string(out))
	if path == "" || path == os.DevNull {
		return "", errors.New("not inside the module")
	}
	return filepath.Dir(path), nil
}
