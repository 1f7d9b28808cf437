package enginetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/yodelrt/yodel/realtime/engine"
)

func enter(t *testing.T, tested engine.Engine, channel, client, user string) {
	t.Helper()
	if err := tested.Presence.Enter(t.Context(), channel, client, engine.ClientInfo{User: user, Client: client}); err != nil {
		t.Fatalf("enter: %v", err)
	}
}

func leave(t *testing.T, tested engine.Engine, channel, client string) {
	t.Helper()
	if err := tested.Presence.Leave(t.Context(), channel, client); err != nil {
		t.Fatalf("leave: %v", err)
	}
}

func present(t *testing.T, tested engine.Engine) {
	enter(t, tested, "a", "1", "alice")
	enter(t, tested, "a", "2", "alice")
	leave(t, tested, "a", "1")
	leave(t, tested, "nowhere", "1") // where one never was
	there, err := tested.Presence.Present(t.Context(), "a", -1)
	if err != nil || len(there) != 1 || there["2"].User != "alice" {
		t.Errorf("present: got %+v, %v", there, err)
	}
	if elsewhere, err := tested.Presence.Present(t.Context(), "b", 0); err != nil || len(elsewhere) != 0 {
		t.Errorf("elsewhere: got %+v, %v", elsewhere, err)
	}
}

// presentChanged: who enters again is there once, as it says of itself now.
func presentChanged(t *testing.T, tested engine.Engine) {
	for _, info := range []engine.ClientInfo{
		{User: "alice", Client: "1", Conn: []byte(`1`)}, {User: "alice", Client: "1", Conn: []byte(`2`), Channel: []byte(`3`)}, {User: "alice", Client: "1"},
	} {
		if err := tested.Presence.Enter(t.Context(), "a", "1", info); err != nil {
			t.Fatalf("enter: %v", err)
		}
		there, err := tested.Presence.Present(t.Context(), "a", 1)
		if got := there["1"]; err != nil || len(there) != 1 || string(got.Conn) != string(info.Conn) || string(got.Channel) != string(info.Channel) {
			t.Errorf("present: got %+v, %v, want %+v alone", there, err, info)
		}
	}
}

func presentBounded(t *testing.T, tested engine.Engine) {
	for i := range 5 {
		enter(t, tested, "a", fmt.Sprint(i), "alice")
	}
	if there, err := tested.Presence.Present(t.Context(), "a", 5); err != nil || len(there) != 5 {
		t.Errorf("5 of at most 5: got %d, %v", len(there), err)
	}
	for _, limit := range []int{4, 0} {
		if there, err := tested.Presence.Present(t.Context(), "a", limit); !errors.Is(err, engine.ErrTooManyPresent) || len(there) != 0 {
			t.Errorf("5 of at most %d: got %d, %v, want %v", limit, len(there), err, engine.ErrTooManyPresent)
		}
	}
}

func presentCounted(t *testing.T, tested engine.Engine) {
	want := func(step string, clients, users int) {
		t.Helper()
		got, err := tested.Presence.Stats(t.Context(), "a")
		if err != nil || got != (engine.PresenceStats{Clients: clients, Users: users}) {
			t.Errorf("%s: got %+v, %v, want %d clients and %d users", step, got, err, clients, users)
		}
	}
	want("nobody", 0, 0)
	enter(t, tested, "a", "1", "alice")
	enter(t, tested, "a", "2", "alice")
	enter(t, tested, "a", "3", "bob")
	want("three of two", 3, 2)
	enter(t, tested, "a", "3", "bob")
	want("one entered again", 3, 2)
	enter(t, tested, "a", "3", "carol")
	want("one is another now", 3, 2)
	enter(t, tested, "b", "4", "dave")
	want("one elsewhere", 3, 2)
	leave(t, tested, "a", "1")
	leave(t, tested, "a", "1")
	want("one of two left, twice", 2, 2)
	leave(t, tested, "a", "2")
	want("the other one left", 1, 1)
	leave(t, tested, "a", "3")
	want("all left", 0, 0)
}
