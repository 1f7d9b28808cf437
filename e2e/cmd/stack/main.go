// Command stack runs the container image for the end-to-end suites, over http
// and over https, until SIGTERM. The containers' logs are written as they come.
//
// With -cluster it runs three replicas behind nginx instead, on NATS and
// PostgreSQL, and an endpoint that breaks them on request: see [stack.Cluster].
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/yodelrt/yodel/e2e/stack"
)

func main() {
	root := flag.String("root", ".", "the repository, with bin/yodel built")
	http := flag.Int("http", 18081, "loopback port for http")
	https := flag.Int("https", 18444, "loopback port for https")
	logs := flag.String("logs", "e2e/logs", "directory for the containers' logs")
	cluster := flag.Int("cluster", 0, "first of six loopback ports for a cluster, in place of the two; 0: none")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	var err error
	if *cluster != 0 {
		err = keepCluster(ctx, stack.ClusterOptions{Root: *root, Port: *cluster, Logs: *logs})
	} else {
		err = run(ctx, *root, *http, *https, *logs)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "stack:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root string, http, https int, logs string) (err error) {
	for name, options := range map[string]stack.Options{
		"container-http.log": {Root: root, Port: http}, "container-https.log": {Root: root, Port: https, TLS: true},
	} {
		file, openErr := logFile(logs, name)
		if openErr != nil {
			return errors.Join(openErr, err)
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		options.Log = file
		started, startErr := stack.Start(ctx, options)
		if startErr != nil {
			return errors.Join(startErr, err)
		}
		defer func() { err = errors.Join(err, started.Close(context.Background())) }()
		fmt.Println("ready", started.URL)
	}
	<-ctx.Done()
	return nil
}

// logFile is where a container's log goes.
func logFile(logs, name string) (*os.File, error) {
	if err := os.MkdirAll(logs, 0o755); err != nil {
		return nil, fmt.Errorf("keep the log: %w", err)
	}
	file, err := os.Create(filepath.Join(logs, name))
	if err != nil {
		return nil, fmt.Errorf("keep the log: %w", err)
	}
	return file, nil
}
