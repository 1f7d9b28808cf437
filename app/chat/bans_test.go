package chat_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

// TestH327_a_ban_lasts: who is banned from a public room stays out by every way,
// until somebody lifts it, and the audit log says who did what.
func TestH327_a_ban_lasts(t *testing.T) {
	onEach(t, func(w *world) {
		ctx, id := t.Context(), w.id
		room := w.room("alice", wire.Public, "square", "bob", "mod")
		ref, bob := wire.RoomRef{RoomID: room}, wire.RoomPerson{RoomID: room, UserID: id["bob"]}
		w.say("bob", room, "words of bob")
		_, err := w.Ban(ctx, id["bob"], wire.RoomPerson{RoomID: room, Username: "alice"})
		w.wants("a member bans", err, refusal.Forbidden)
		_, err = w.Ban(ctx, id["alice"], wire.RoomPerson{RoomID: room, Username: "mod"})
		w.wants("a moderator of the chat is banned", err, refusal.Forbidden)
		_, err = w.Ban(ctx, id["mod"], wire.RoomPerson{RoomID: room, Username: "alice"})
		w.wants("a moderator bans the owner", err, refusal.Forbidden)
		w.drain()
		must[wire.Nothing](w)(w.Ban(ctx, id["alice"], bob))
		must[wire.Nothing](w)(w.Ban(ctx, id["alice"], bob))
		told := w.drain()
		if len(told) != 3 || told[0].action != "rejudge" || told[0].target != id["bob"] || told[1].kind != "member.left" || told[2].kind != "room.removed" {
			t.Errorf("told: got %+v", told)
		}
		_, err = w.JoinRoom(ctx, id["bob"], ref)
		w.wants("join", err, refusal.Forbidden)
		_, err = w.Invite(ctx, id["alice"], bob)
		w.wants("invite", err, refusal.Forbidden)
		_, err = w.Banned(ctx, id["bob"], wire.MembersQuery{RoomID: room})
		w.wants("the list, for who is banned", err, refusal.Forbidden)
		if got := must[wire.KeptPeople](w)(w.Banned(ctx, id["alice"], wire.MembersQuery{RoomID: room})).People; len(got) != 1 || got[0].Person.ID != id["bob"] || got[0].By != id["alice"] {
			t.Errorf("banned: got %+v", got)
		}
		must[wire.Kept](w)(w.Invite(ctx, id["alice"], wire.RoomPerson{RoomID: room, Username: "carol"}))
		must[wire.Nothing](w)(w.Ban(ctx, id["mod"], wire.RoomPerson{RoomID: room, Username: "carol"})) // who was never in
		_, err = w.Accept(ctx, id["carol"], ref)
		w.wants("accept", err, refusal.NoRoom)
		must[wire.Nothing](w)(w.Unban(ctx, id["mod"], bob))
		must[wire.MyRoom](w)(w.JoinRoom(ctx, id["bob"], ref))
		private := w.room("alice", wire.Private, "club", "bob")
		_, err = w.Ban(ctx, id["alice"], wire.RoomPerson{RoomID: private, UserID: id["bob"]})
		w.wants("a private room", err, refusal.Invalid)

		entries, err := w.store.AuditPage(ctx, audit.Page{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, e := range slices.Backward(entries) {
			got = append(got, strings.Join([]string{e.Actor, e.Action, e.Target, e.Detail}, " "))
		}
		want := []string{"alice room.banned bob " + room, "mod room.banned carol " + room, "mod room.unbanned bob " + room}
		if !slices.Equal(got, want) {
			t.Errorf("audit: got %v, want %v", got, want)
		}
	})
}

// TestUpdatesAreConditional: what was read and has changed since is not written
// back.
func TestUpdatesAreConditional(t *testing.T) {
	onEach(t, func(w *world) {
		room := w.room("alice", wire.Public, "square")
		said := w.say("alice", room, "hello")
		deleted := must[wire.Message](w)(w.Delete(t.Context(), w.id["alice"], wire.MessageRef{MessageID: said.ID}))
		stale := func(work func(ctx context.Context, tx chat.Tx) error) error {
			return w.store.Chat().Change(t.Context(), func(tx chat.Tx) error { return work(t.Context(), tx) })
		}
		later := said
		later.Rev = deleted.Rev + 1
		for name, work := range map[string]func(ctx context.Context, tx chat.Tx) error{
			"edit what was deleted":  func(ctx context.Context, tx chat.Tx) error { return tx.EditMessage(ctx, later) },
			"touch what was deleted": func(ctx context.Context, tx chat.Tx) error { return tx.TouchMessage(ctx, later) },
			"count from an old seq": func(ctx context.Context, tx chat.Tx) error {
				return tx.AdvanceRoom(ctx, wire.Room{ID: room, Seq: 3, Messages: 7}, 2)
			},
			"take out who is not in": func(ctx context.Context, tx chat.Tx) error { return tx.DeleteSeat(ctx, room, w.id["bob"]) },
		} {
			if err := stale(work); err != chat.ErrNone {
				t.Errorf("%s: got %v, want ErrNone", name, err)
			}
		}
	})
}
