// Command fuzz runs every fuzz target of the repository, one after the other,
// and exits with 1 at the first finding.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

func main() {
	each := flag.Duration("time", time.Minute, "how long each target runs")
	flag.Parse()
	targets, err := list()
	if err != nil {
		fmt.Fprintln(os.Stderr, "list the fuzz targets:", err)
		os.Exit(1)
	}
	for _, target := range targets {
		fmt.Printf("%s %s\n", target.dir, target.name)
		if err := target.run(*each); err != nil {
			fmt.Fprintln(os.Stderr, target.name, "found something:", err)
			os.Exit(1)
		}
	}
	fmt.Printf("%d fuzz targets, %s each, no finding\n", len(targets), *each)
}

type target struct{ dir, name string }

// list asks the packages for their targets.
func list() ([]target, error) {
	packages, err := output("go", "list", "-f", "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}", "./...")
	if err != nil {
		return nil, err
	}
	var found []target
	for dir := range strings.FieldsSeq(packages) {
		names, err := output("go", "test", "-list", "^Fuzz", dir)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(names) {
			if name := strings.TrimSpace(line); strings.HasPrefix(name, "Fuzz") {
				found = append(found, target{dir, name})
			}
		}
	}
	return found, nil
}

func (t target) run(each time.Duration) error {
	cmd := exec.Command("go", "test", "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", each.String(), t.dir)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

func output(name string, args ...string) (string, error) {
	var out bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	err := cmd.Run()
	return out.String(), err
}
