package stack_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/e2e/stack"
)

// TestTheFaultEndpoint: each fault does what its name says, and goes away again.
func TestTheFaultEndpoint(t *testing.T) {
	if os.Getenv("YODEL_CLUSTER") == "" {
		t.Skip("a cluster of containers takes minutes: make test-full raises it, or YODEL_CLUSTER=1")
	}
	cluster, err := stack.Raise(t.Context(), stack.ClusterOptions{Root: "../..", Nodes: 1, Servers: 1, Disk: 32 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	faults := httptest.NewServer(cluster.Faults())
	t.Cleanup(faults.Close)
	ask := func(what string, want int) {
		t.Helper()
		response, err := http.Post(faults.URL+"/"+what, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.StatusCode != want {
			t.Fatalf("%s: got %d, want %d", what, response.StatusCode, want)
		}
	}
	reached := func(want int) {
		t.Helper()
		response, err := cluster.Client().Get(cluster.URL + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("healthz: got %d, want %d", response.StatusCode, want)
		}
	}
	if members := strings.Join(cluster.Members(), " "); members != "app-1 disks nats-1 nginx postgres toxiproxy" {
		t.Errorf("members: got %s", members)
	}
	reached(http.StatusOK)
	for _, fault := range []struct{ name, undo string }{
		{"kill/app-1", "start/app-1"}, {"stop/app-1", "start/app-1"}, {"cut/nginx/app", "mend"}, {"kill/app-1", "heal"},
	} {
		ask(fault.name, http.StatusNoContent)
		reached(http.StatusBadGateway)
		ask(fault.undo, http.StatusNoContent)
		reached(http.StatusOK)
	}
	for _, fault := range []string{"pause/app-1", "resume/app-1", "fill/nats-1", "free/nats-1", "slow/app/postgres?by=1ms", "silence/app/nats", "heal", "restart/app-1", "roll"} {
		ask(fault, http.StatusNoContent)
	}
	reached(http.StatusOK)
	for what, want := range map[string]int{"kill/nobody": http.StatusNotFound, "cut/app-1/moon": http.StatusNotFound, "slow/app/nats": http.StatusBadRequest, "fill/app-1": http.StatusNotFound} {
		ask(what, want)
	}
}
