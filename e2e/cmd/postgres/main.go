// Command postgres starts a PostgreSQL server for the suites in a browser, and makes
// an empty database for each of them: it answers POST / with the address of a new
// one. With -ask it is the client, and prints that address.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/yodelrt/yodel/e2e/postgres"
)

func main() {
	listen := flag.String("listen", "", "address to listen on")
	ask := flag.String("ask", "", "address of another one to ask for a database")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	run := func() error { return serve(ctx, *listen) }
	if *ask != "" {
		run = func() error { return database(ctx, *ask) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "postgres:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, listen string) (err error) {
	server, err := postgres.Start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, r *http.Request) {
		address, err := server.Database(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, address) // nobody is left to tell
	})
	front := &http.Server{Addr: listen, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- front.ListenAndServe() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return front.Close()
	}
}

// database asks until somebody answers, since both may be started at once.
func database(ctx context.Context, address string) error {
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			defer func() { _ = response.Body.Close() }()
			if response.StatusCode != http.StatusOK {
				return fmt.Errorf("no database: %s", response.Status)
			}
			_, err = io.Copy(os.Stdout, response.Body)
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}
