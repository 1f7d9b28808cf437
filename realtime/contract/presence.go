package contract

import (
	"errors"
	"fmt"
	"testing"

	"github.com/yodelrt/yodel/realtime"
)

func enter(t *testing.T, engine realtime.Engine, channel, client, user string) {
	t.Helper()
	if err := engine.Presence.Enter(t.Context(), channel, client, realtime.ClientInfo{User: user, Client: client}); err != nil {
		t.Fatalf("enter: %v", err)
	}
}

func leave(t *testing.T, engine realtime.Engine, channel, client string) {
	t.Helper()
	if err := engine.Presence.Leave(t.Context(), channel, client); err != nil {
		t.Fatalf("leave: %v", err)
	}
}

func present(t *testing.T, engine realtime.Engine) {
	enter(t, engine, "a", "1", "alice")
	enter(t, engine, "a", "2", "alice")
	leave(t, engine, "a", "1")
	leave(t, engine, "nowhere", "1") // where one never was
	there, err := engine.Presence.Present(t.Context(), "a", -1)
	if err != nil || len(there) != 1 || there["2"].User != "alice" {
		t.Errorf("present: got %+v, %v", there, err)
	}
	if elsewhere, err := engine.Presence.Present(t.Context(), "b", 0); err != nil || len(elsewhere) != 0 {
		t.Errorf("elsewhere: got %+v, %v", elsewhere, err)
	}
}

func presentBounded(t *testing.T, engine realtime.Engine) {
	for i := range 5 {
		enter(t, engine, "a", fmt.Sprint(i), "alice")
	}
	if there, err := engine.Presence.Present(t.Context(), "a", 5); err != nil || len(there) != 5 {
		t.Errorf("5 of at most 5: got %d, %v", len(there), err)
	}
	for _, limit := range []int{4, 0} {
		if there, err := engine.Presence.Present(t.Context(), "a", limit); !errors.Is(err, realtime.ErrTooManyPresent) || len(there) != 0 {
			t.Errorf("5 of at most %d: got %d, %v, want %v", limit, len(there), err, realtime.ErrTooManyPresent)
		}
	}
}

func presentCounted(t *testing.T, engine realtime.Engine) {
	want := func(step string, clients, users int) {
		t.Helper()
		got, err := engine.Presence.Stats(t.Context(), "a")
		if err != nil || got != (realtime.PresenceStats{Clients: clients, Users: users}) {
			t.Errorf("%s: got %+v, %v, want %d clients and %d users", step, got, err, clients, users)
		}
	}
	want("nobody", 0, 0)
	enter(t, engine, "a", "1", "alice")
	enter(t, engine, "a", "2", "alice")
	enter(t, engine, "a", "3", "bob")
	want("three of two", 3, 2)
	enter(t, engine, "a", "3", "bob")
	want("one entered again", 3, 2)
	enter(t, engine, "a", "3", "carol")
	want("one is another now", 3, 2)
	enter(t, engine, "b", "4", "dave")
	want("one elsewhere", 3, 2)
	leave(t, engine, "a", "1")
	leave(t, engine, "a", "1")
	want("one of two left, twice", 2, 2)
	leave(t, engine, "a", "2")
	want("the other one left", 1, 1)
	leave(t, engine, "a", "3")
	want("all left", 0, 0)
}
