package chat_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

func TestMakingRooms(t *testing.T) {
	onEach(t, func(w *world) {
		ctx := t.Context()
		made := must[wire.MyRoom](w)(w.CreateRoom(ctx, w.id["alice"], wire.CreateRoom{Kind: wire.Public, Name: "  Big  Talk ", Topic: "'; DROP TABLE rooms; --"}))
		if made.Name != "Big Talk" || made.Role != wire.RoomOwner || made.Members != 1 || made.Seq != 1 || made.Topic != "'; DROP TABLE rooms; --" {
			t.Errorf("made: got %+v", made)
		}
		if got := w.drain(); len(got) != 2 || got[0].kind != "member.joined" || got[1].kind != "room.added" || got[1].target != chat.UserChannel(w.id["alice"]) {
			t.Errorf("told: got %+v", got)
		}
		_, err := w.CreateRoom(ctx, w.id["bob"], wire.CreateRoom{Kind: wire.Public, Name: "big talk"})
		w.wants("the same name", err, refusal.Taken)
		for _, bad := range []wire.CreateRoom{
			{Kind: "direct", Name: "x"}, {Kind: "", Name: "x"}, {Kind: wire.Public}, {Kind: wire.Public, Name: strings.Repeat("é", 81)},
			{Kind: wire.Public, Name: "a\x00b"}, {Kind: wire.Public, Name: "two\nlines"}, {Kind: wire.Public, Name: "evil\u202etxt"},
			{Kind: wire.Private, Name: "x", Topic: strings.Repeat("x", 251)},
		} {
			_, err := w.CreateRoom(ctx, w.id["bob"], bad)
			w.wants("a bad room", err, refusal.Invalid)
		}
		if _, err := w.CreateRoom(ctx, w.id["bob"], wire.CreateRoom{Kind: wire.Public, Name: strings.Repeat("é", 80)}); err != nil {
			t.Errorf("80 characters: %v", err)
		}
		name := "Small talk"
		must[wire.MyRoom](w)(w.UpdateRoom(ctx, w.id["alice"], wire.UpdateRoom{RoomID: made.ID, Name: &name}))
		w.room("bob", wire.Public, "Big talk") // free again
		taken := "BIG TALK"
		_, err = w.UpdateRoom(ctx, w.id["alice"], wire.UpdateRoom{RoomID: made.ID, Name: &taken})
		w.wants("a taken name", err, refusal.Taken)
	})
}

func TestBrowsing(t *testing.T) {
	onEach(t, func(w *world) {
		for _, name := range []string{"Apples", "bananas", "100% sure", "cherries"} {
			w.room("alice", wire.Public, name)
		}
		w.room("alice", wire.Private, "apricots")
		page := must[wire.PublicRooms](w)(w.BrowseRooms(t.Context(), w.id["bob"], wire.BrowseRooms{Limit: 3}))
		if len(page.Rooms) != 3 || page.Rooms[1].Name != "Apples" || page.Rooms[1].Joined || page.Next != "bananas" {
			t.Errorf("first page: got %+v", page)
		}
		page = must[wire.PublicRooms](w)(w.BrowseRooms(t.Context(), w.id["alice"], wire.BrowseRooms{After: page.Next}))
		if len(page.Rooms) != 1 || page.Rooms[0].Name != "cherries" || !page.Rooms[0].Joined || page.Next != "" {
			t.Errorf("second page: got %+v", page)
		}
		for part, want := range map[string]int{"AP": 1, "%": 1, "_": 0, `\`: 0, "'": 0, "a\x00p": 1} { // H224
			if page := must[wire.PublicRooms](w)(w.BrowseRooms(t.Context(), w.id["bob"], wire.BrowseRooms{Query: part})); len(page.Rooms) != want {
				t.Errorf("%q: got %+v, want %d rooms", part, page.Rooms, want)
			}
		}
	})
}

func TestADirectRoomIsOne(t *testing.T) {
	onEach(t, func(w *world) {
		var all sync.WaitGroup
		ids := make([]string, 20)
		for i := range ids {
			who, other := w.id["alice"], w.id["bob"]
			if i%2 == 1 {
				who, other = other, who
			}
			all.Go(func() {
				room, err := w.DirectRoom(t.Context(), who, wire.DirectRoom{UserID: other})
				if err != nil {
					t.Error(err)
				}
				ids[i] = room.ID
			})
		}
		all.Wait()
		slices.Sort(ids)
		if got := slices.Compact(ids); len(got) != 1 {
			t.Fatalf("rooms: got %v, want one", got)
		}
		told := w.drain()
		if len(told) != 2 || told[0].kind != "room.added" || told[1].kind != "room.added" {
			t.Errorf("told: got %+v, want each of the two once", told)
		}
		room := must[wire.MyRoom](w)(w.Room(t.Context(), w.id["alice"], wire.RoomRef{RoomID: ids[0]}))
		if room.With == nil || room.With.Username != "bob" || room.Members != 2 {
			t.Errorf("as alice sees it: got %+v", room)
		}
		_, err := w.LeaveRoom(t.Context(), w.id["alice"], wire.RoomRef{RoomID: ids[0]})
		w.wants("leave", err, refusal.Forbidden)
		_, err = w.Invite(t.Context(), w.id["alice"], wire.RoomPerson{RoomID: ids[0], Username: "carol"})
		w.wants("invite", err, refusal.Forbidden)
		_, err = w.Room(t.Context(), w.id["admin"], wire.RoomRef{RoomID: ids[0]})
		w.wants("an administrator looks in", err, refusal.NoRoom)
		_, err = w.DirectRoom(t.Context(), w.id["alice"], wire.DirectRoom{UserID: w.id["alice"]})
		w.wants("with oneself", err, refusal.Invalid)
		_, err = w.DirectRoom(t.Context(), w.id["alice"], wire.DirectRoom{UserID: uuid.NewString()})
		w.wants("with nobody", err, refusal.NoPerson)
	})
}

// TestH190_a_private_room_is_like_none holds every way into a room that somebody
// is not in against a room that does not exist.
func TestH190_a_private_room_is_like_none(t *testing.T) {
	onEach(t, func(w *world) {
		private := w.room("alice", wire.Private, "secret")
		message := w.say("alice", private, "hello")
		ctx, name := t.Context(), "mine now"
		for _, who := range []string{"bob", "mod", "admin"} {
			for what, try := range map[string]func(room, message string) error{
				"get":     func(r, _ string) error { _, err := w.Room(ctx, w.id[who], wire.RoomRef{RoomID: r}); return err },
				"follow":  func(r, _ string) error { return w.MayFollow(ctx, w.id[who], r) },
				"join":    func(r, _ string) error { _, err := w.JoinRoom(ctx, w.id[who], wire.RoomRef{RoomID: r}); return err },
				"leave":   func(r, _ string) error { _, err := w.LeaveRoom(ctx, w.id[who], wire.RoomRef{RoomID: r}); return err },
				"members": func(r, _ string) error { _, err := w.Members(ctx, w.id[who], wire.MembersQuery{RoomID: r}); return err },
				"history": func(r, _ string) error { _, err := w.History(ctx, w.id[who], wire.HistoryQuery{RoomID: r}); return err },
				"sync":    func(r, _ string) error { _, err := w.Sync(ctx, w.id[who], wire.SyncQuery{RoomID: r}); return err },
				"mark": func(r, _ string) error {
					_, err := w.MarkRead(ctx, w.id[who], wire.MarkRead{RoomID: r, Number: 1})
					return err
				},
				"type": func(r, _ string) error { _, err := w.Typing(ctx, w.id[who], wire.RoomRef{RoomID: r}); return err },
				"send": func(r, _ string) error {
					_, err := w.Send(ctx, w.id[who], wire.SendMessage{RoomID: r, Key: uuid.NewString(), Text: "x"})
					return err
				},
				"rename": func(r, _ string) error {
					_, err := w.UpdateRoom(ctx, w.id[who], wire.UpdateRoom{RoomID: r, Name: &name})
					return err
				},
				"archive": func(r, _ string) error { _, err := w.ArchiveRoom(ctx, w.id[who], wire.RoomRef{RoomID: r}); return err },
				"invite": func(r, _ string) error {
					_, err := w.Invite(ctx, w.id[who], wire.RoomPerson{RoomID: r, UserID: w.id[who]})
					return err
				},
				"remove": func(r, _ string) error {
					_, err := w.RemoveMember(ctx, w.id[who], wire.RoomPerson{RoomID: r, UserID: w.id["alice"]})
					return err
				},
				"role": func(r, _ string) error {
					_, err := w.SetRoomRole(ctx, w.id[who], wire.SetRoomRole{RoomID: r, UserID: w.id["alice"], Role: wire.RoomMember})
					return err
				},
				"edit": func(_, m string) error {
					_, err := w.Edit(ctx, w.id[who], wire.EditMessage{MessageID: m, Text: "x"})
					return err
				},
				"delete": func(_, m string) error { _, err := w.Delete(ctx, w.id[who], wire.MessageRef{MessageID: m}); return err },
				"react": func(_, m string) error {
					_, err := w.SetReaction(ctx, w.id[who], wire.SetReaction{MessageID: m, Emoji: "👍", On: true})
					return err
				},
				"who": func(_, m string) error {
					_, err := w.Reacted(ctx, w.id[who], wire.ReactionQuery{MessageID: m, Emoji: "👍"})
					return err
				},
			} {
				there, missing, strange := try(private, message.ID), try(uuid.NewString(), uuid.NewString()), try("x\x00", "' OR 1=1")
				if what == "type" { // its budget is spent per room
					strange = missing
				}
				if there == nil || missing == nil || strange == nil || there.Error() != missing.Error() || strange.Error() != missing.Error() {
					t.Errorf("%s by %s: there %v, missing %v, strange %v", what, who, there, missing, strange)
				}
			}
		}
	})
}

func TestMembership(t *testing.T) {
	onEach(t, func(w *world) {
		ctx := t.Context()
		room := w.room("alice", wire.Private, "club", "bob")
		_, err := w.Invite(ctx, w.id["bob"], wire.RoomPerson{RoomID: room, Username: "carol"})
		w.wants("a member invites into a private room", err, refusal.Forbidden)
		_, err = w.RemoveMember(ctx, w.id["bob"], wire.RoomPerson{RoomID: room, Username: "alice"})
		w.wants("a member removes", err, refusal.Forbidden)
		must[wire.Nothing](w)(w.SetRoomRole(ctx, w.id["alice"], wire.SetRoomRole{RoomID: room, UserID: w.id["bob"], Role: wire.RoomModerator}))
		w.brings("bob", room, "carol")
		_, err = w.RemoveMember(ctx, w.id["bob"], wire.RoomPerson{RoomID: room, Username: "alice"})
		w.wants("a moderator removes the owner", err, refusal.Forbidden)
		members := must[wire.Members](w)(w.Members(ctx, w.id["carol"], wire.MembersQuery{RoomID: room, Limit: 2}))
		if len(members.Members) != 2 || !members.More || members.Members[1].Role != wire.RoomModerator {
			t.Errorf("members: got %+v", members)
		}
		w.drain()
		must[wire.Nothing](w)(w.RemoveMember(ctx, w.id["bob"], wire.RoomPerson{RoomID: room, Username: "carol"}))
		told := w.drain()
		if len(told) != 3 || told[0].action != "rejudge" || told[0].target != w.id["carol"] || told[1].kind != "member.left" || told[2].kind != "room.removed" {
			t.Errorf("a removal ends what is followed first: got %+v", told)
		}
		must[wire.Nothing](w)(w.LeaveRoom(ctx, w.id["alice"], wire.RoomRef{RoomID: room})) // the only owner
		if mine := must[wire.MyRoom](w)(w.Room(ctx, w.id["bob"], wire.RoomRef{RoomID: room})); mine.Role != wire.RoomOwner || mine.Members != 1 {
			t.Errorf("bob inherits: got %+v", mine)
		}
		must[wire.MyRoom](w)(w.ArchiveRoom(ctx, w.id["bob"], wire.RoomRef{RoomID: room}))
		_, err = w.Send(ctx, w.id["bob"], wire.SendMessage{RoomID: room, Key: uuid.NewString(), Text: "x"})
		w.wants("send into the archive", err, refusal.Archived)
		if _, err := w.History(ctx, w.id["bob"], wire.HistoryQuery{RoomID: room}); err != nil {
			t.Errorf("read the archive: %v", err)
		}
	})
}

func TestModeratorsOfTheWholeChat(t *testing.T) {
	onEach(t, func(w *world) {
		ctx := t.Context()
		room := w.room("alice", wire.Public, "square", "bob")
		bad := w.say("bob", room, "something bad")
		if gone := must[wire.Message](w)(w.Delete(ctx, w.id["mod"], wire.MessageRef{MessageID: bad.ID})); gone.Text != "" || gone.DeletedBy != w.id["mod"] {
			t.Errorf("deleted: got %+v", gone)
		}
		must[wire.Nothing](w)(w.RemoveMember(ctx, w.id["mod"], wire.RoomPerson{RoomID: room, Username: "bob"}))
		name := "circle"
		_, err := w.UpdateRoom(ctx, w.id["mod"], wire.UpdateRoom{RoomID: room, Name: &name})
		w.wants("a moderator renames", err, refusal.Forbidden)
		if got := must[wire.MyRoom](w)(w.UpdateRoom(ctx, w.id["admin"], wire.UpdateRoom{RoomID: room, Name: &name})); got.Name != name {
			t.Errorf("an administrator renames: got %+v", got)
		}
		_, err = w.History(ctx, w.id["admin"], wire.HistoryQuery{RoomID: room})
		w.wants("read without being in", err, refusal.NoRoom)
		_, err = w.Announce(ctx, w.id["alice"], wire.Announce{Key: uuid.NewString(), Text: "hear me"})
		w.wants("a member announces", err, refusal.Forbidden)
		w.drain()
		key := uuid.NewString()
		first := must[wire.Announcement](w)(w.Announce(ctx, w.id["mod"], wire.Announce{Key: key, Text: "tea is ready"}))
		again := must[wire.Announcement](w)(w.Announce(ctx, w.id["mod"], wire.Announce{Key: key, Text: "tea is ready"}))
		if told := w.drain(); len(told) != 1 || told[0].action != "broadcast" || first.ID != again.ID {
			t.Errorf("announced: got %+v, ids %s %s", told, first.ID, again.ID)
		}
		if latest, err := w.Latest(ctx, w.id["carol"]); err != nil || latest == nil || latest.Text != "tea is ready" || latest.Author.Username != "mod" {
			t.Errorf("latest: got %+v, %v", latest, err)
		}
	})
}
