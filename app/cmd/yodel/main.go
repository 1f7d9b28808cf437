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
	Backup  backupCommand  `cmd:"" help:"Write a backup of the SQLite database into a new file; the server may run."`
	Restore restoreCommand `cmd:"" help:"Make a backup the SQLite database; the server must not run."`
	Check   checkCommand   `cmd:"" help:"Say what is wrong with the settings of serve, without starting."`
	Token   tokenCommand   `cmd:"" help:"Print an access token of a user, good for five minutes; for tests and curl."`
	Ticket  ticketCommand  `cmd:"" help:"Print a ticket of a user, which opens one socket of the running application."`
	Probe   probeCommand   `cmd:"" help:"Ask a running application whether it is ready; for health checks."`
	Gen     genCommand     `cmd:"" help:"Write the contract down: TypeScript, OpenAPI and AsyncAPI, from the Go types."`
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
