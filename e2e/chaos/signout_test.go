package chaos_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/yodelrt/yodel/e2e/chaos"
)

// TestH078_one_ticket_raced_on_all_nodes: of all who redeem it at the same time,
// on whichever node, one gets in.
func TestH078_one_ticket_raced_on_all_nodes(t *testing.T) {
	c := cluster(t)
	alice := signIn(t, c.Nodes[0], "alice")
	for round := range 5 {
		ticket, err := alice.Ticket(t.Context(), c.Nodes[round%len(c.Nodes)])
		if err != nil {
			t.Fatal(err)
		}
		answers := make(chan int)
		const each = 10
		for i := range each * len(c.Nodes) {
			go func() { answers <- alice.Redeem(context.WithoutCancel(t.Context()), c.Nodes[i%len(c.Nodes)], ticket) }()
		}
		counts := map[int]int{}
		for range each * len(c.Nodes) {
			counts[<-answers]++
		}
		if counts[http.StatusSwitchingProtocols] != 1 || counts[http.StatusUnauthorized] != each*len(c.Nodes)-1 {
			t.Errorf("round %d: got %v, want one 101 and 401 for all others", round, counts)
		}
	}
}

// TestH128_a_sign_out_on_one_node: it ends the device's sockets on all nodes
// within a second, and the device gets in nowhere, nor after a restart.
func TestH128_a_sign_out_on_one_node(t *testing.T) {
	c := cluster(t)
	alice := signIn(t, c.Nodes[0], "alice")
	ends := make(chan chaos.End, len(c.Nodes))
	for _, address := range c.Nodes {
		connected(t, alice, address, ends)
	}
	if err := alice.SignOut(t.Context(), c.Nodes[0]); err != nil {
		t.Fatal(err)
	}
	answered := time.Now()
	for range c.Nodes {
		end := next(t, ends, 30*time.Second)
		if end.Code != 3503 {
			t.Errorf("ended with %d: %v, want 3503", end.Code, end.Err)
		}
		if late := end.At.Sub(answered); late > time.Second {
			t.Errorf("a socket ended %s after the sign-out was answered, want a second at most", late)
		}
	}
	staysOut(t, alice)
	if err := c.Roll(t.Context()); err != nil {
		t.Fatal(err)
	}
	staysOut(t, alice)
}

// cutOff is realtime.Config.CutOff.EndAfter, over which docs/cluster.md says a
// node that reaches nothing keeps its sockets, and sendAway how long it may take
// to end them.
const (
	cutOff   = 30 * time.Second
	sendAway = 5 * time.Second
)

// TestH129_a_sign_out_during_a_partition: a node that reaches neither NATS nor
// the database hears nothing of it, refuses new sockets and ends its own within
// the bound.
func TestH129_a_sign_out_during_a_partition(t *testing.T) {
	c := cluster(t)
	bob := signIn(t, c.Nodes[0], "bob")
	ends := make(chan chaos.End, 1)
	connected(t, bob, c.Nodes[1], ends)
	for _, kind := range []string{"nats", "postgres"} {
		if err := c.Silence(t.Context(), "app-2", kind); err != nil {
			t.Fatal(err)
		}
	}
	cut := time.Now()
	if err := bob.SignOut(t.Context(), c.Nodes[0]); err != nil {
		t.Fatal(err)
	}
	end := next(t, ends, 2*cutOff)
	took := end.At.Sub(cut)
	t.Logf("ended with %d after %s", end.Code, took.Round(time.Millisecond))
	if end.Code != 3011 && end.Code != 3503 {
		t.Errorf("ended with %d: %v, want 3011 or 3503", end.Code, end.Err)
	}
	if took > cutOff+sendAway {
		t.Errorf("ended after %s, want %s at most", took, cutOff+sendAway)
	}
	if status := bob.Connect(t.Context(), c.Nodes[1], nil); status == http.StatusSwitchingProtocols {
		t.Error("a node that reaches nothing let somebody in")
	}
	if err := c.Heal(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	staysOut(t, bob)
	if err := c.Kill(t.Context(), "app-2"); err != nil {
		t.Fatal(err)
	}
	if err := c.Start(t.Context(), "app-2"); err != nil {
		t.Fatal(err)
	}
	staysOut(t, bob)
}

func signIn(t *testing.T, address, name string) *chaos.Device {
	t.Helper()
	device, err := chaos.SignIn(t.Context(), cluster(t), address, name)
	if err != nil {
		t.Fatal(err)
	}
	return device
}

func connected(t *testing.T, device *chaos.Device, address string, ends chan<- chaos.End) {
	t.Helper()
	if status := device.Connect(t.Context(), address, ends); status != http.StatusSwitchingProtocols {
		t.Fatalf("connect: got %d", status)
	}
}

func next(t *testing.T, ends <-chan chaos.End, within time.Duration) chaos.End {
	t.Helper()
	select {
	case end := <-ends:
		return end
	case <-time.After(within):
		t.Fatalf("nothing ended within %s", within)
		return chaos.End{}
	}
}

// staysOut checks that a device that was signed out gets in nowhere.
func staysOut(t *testing.T, device *chaos.Device) {
	t.Helper()
	for i, address := range cluster(t).Nodes {
		if status := device.Connect(t.Context(), address, nil); status != http.StatusUnauthorized {
			t.Errorf("node %d answered %d to a device that was signed out, want 401", i+1, status)
		}
	}
}
