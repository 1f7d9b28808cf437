package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/yodelrt/yodel/realtime/prom"
)

// serveAdmin listens for operators where --admin-addr says so, and returns how
// to stop.
func (a *App) serveAdmin() (stop func(), err error) {
	if a.config.AdminAddr == "" {
		return func() {}, nil
	}
	listener, err := net.Listen("tcp", a.config.AdminAddr)
	if err != nil {
		return nil, fmt.Errorf("listen for operators: %w", err)
	}
	server := a.server(a.adminHandler())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("the listener for operators has ended", "error", err)
		}
	}()
	a.log.Info("listening for operators", "addr", listener.Addr().String())
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close() // a profile was under way
		}
		<-done
	}, nil
}

// adminHandler is what operators see. Nothing of it is on the public listener.
func (a *App) adminHandler() http.Handler {
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(prom.New("yodel", a.hub), a.histograms, chatMetrics{a}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "ok") })
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}
