package main

import (
	"fmt"
	"runtime/debug"
)

// version is set by release builds with -ldflags.
var version = ""

type versionCommand struct{}

// Run prints the version and the Go that built it.
func (versionCommand) Run() error {
	built, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("this binary has no build information")
	}
	name := version
	if name == "" {
		name = built.Main.Version
	}
	fmt.Println("yodel", name, built.GoVersion)
	return nil
}
