// Command suites runs every test suite of the repository and ends with how many
// tests each of them ran. It exits with 1 when one of them failed.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// tally is what one suite came to.
type tally struct {
	name                    string
	passed, failed, skipped int
	err                     error // the suite itself did not run to its end
}

func main() {
	suites := []tally{goTests("go", ".", "-race", "./..."), goTests("beside the reference", "e2e/bench", "./...")}
	examples, _ := filepath.Glob("docs/examples/*/go.mod") // the pattern is well-formed
	for _, file := range examples {
		dir := filepath.Dir(file)
		suites = append(suites, goTests("example "+filepath.Base(dir), dir, "./..."))
	}
	suites = append(suites, vitest("front end"), playwright("end to end"))
	if report(suites) {
		os.Exit(1)
	}
}

func report(suites []tally) (failed bool) {
	var all tally
	fmt.Println("\n" + strings.Repeat("-", 60))
	for _, suite := range suites {
		fmt.Printf("%-24s %5d passed %3d failed %3d skipped", suite.name, suite.passed, suite.failed, suite.skipped)
		if suite.err != nil {
			fmt.Printf("  %v", suite.err)
		}
		fmt.Println()
		failed = failed || suite.failed > 0 || suite.err != nil || suite.passed == 0
		all.passed, all.failed, all.skipped = all.passed+suite.passed, all.failed+suite.failed, all.skipped+suite.skipped
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", all.passed, all.failed, all.skipped)
	return failed
}
