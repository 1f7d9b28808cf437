package otelrt_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"

	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/observe"
	"github.com/yodelrt/yodel/realtime/otelrt"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

const secret = "eyJhbGciOi-a-token"

// talk runs a conversation on a hub that is observed, and returns what an
// exporter has got of it.
func talk(t *testing.T) (tracetest.SpanStubs, metricdata.ResourceMetrics) {
	t.Helper()
	spans, reader := tracetest.NewInMemoryExporter(), sdkmetric.NewManualReader()
	traces := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	observer, err := otelrt.New(traces, sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader)))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan realtime.Close, 1)
	hub, err := realtime.New(realtime.Config{
		Principal: realtimetest.Principal, Engine: memory.New(), Observers: []observe.Observer{observer},
		Disconnect: func(_ *realtime.Conn, reason realtime.Close) { ended <- reason },
		Logger:     slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := hub.Channel("room:{id}", realtime.ChannelOptions{}, realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowPublish(realtime.AllowAll)); err != nil {
		t.Fatal(err)
	}
	realtime.RPC(hub, "greet", func(ctx context.Context, _ *realtime.Conn, _ any) (string, error) {
		_, inner := traces.Tracer("app").Start(ctx, "inside")
		inner.End()
		return "hello", nil
	})
	alice := realtimetest.Serve(t, hub).Connect(realtime.Principal{UserID: "alice", TokenID: secret, SessionID: secret, Carrier: "cookie"})
	alice.Subscribe("room:private-name")
	alice.Command(`"publish":{"channel":"room:private-name","data":"text"}`)
	alice.Call("greet", nil)
	alice.Call(secret, nil)
	alice.Cut()
	<-ended
	var metrics metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &metrics); err != nil {
		t.Fatal(err)
	}
	return spans.GetSpans(), metrics
}

func TestSpans(t *testing.T) {
	spans, _ := talk(t)
	var names []string
	var greet, inside tracetest.SpanStub
	for _, span := range spans {
		names = append(names, span.Name)
		switch span.Name {
		case "rpc greet":
			greet = span
		case "inside":
			inside = span
		}
	}
	if want := []string{"connect", "subscribe", "publish", "inside", "rpc greet", "rpc"}; !slices.Equal(names, want) {
		t.Errorf("spans: got %q, want %q", names, want)
	}
	if inside.Parent.SpanID() != greet.SpanContext.SpanID() {
		t.Error("a span of the handler's is not within that of its command")
	}
	if greet.SpanKind != trace.SpanKindServer || greet.Parent.IsValid() {
		t.Errorf("the span of a command: kind %s, parent %v", greet.SpanKind, greet.Parent)
	}
}

func TestMetrics(t *testing.T) {
	_, metrics := talk(t)
	got := map[string]int64{}
	for _, scope := range metrics.ScopeMetrics {
		for _, m := range scope.Metrics {
			switch data := m.Data.(type) {
			case metricdata.Sum[int64]:
				for _, point := range data.DataPoints {
					got[m.Name] += point.Value
				}
			case metricdata.Histogram[float64]:
				for _, point := range data.DataPoints {
					got[m.Name] += int64(point.Count)
				}
			}
		}
	}
	for name, want := range map[string]int64{"realtime.connections": 0, "realtime.connection.duration": 1, "realtime.command.duration": 5, "realtime.publications": 1, "realtime.publications.handed": 1} {
		if n, known := got[name]; !known || n != want {
			t.Errorf("%s: got %d, want %d", name, n, want)
		}
	}
}

// TestObserver_NoSecrets: neither a token nor a name that a client has chosen.
func TestObserver_NoSecrets(t *testing.T) {
	spans, metrics := talk(t)
	all := fmt.Sprintf("%+v %+v", spans, metrics)
	for _, word := range []string{secret, "private-name", "alice"} {
		if strings.Contains(all, word) {
			t.Errorf("what was exported contains %q", word)
		}
	}
	if !strings.Contains(all, "room:{id}") || !strings.Contains(all, "cookie") {
		t.Error("what was exported lacks the pattern or the carrier; the test proves nothing")
	}
}
