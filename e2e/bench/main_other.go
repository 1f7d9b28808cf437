//go:build !linux

// Command bench compares the hub with its peers. It reads CPU and memory of
// processes from Linux.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "bench: this comparison needs Linux; run it in a container")
	os.Exit(1)
}
