// Command stack runs the container image for the end-to-end suites, over http
// and over https, until SIGTERM; then it leaves the containers' logs behind and
// removes them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/yodelrt/yodel/e2e/stack"
)

func main() {
	root := flag.String("root", ".", "the repository, with bin/yodel built")
	http := flag.Int("http", 18081, "loopback port for http")
	https := flag.Int("https", 18444, "loopback port for https")
	logs := flag.String("logs", "e2e/artifacts", "directory for the containers' logs")
	flag.Parse()
	if err := run(*root, *http, *https, *logs); err != nil {
		fmt.Fprintln(os.Stderr, "stack:", err)
		os.Exit(1)
	}
}

func run(root string, http, https int, logs string) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	for _, options := range []stack.Options{{Root: root, Port: http}, {Root: root, Port: https, TLS: true}} {
		started, startErr := stack.Start(ctx, options)
		if startErr != nil {
			return errors.Join(startErr, err)
		}
		defer func() { err = errors.Join(err, end(started, logs)) }()
		fmt.Println("ready", started.URL)
	}
	<-ctx.Done()
	return nil
}

// end keeps the log of a container and removes it.
func end(c *stack.Container, logs string) error {
	if err := os.MkdirAll(logs, 0o755); err != nil {
		return fmt.Errorf("keep the log: %w", err)
	}
	scheme, _, _ := strings.Cut(c.URL, ":")
	file, err := os.Create(filepath.Join(logs, "container-"+scheme+".log"))
	if err != nil {
		return fmt.Errorf("keep the log: %w", err)
	}
	return errors.Join(c.Close(context.Background(), file), file.Close())
}
