package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/yodelrt/yodel/app/web"
)

// Run listens until ctx ends, then drains: not ready, sockets closed with 3001,
// requests finished, within the drain time. It writes one line with the address
// to out as soon as it listens, see [App.Announcement].
func (a *App) Run(ctx context.Context, out io.Writer) error {
	listener, err := net.Listen("tcp", a.config.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	return a.Serve(ctx, listener, out)
}

// Serve is Run on a listener of the caller's; it closes it.
func (a *App) Serve(ctx context.Context, listener net.Listener, out io.Writer) error {
	server := a.server(a.handler)
	if a.certificate != nil {
		server.TLSConfig = a.certificate.Config()
	}
	admin, err := a.serveAdmin()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer admin()
	served := make(chan error, 1)
	go func() { served <- serve(server, listener) }()
	if _, err := fmt.Fprint(out, a.Announcement()); err != nil {
		a.log.Warn("address not printed", "error", err)
	}
	select {
	case err := <-served:
		return errors.Join(fmt.Errorf("serve: %w", err), a.drain(server))
	case <-ctx.Done():
	}
	return a.drain(server)
}

// Reload reads the certificate again. Where that fails, the one in use stays.
func (a *App) Reload() error {
	if a.certificate == nil {
		return nil
	}
	expires, err := a.certificate.Reload()
	if err == nil {
		a.log.Info("the certificate was read again", "expires", expires)
	}
	return err
}

// server bounds what a client may take: 5 s for headers, 30 s for a whole request,
// and for an answer what [web.Paced] gives.
func (a *App) server(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: web.Paced(handler), ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 120 * time.Second,
		MaxHeaderBytes: 32 << 10, HTTP2: &http.HTTP2Config{WriteByteTimeout: 15 * time.Second},
	}
}

func serve(server *http.Server, listener net.Listener) error {
	if server.TLSConfig != nil {
		return server.ServeTLS(listener, "", "")
	}
	return server.Serve(listener)
}

// requestGrace is how long requests under way may take when the sockets are gone:
// each is short, and what takes longer waits for a client that sleeps.
const requestGrace = 3 * time.Second

// drain ends everything within the drain time. Clients that sleep are cut off, which
// is no failure.
func (a *App) drain(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), a.config.DrainTime)
	defer cancel()
	a.draining.Store(true)
	a.log.Info("draining", "at_most", a.config.DrainTime)
	if err := a.endSockets(ctx); err != nil {
		a.log.Warn("sockets did not end within the drain time and were cut off", "error", err)
	}
	return errors.Join(a.endRequests(ctx, server), a.end())
}

func (a *App) endRequests(ctx context.Context, server *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, requestGrace)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		a.log.Warn("requests did not end in time and were cut off; their clients sent or read too slowly")
		err = server.Close()
	}
	return err
}

// Close ends an application that Run does not run.
func (a *App) Close(ctx context.Context) error {
	a.draining.Store(true)
	return errors.Join(a.endSockets(ctx), a.end())
}

// end stops looking at the store and closes it.
func (a *App) end() error {
	a.stop()
	a.watching.Wait()
	a.engine.close()
	return a.store.Close()
}
