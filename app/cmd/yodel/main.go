// Command yodel runs the reference application.
package main

import (
	"fmt"
	"os"

	"github.com/alecthomas/kong"
)

type commands struct {
	Serve   serveCommand   `cmd:"" help:"Run the application."`
	User    userCommand    `cmd:"" help:"Manage accounts."`
	Probe   probeCommand   `cmd:"" help:"Ask a running application whether it is ready; for health checks."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() {
	var all commands
	parsed := kong.Parse(&all, kong.Name("yodel"), kong.UsageOnError(),
		kong.Description("Yodel opens an app's existing login to WebSockets. This is its reference application."))
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "yodel:", err)
		os.Exit(1)
	}
}
