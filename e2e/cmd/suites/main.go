// Command suites runs every test suite of the repository and ends with what
// failed and how many tests each of them ran. It exits with 1 when one of them failed.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// tally is what one suite came to.
type tally struct {
	name                    string
	passed, failed, skipped int
	failures                []failure
	err                     error // the suite itself did not run to its end
}

func main() {
	engine := engineErr()
	cluster := make(chan []tally, 1)
	go func() { cluster <- inCluster(engine) }()
	suites := []tally{goTests("go", ".", nil, "-race", "./..."), goTests("beside the reference", "e2e/bench", nil, "./...")}
	examples, _ := filepath.Glob("docs/examples/*/go.mod") // the pattern is well-formed
	for _, file := range examples {
		dir := filepath.Dir(file)
		suites = append(suites, goTests("example "+filepath.Base(dir), dir, nil, "./..."))
	}
	suites = append(suites, vitest("front end", "frontend/vite.config.ts"), vitest("clients in Node", "e2e/clients/vitest.config.ts"))
	suites = append(suites, <-cluster...)
	// A browser's suites raise a cluster too, where there is an engine.
	if engine == nil {
		if err := os.Setenv(clusterVariable, clusterTime); err != nil {
			suites = append(suites, tally{name: "environment", err: err})
		}
	}
	suites = append(suites, playwright("end to end"))
	if report(suites) {
		os.Exit(1)
	}
}

// clusterTime is for how long a cluster is broken; test-full takes ten minutes.
const (
	clusterVariable = "YODEL_CLUSTER"
	clusterTime     = "30s"
)

// engineErr is why no container engine answers, nil where one does.
func engineErr() error {
	if err := exec.Command("docker", "version").Run(); err != nil {
		return fmt.Errorf("no container engine answers: %w; e2e/setup.sh starts one", err)
	}
	return nil
}

// inCluster runs the suites that raise a cluster of containers, beside the others:
// they wait most of their time, and what they check must hold on a busy machine.
// Where no engine answers they are left out, but not in CI.
func inCluster(engine error) []tally {
	if engine != nil {
		fmt.Println("The suites of the cluster are left out:", engine)
		if os.Getenv("CI") == "" {
			return nil
		}
		return []tally{{name: "cluster", err: engine}}
	}
	return []tally{goTests("cluster", ".", []string{clusterVariable + "=" + clusterTime}, "-timeout", "15m", "./e2e/chaos")}
}

func report(suites []tally) (failed bool) {
	var all tally
	fmt.Println("\n" + strings.Repeat("-", 60))
	for _, suite := range suites {
		for _, failure := range suite.failures {
			fmt.Printf("failed: %v\n\n", failure)
		}
	}
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
