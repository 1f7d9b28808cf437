// Command yodel runs the reference application.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/yodelrt/yodel/app"
	"github.com/yodelrt/yodel/middleware"
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

// What the process exits with; see docs/deploy.md.
const (
	exitFailed   = 1
	exitSettings = 78 // EX_CONFIG of sysexits.h: another start with the same would fail alike
)

func main() {
	dropEmpty()
	var all commands
	parser := kong.Must(&all, kong.Name("yodel"),
		kong.Description("Yodel opens an app's existing login to WebSockets. This is its reference application."))
	parsed, err := parser.Parse(os.Args[1:])
	if err == nil {
		err = parsed.Run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "yodel:", withHelp(err))
		os.Exit(exitCode(err))
	}
}

// dropEmpty takes settings that the environment leaves empty for ones that are not
// there, as compose files and unit files write them.
func dropEmpty() {
	for _, entry := range os.Environ() {
		if name, value, _ := strings.Cut(entry, "="); value == "" && strings.HasPrefix(name, "YODEL_") {
			_ = os.Unsetenv(name) // fails for no name that the environment holds
		}
	}
}

// withHelp names the help of the command that was mistyped.
func withHelp(err error) error {
	var mistyped *kong.ParseError
	if !errors.As(err, &mistyped) {
		return err
	}
	words := []string{"yodel"}
	if path := mistyped.Context.Command(); path != "" {
		words = append(words, strings.Fields(path)[0])
	}
	return fmt.Errorf("%w; see %s --help", err, strings.Join(words, " "))
}

func exitCode(err error) int {
	var mistyped *kong.ParseError
	if errors.As(err, &mistyped) || errors.Is(err, app.ErrConfig) || errors.Is(err, middleware.ErrConfig) {
		return exitSettings
	}
	return exitFailed
}
