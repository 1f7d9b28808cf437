package chat_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

func (w *world) block(by, whom string) {
	w.t.Helper()
	must[wire.Nothing](w)(w.Block(w.t.Context(), w.id[by], wire.PersonRef{UserID: w.id[whom]}))
}

// TestH327_a_block_keeps_away walks every way in which one person reaches another.
func TestH327_a_block_keeps_away(t *testing.T) {
	onEach(t, func(w *world) {
		ctx, id := t.Context(), w.id
		public, private := w.room("bob", wire.Public, "square", "alice"), w.room("bob", wire.Private, "club")
		direct := must[wire.MyRoom](w)(w.DirectRoom(ctx, id["bob"], wire.DirectRoom{UserID: id["alice"]})).ID
		said := w.say("bob", direct, "hello")
		must[wire.Kept](w)(w.Invite(ctx, id["bob"], wire.RoomPerson{RoomID: private, Username: "alice"}))
		w.drain()
		w.block("alice", "bob")
		w.block("alice", "bob")
		if got := fmt.Sprint(kinds(w.drain(), chat.UserChannel(id["alice"]))); got != "[invitation.removed block.changed]" {
			t.Errorf("told: got %s", got)
		}
		send := func(who string) error {
			_, err := w.Send(ctx, id[who], wire.SendMessage{RoomID: direct, Key: uuid.NewString(), Text: "x"})
			return err
		}
		ways := map[string]func() error{
			"write":  func() error { return send("bob") },
			"answer": func() error { return send("alice") },
			"edit": func() error {
				_, err := w.Edit(ctx, id["bob"], wire.EditMessage{MessageID: said.ID, Text: "y"})
				return err
			},
			"react": func() error {
				_, err := w.SetReaction(ctx, id["bob"], wire.SetReaction{MessageID: said.ID, Emoji: "👍", On: true})
				return err
			},
			"type": func() error { _, err := w.Typing(ctx, id["bob"], wire.RoomRef{RoomID: direct}); return err },
			"invite": func() error {
				_, err := w.Invite(ctx, id["bob"], wire.RoomPerson{RoomID: private, Username: "alice"})
				return err
			},
		}
		for name, way := range ways {
			w.wants(name, way(), refusal.Forbidden)
		}
		if m := w.say("bob", public, "hear me @alice"); len(m.Mentions) != 0 {
			t.Errorf("mentions: got %v, want none", m.Mentions)
		}
		if room := must[wire.MyRoom](w)(w.Room(ctx, id["alice"], wire.RoomRef{RoomID: public})); room.Mentions != 0 {
			t.Errorf("mentions that count: got %d, want 0", room.Mentions)
		}
		must[wire.Message](w)(w.Delete(ctx, id["bob"], wire.MessageRef{MessageID: said.ID})) // one's own words can be taken back
		for _, two := range [][2]string{{"carol", "mod"}, {"mod", "carol"}} {
			w.block("carol", "mod")
			_, err := w.DirectRoom(ctx, id[two[0]], wire.DirectRoom{UserID: id[two[1]]})
			w.wants("a direct room", err, refusal.Forbidden)
		}
		if got := must[wire.People](w)(w.BlockedPeople(ctx, id["alice"], wire.Nothing{})); len(got.People) != 1 || got.People[0].ID != id["bob"] {
			t.Errorf("blocked: got %+v, want bob", got)
		}
		must[wire.Nothing](w)(w.Unblock(ctx, id["alice"], wire.PersonRef{UserID: id["bob"]}))
		if err := send("bob"); err != nil {
			t.Errorf("after it: got %v", err)
		}
		_, err := w.Block(ctx, id["alice"], wire.PersonRef{UserID: id["alice"]})
		w.wants("oneself", err, refusal.Invalid)
		_, err = w.Block(ctx, id["alice"], wire.PersonRef{UserID: "'"})
		w.wants("nobody", err, refusal.NoPerson)
	})
}

// TestH327_an_invitation_waits: who is invited is not in, sees what is asked of
// them, and nothing of the room.
func TestH327_an_invitation_waits(t *testing.T) {
	onEach(t, func(w *world) {
		ctx, id := t.Context(), w.id
		room := w.room("alice", wire.Private, "club")
		w.say("alice", room, "before")
		ref := wire.RoomRef{RoomID: room}
		bob := wire.RoomPerson{RoomID: room, UserID: id["bob"]}
		first := must[wire.Kept](w)(w.Invite(ctx, id["alice"], bob))
		if again := must[wire.Kept](w)(w.Invite(ctx, id["alice"], bob)); again != first {
			t.Errorf("again: got %+v, want %+v", again, first)
		}
		if got := must[wire.RoomInvitations](w)(w.Invitations(ctx, id["bob"], wire.Nothing{})).Invitations; len(got) != 1 || got[0].Name != "club" || got[0].By.ID != id["alice"] {
			t.Errorf("invitations: got %+v", got)
		}
		_, err := w.History(ctx, id["bob"], wire.HistoryQuery{RoomID: room})
		w.wants("read before it", err, refusal.NoRoom)
		w.wants("follow before it", w.MayFollow(ctx, id["bob"], room), refusal.NoRoom)
		if got := must[wire.KeptPeople](w)(w.Invited(ctx, id["alice"], wire.MembersQuery{RoomID: room})).People; len(got) != 1 || got[0].Person.ID != id["bob"] {
			t.Errorf("invited: got %+v", got)
		}
		must[wire.Nothing](w)(w.Decline(ctx, id["bob"], ref))
		_, err = w.Accept(ctx, id["bob"], ref)
		w.wants("accept what was declined", err, refusal.NoRoom)
		_, of := w.Accept(ctx, id["bob"], wire.RoomRef{RoomID: uuid.NewString()})
		if err == nil || of == nil || err.Error() != of.Error() {
			t.Errorf("a room that does not exist: got %v, want %v", of, err)
		}
		ends := map[string]func(){
			"taken back": func() { must[wire.Nothing](w)(w.Uninvite(ctx, id["alice"], bob)) },
			"the inviter is no moderator any more": func() {
				must[wire.Nothing](w)(w.SetRoomRole(ctx, id["admin"], wire.SetRoomRole{RoomID: room, UserID: id["alice"], Role: wire.RoomMember}))
			},
		}
		w.brings("alice", room, "admin")
		must[wire.Nothing](w)(w.SetRoomRole(ctx, id["alice"], wire.SetRoomRole{RoomID: room, UserID: id["admin"], Role: wire.RoomOwner}))
		for _, name := range []string{"taken back", "the inviter is no moderator any more"} {
			must[wire.Kept](w)(w.Invite(ctx, id["alice"], bob))
			ends[name]()
			_, err := w.Accept(ctx, id["bob"], ref)
			w.wants(name, err, refusal.NoRoom)
		}
		must[wire.Nothing](w)(w.Decline(ctx, id["bob"], ref))
		must[wire.Kept](w)(w.Invite(ctx, id["admin"], bob))
		w.disable("admin", true)
		_, err = w.Accept(ctx, id["bob"], ref)
		w.wants("the inviter can't sign in any more", err, refusal.NoRoom)
		w.disable("admin", false)
		must[wire.MyRoom](w)(w.Accept(ctx, id["bob"], ref))
		if got := must[wire.RoomInvitations](w)(w.Invitations(ctx, id["bob"], wire.Nothing{})).Invitations; len(got) != 0 {
			t.Errorf("after it: got %+v, want none", got)
		}
		_, err = w.Invite(ctx, id["admin"], bob)
		w.wants("a member", err, refusal.Taken)
	})
}

func (w *world) disable(name string, disabled bool) {
	w.t.Helper()
	if _, err := w.store.ChangeAccount(w.t.Context(), w.id[name], account.Change{Disabled: &disabled}); err != nil {
		w.t.Fatal(err)
	}
}

// TestH327_what_ends_an_invitation: whoever is gone asks nobody in, and nobody is
// asked into what has ended.
func TestH327_what_ends_an_invitation(t *testing.T) {
	onEach(t, func(w *world) {
		ctx, id := t.Context(), w.id
		room := w.room("alice", wire.Public, "square", "bob")
		ref, carol := wire.RoomRef{RoomID: room}, wire.RoomPerson{RoomID: room, UserID: id["carol"]}
		invited := func() int {
			return len(must[wire.KeptPeople](w)(w.Invited(ctx, id["alice"], wire.MembersQuery{RoomID: room})).People)
		}
		must[wire.Kept](w)(w.Invite(ctx, id["alice"], carol))
		must[wire.Nothing](w)(w.Uninvite(ctx, id["bob"], carol)) // a member, and not his
		if got := invited(); got != 1 {
			t.Errorf("another member takes it back: got %d, want the one to stay", got)
		}
		must[wire.Nothing](w)(w.Decline(ctx, id["carol"], ref))
		for name, end := range map[string]func(){
			"the inviter leaves":  func() { must[wire.Nothing](w)(w.LeaveRoom(ctx, id["bob"], ref)) },
			"it joins by itself":  func() { must[wire.MyRoom](w)(w.JoinRoom(ctx, id["carol"], ref)) },
			"a moderator ends it": func() { must[wire.Nothing](w)(w.Uninvite(ctx, id["alice"], carol)) },
		} {
			must[wire.MyRoom](w)(w.JoinRoom(ctx, id["bob"], ref))
			must[wire.Kept](w)(w.Invite(ctx, id["bob"], carol))
			w.drain()
			end()
			if got := kinds(w.drain(), chat.UserChannel(id["carol"])); !slices.Contains(got, "invitation.removed") {
				t.Errorf("%s: carol was told %v, want invitation.removed", name, got)
			}
			if got := invited(); got != 0 {
				t.Errorf("%s: got %d invitations, want none", name, got)
			}
			_, _ = w.LeaveRoom(ctx, id["carol"], ref)
		}
		must[wire.Kept](w)(w.Invite(ctx, id["alice"], carol))
		w.drain()
		must[wire.MyRoom](w)(w.ArchiveRoom(ctx, id["alice"], ref))
		if got := kinds(w.drain(), chat.UserChannel(id["carol"])); !slices.Contains(got, "invitation.removed") {
			t.Errorf("archived: carol was told %v, want invitation.removed", got)
		}
	})
}

// TestH327_caps_count_against_who_acts: whatever one person opens for another, the
// other may still join, create and be written to.
func TestH327_caps_count_against_who_acts(t *testing.T) {
	onEach(t, func(w *world) {
		ctx, id := t.Context(), w.id
		stranger := func(i int) string {
			name := fmt.Sprintf("stranger%d", i)
			made := account.Account{ID: uuid.NewString(), Username: name, Name: name, Role: account.Member, PasswordHash: "hash", Epoch: 1}
			if err := w.store.InsertAccount(ctx, made); err != nil {
				t.Fatal(err)
			}
			return made.ID
		}
		for i := range 201 {
			must[wire.MyRoom](w)(w.DirectRoom(ctx, stranger(i), wire.DirectRoom{UserID: id["alice"]}))
		}
		square := w.room("bob", wire.Public, "square")
		if _, err := w.JoinRoom(ctx, id["alice"], wire.RoomRef{RoomID: square}); err != nil {
			t.Errorf("join: got %v", err)
		}
		if _, err := w.DirectRoom(ctx, id["bob"], wire.DirectRoom{UserID: id["alice"]}); err != nil {
			t.Errorf("be written to: got %v", err)
		}

		rooms := []string{}
		for i := range 10 {
			rooms = append(rooms, w.room("carol", wire.Private, fmt.Sprint("room ", i)))
		}
		invite := func(room, guest string) error {
			_, err := w.Invite(ctx, id["carol"], wire.RoomPerson{RoomID: room, UserID: guest})
			return err
		}
		for i, room := range rooms[:6] {
			if err := invite(room, id["bob"]); i < 5 && err != nil {
				t.Fatal(err)
			} else if i == 5 {
				w.wants("the sixth to one person", err, refusal.Full)
			}
		}
		if err := invite(rooms[0], id["bob"]); err != nil {
			t.Errorf("one that stands already: got %v", err)
		}
		must[wire.Nothing](w)(w.Decline(ctx, id["bob"], wire.RoomRef{RoomID: rooms[0]}))
		if err := invite(rooms[5], id["bob"]); err != nil {
			t.Errorf("after an answer: got %v", err)
		}
		for i := range 45 {
			if err := invite(rooms[i%10], strangerOf(w, i)); err != nil {
				t.Fatal(err)
			}
		}
		w.wants("the fifty-first", invite(rooms[9], id["mod"]), refusal.Full)
	})
}

func strangerOf(w *world, i int) string {
	w.t.Helper()
	return must[wire.Person](w)(w.Person(w.t.Context(), w.id["admin"], wire.PersonQuery{Username: fmt.Sprintf("stranger%d", i)})).ID
}

// TestH327_one_is_in_200_rooms_by_ones_own_choice holds the cap itself.
func TestH327_one_is_in_200_rooms_by_ones_own_choice(t *testing.T) {
	onEach(t, func(w *world) {
		ctx, id := t.Context(), w.id
		err := w.store.Chat().Change(ctx, func(tx chat.Tx) error {
			for range 200 {
				room := wire.Room{ID: uuid.NewString(), Kind: wire.Private, Name: "one of many", CreatedBy: id["bob"]}
				if _, err := tx.InsertRoom(ctx, room, chat.NameKey{}, ""); err != nil {
					return err
				}
				if err := tx.InsertSeat(ctx, room.ID, id["alice"], chat.Seat{Role: wire.RoomMember, Own: true}, room.CreatedAt); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		square := w.room("bob", wire.Public, "square")
		_, err = w.JoinRoom(ctx, id["alice"], wire.RoomRef{RoomID: square})
		w.wants("join", err, refusal.Full)
		_, err = w.DirectRoom(ctx, id["alice"], wire.DirectRoom{UserID: id["bob"]})
		w.wants("open a direct room", err, refusal.Full)
		if _, err = w.DirectRoom(ctx, id["bob"], wire.DirectRoom{UserID: id["alice"]}); err != nil {
			t.Errorf("be written to: got %v", err)
		}
	})
}
