// Package otelrt shows what a hub does to OpenTelemetry: a span for each command
// and metrics for connections, commands, publications and limits. It uses the API
// alone; which SDK and exporter listens is the application's choice.
//
//	observer, err := otelrt.New(otel.GetTracerProvider(), otel.GetMeterProvider())
//	hub, err := realtime.New(realtime.Config{Observers: []realtime.Observer{observer}, …})
//
// No attribute comes from a client: no token, no channel name, no user. Channels
// are named by their patterns, calls by the methods that have a handler, and close
// codes that no hub sends are "other".
package otelrt

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/yodelrt/yodel/realtime/observe"
)

const scope = "github.com/yodelrt/yodel/realtime/otelrt"

// instruments are where an observer writes.
type instruments struct {
	tracer    trace.Tracer
	open      metric.Int64UpDownCounter
	lasted    metric.Float64Histogram
	commands  metric.Float64Histogram
	published metric.Int64Counter
	handed    metric.Int64Counter
	refused   metric.Int64Counter
}

// New returns an observer for [realtime.Config].Observers. It fails when the meter
// provider refuses an instrument. Durations are in seconds, as OpenTelemetry's
// conventions have it.
func New(traces trace.TracerProvider, metrics metric.MeterProvider) (observe.Observer, error) {
	i, err := newInstruments(traces.Tracer(scope), metrics.Meter(scope))
	if err != nil {
		return observe.Observer{}, fmt.Errorf("otelrt: %w", err)
	}
	return observe.Observer{Opened: i.hasOpened, Closed: i.hasClosed, Command: i.command, Published: i.hasPublished, Refused: i.hasRefused}, nil
}

func newInstruments(tracer trace.Tracer, meter metric.Meter) (*instruments, error) {
	i := &instruments{tracer: tracer}
	var failed error
	keep := func(err error) {
		if failed == nil {
			failed = err
		}
	}
	var err error
	i.open, err = meter.Int64UpDownCounter("realtime.connections", metric.WithUnit("{connection}"), metric.WithDescription("Sockets that are open."))
	keep(err)
	i.lasted, err = meter.Float64Histogram("realtime.connection.duration", metric.WithUnit("s"), metric.WithDescription("How long sockets stood, by close code."),
		metric.WithExplicitBucketBoundaries(1, 10, 60, 600, 3600, 14_400, 86_400))
	keep(err)
	i.commands, err = meter.Float64Histogram("realtime.command.duration", metric.WithUnit("s"), metric.WithDescription("How long commands took, by kind and code."),
		metric.WithExplicitBucketBoundaries(0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5))
	keep(err)
	i.published, err = meter.Int64Counter("realtime.publications", metric.WithUnit("{publication}"), metric.WithDescription("Publications to channels that have subscribers here."))
	keep(err)
	i.handed, err = meter.Int64Counter("realtime.publications.handed", metric.WithUnit("{message}"), metric.WithDescription("Publications times the subscribers that they were handed to."))
	keep(err)
	i.refused, err = meter.Int64Counter("realtime.refused", metric.WithUnit("{refusal}"), metric.WithDescription("What limits have refused."))
	keep(err)
	return i, failed
}

func (i *instruments) hasOpened(string) { i.open.Add(context.Background(), 1) }

func (i *instruments) hasClosed(end observe.ConnectionEnd) {
	ctx := context.Background()
	i.open.Add(ctx, -1)
	i.lasted.Record(ctx, end.Lasted.Seconds(), metric.WithAttributes(attribute.String("realtime.code", observe.CodeLabel(end.Code)), attribute.String("realtime.carrier", end.Carrier)))
}

// command gives each command a trace of its own, with a link to the one that the
// upgrade belongs to: a connection lasts for hours, and a span should not.
func (i *instruments) command(ctx context.Context, command observe.Command) (context.Context, func(uint32)) {
	name := command.Kind
	if command.Call != "" {
		name += " " + command.Call
	}
	ctx, span := i.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindServer), trace.WithNewRoot(), trace.WithLinks(trace.LinkFromContext(ctx)))
	began := time.Now()
	return ctx, func(code uint32) {
		what := []attribute.KeyValue{attribute.String("realtime.command", command.Kind), attribute.String("realtime.call", command.Call), attribute.String("realtime.code", strconv.Itoa(int(code)))}
		span.SetAttributes(what...)
		if code != 0 {
			span.SetStatus(codes.Error, "")
		}
		span.End()
		i.commands.Record(ctx, time.Since(began).Seconds(), metric.WithAttributes(what...))
	}
}

func (i *instruments) hasPublished(p observe.PublicationSent) {
	pattern := metric.WithAttributes(attribute.String("realtime.pattern", p.Pattern))
	i.published.Add(context.Background(), 1, pattern)
	i.handed.Add(context.Background(), int64(p.Receivers), pattern)
}

func (i *instruments) hasRefused(limit observe.Limit) {
	i.refused.Add(context.Background(), 1, metric.WithAttributes(attribute.String("realtime.limit", limit.String())))
}
