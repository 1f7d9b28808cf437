// Command threats prints which lines of docs/threats.md have a test named
// after them, which are open although their part is built, and which wait for
// a part that does not exist yet. It exits with 1 when a case is open.
package main

import (
	"fmt"
	"os"

	"github.com/yodelrt/yodel/e2e/house"
)

func main() {
	threats, err := house.ReadThreats(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "threats:", err)
		os.Exit(2)
	}
	fmt.Printf("%d cases, %d with a test of their name\n", len(threats.All), len(threats.All)-len(threats.Open())-len(threats.Waiting()))
	list("open: the part is built and no test is named after them", threats.Open())
	list("waiting for a part that is not built yet", threats.Waiting())
	if len(threats.Open()) > 0 {
		os.Exit(1)
	}
}

func list(title string, cases []house.Threat) {
	fmt.Printf("\n%d %s\n", len(cases), title)
	for _, c := range cases {
		fmt.Printf("  %s  %-9s  %s -> %s\n", c.ID, c.Part, c.Case, c.Owed)
	}
}
