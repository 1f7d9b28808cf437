package prom

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/yodelrt/yodel/realtime/observe"
)

// Histograms show how long a hub's commands and connections take, and how many
// subscribers publications have. Register them, and give [Histograms.Observer] to
// the hub. Labels are of the application's making: kinds of commands, methods that
// have a handler, patterns of channels, and codes.
type Histograms struct {
	commands    *prometheus.HistogramVec
	connections *prometheus.HistogramVec
	receivers   *prometheus.HistogramVec
}

// NewHistograms returns histograms to register. namespace stands in front of every
// name, as with [New].
func NewHistograms(namespace string) *Histograms {
	histogram := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Subsystem: "realtime", Name: name, Help: help, Buckets: buckets}, labels)
	}
	return &Histograms{
		commands: histogram("command_seconds", "How long commands took, by kind, method of an rpc, and code; 0 is success.",
			[]float64{.0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5}, "command", "call", "code"),
		connections: histogram("connection_seconds", "How long sockets stood, by close code.",
			[]float64{1, 10, 60, 600, 3600, 14_400, 86_400}, "code"),
		receivers: histogram("publication_receivers", "How many subscribers publications were handed to, by pattern.",
			[]float64{0, 1, 10, 100, 1000, 10_000}, "pattern"),
	}
}

// Observer is for [realtime.Config].Observers.
func (h *Histograms) Observer() observe.Observer {
	return observe.Observer{
		Closed: func(end observe.ConnectionEnd) {
			h.connections.WithLabelValues(observe.CodeLabel(end.Code)).Observe(end.Lasted.Seconds())
		},
		Command: func(ctx context.Context, command observe.Command) (context.Context, func(uint32)) {
			began := time.Now()
			return ctx, func(code uint32) {
				h.commands.WithLabelValues(command.Kind, command.Call, strconv.Itoa(int(code))).Observe(time.Since(began).Seconds())
			}
		},
		Published: func(p observe.PublicationSent) {
			h.receivers.WithLabelValues(p.Pattern).Observe(float64(p.Receivers))
		},
	}
}

// Describe implements prometheus.Collector.
func (h *Histograms) Describe(to chan<- *prometheus.Desc) {
	for _, each := range []*prometheus.HistogramVec{h.commands, h.connections, h.receivers} {
		each.Describe(to)
	}
}

// Collect implements prometheus.Collector.
func (h *Histograms) Collect(to chan<- prometheus.Metric) {
	for _, each := range []*prometheus.HistogramVec{h.commands, h.connections, h.receivers} {
		each.Collect(to)
	}
}
