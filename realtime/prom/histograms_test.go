package prom_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/observe"
	"github.com/yodelrt/yodel/realtime/prom"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

func TestHistograms_Hub(t *testing.T) {
	histograms, ended := prom.NewHistograms("yodel"), make(chan realtime.Close, 1)
	hub, err := realtime.New(realtime.Config{
		Principal: realtimetest.Principal, Engine: memory.New(), Observers: []observe.Observer{histograms.Observer()},
		Disconnect: func(_ *realtime.Conn, reason realtime.Close) { ended <- reason },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := hub.Channel("room:{id}", realtime.ChannelOptions{}, realtime.AllowSubscribe(realtime.AllowAll)); err != nil {
		t.Fatal(err)
	}
	alice := realtimetest.Serve(t, hub).Connect(realtime.Principal{UserID: "alice"})
	alice.Subscribe("room:1")
	if _, err := hub.Publish(t.Context(), "room:1", []byte(`1`)); err != nil {
		t.Fatal(err)
	}
	alice.Call("a method of the client's own making", nil)
	alice.Cut()
	<-ended
	if n := testutil.CollectAndCount(histograms, "yodel_realtime_command_seconds"); n != 3 {
		t.Errorf("kinds of commands: got %d, want connect, subscribe, and an rpc with error 104", n)
	}
	all := gathered(t, histograms)
	for _, want := range []string{
		"command_seconds call= code=104 command=rpc 1 ", "connection_seconds code=1006 1 ", "publication_receivers pattern=room:{id} 1 1",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("want %s in\n%s", want, all)
		}
	}
	if strings.Contains(all, "making") {
		t.Error("a client's word is a label")
	}
}

// gathered is what a registry shows: names, labels, counts and sums.
func gathered(t *testing.T, collector prometheus.Collector) string {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(collector)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			all.WriteString(family.GetName())
			for _, label := range metric.GetLabel() {
				fmt.Fprintf(&all, " %s=%s", label.GetName(), label.GetValue())
			}
			fmt.Fprintf(&all, " %d %g\n", metric.GetHistogram().GetSampleCount(), metric.GetHistogram().GetSampleSum())
		}
	}
	return all.String()
}
