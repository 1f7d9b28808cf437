//go:build linux

package main

import (
	"fmt"
	"os"
	"testing"

	"github.com/yodelrt/yodel/e2e/bench/peers"
)

// TestMain lets the test's own program be the servers, as the command is.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "-serve" {
		fmt.Fprintln(os.Stderr, peers.Serve(os.Args[2]))
		os.Exit(1)
	}
	os.Exit(m.Run())
}
