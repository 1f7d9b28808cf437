package chat_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
)

func TestASendIsIdempotent(t *testing.T) {
	onEach(t, func(w *world) {
		room := w.room("alice", wire.Public, "square", "bob")
		w.drain()
		key := uuid.NewString()
		var all sync.WaitGroup
		ids := make([]string, 200)
		for i := range ids {
			all.Go(func() {
				text := "hello"
				if i%2 == 1 {
					text = "another text with the same key"
				}
				said, err := w.Send(t.Context(), w.id["alice"], wire.SendMessage{RoomID: room, Key: strings.ToUpper(key), Text: text})
				if err != nil {
					t.Error(err)
				}
				ids[i] = said.ID
			})
		}
		all.Wait()
		slices.Sort(ids)
		if got := slices.Compact(ids); len(got) != 1 {
			t.Errorf("messages: got %d, want 1", len(got))
		}
		if told := w.drain(); len(told) != 1 || told[0].kind != "message.sent" {
			t.Errorf("told: got %+v, want one message.sent", told)
		}
		page := must[wire.History](w)(w.History(t.Context(), w.id["bob"], wire.HistoryQuery{RoomID: room}))
		if len(page.Messages) != 1 {
			t.Errorf("history: got %d messages", len(page.Messages))
		}
		if got := page.Messages[0].Key; got != "" {
			t.Errorf("alice's key as bob reads it: got %q, want none", got)
		}
		mine := must[wire.History](w)(w.History(t.Context(), w.id["alice"], wire.HistoryQuery{RoomID: room}))
		missed := must[wire.Sync](w)(w.Sync(t.Context(), w.id["alice"], wire.SyncQuery{RoomID: room}))
		for _, got := range []string{mine.Messages[0].Key, missed.Messages[0].Key} {
			if got != key {
				t.Errorf("the key of one's own message, read later: got %q, want %q", got, key)
			}
		}
		other := must[wire.Message](w)(w.Send(t.Context(), w.id["bob"], wire.SendMessage{RoomID: room, Key: key, Text: "mine"}))
		if other.ID == page.Messages[0].ID {
			t.Error("bob got alice's message for the same key")
		}
	})
}

func TestParallelSendsKeepOneOrder(t *testing.T) {
	onEach(t, func(w *world) {
		room := w.room("alice", wire.Public, "square", "bob")
		w.drain()
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				who := []string{"alice", "bob"}[i%2]
				if _, err := w.Send(t.Context(), w.id[who], wire.SendMessage{RoomID: room, Key: uuid.NewString(), Text: fmt.Sprint(i)}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		told := w.drain()
		if len(told) != 40 {
			t.Fatalf("told: got %d events", len(told))
		}
		first := told[0].data["seq"].(float64)
		for i, one := range told {
			message := one.data["message"].(map[string]any)
			if one.data["seq"].(float64) != first+float64(i) || message["number"].(float64) != float64(i+1) {
				t.Fatalf("event %d: seq %v, number %v", i, one.data["seq"], message["number"])
			}
		}
	})
}

func TestEditAndDelete(t *testing.T) {
	onEach(t, func(w *world) {
		ctx := t.Context()
		room := w.room("alice", wire.Public, "square", "bob")
		said := w.say("alice", room, "<img src=x onerror=alert(1)> @bob") // H215: text is text
		if said.Text != "<img src=x onerror=alert(1)> @bob" || len(said.Mentions) != 1 || said.Mentions[0].Username != "bob" {
			t.Errorf("said: got %+v", said)
		}
		_, err := w.Edit(ctx, w.id["bob"], wire.EditMessage{MessageID: said.ID, Text: "x"})
		w.wants("another's message", err, refusal.Forbidden)
		_, err = w.Delete(ctx, w.id["bob"], wire.MessageRef{MessageID: said.ID})
		w.wants("delete another's", err, refusal.Forbidden)
		w.drain()
		edited := must[wire.Message](w)(w.Edit(ctx, w.id["alice"], wire.EditMessage{MessageID: said.ID, Text: "better"}))
		if edited.EditedAt == nil || edited.Rev <= said.Rev || len(edited.Mentions) != 0 {
			t.Errorf("edited: got %+v", edited)
		}
		if mine := must[wire.MyRoom](w)(w.Room(ctx, w.id["bob"], wire.RoomRef{RoomID: room})); mine.Mentions != 0 || mine.Unread.Unread != 1 {
			t.Errorf("the mention is gone: got %+v", mine.Unread)
		}
		must[wire.Message](w)(w.SetReaction(ctx, w.id["bob"], wire.SetReaction{MessageID: said.ID, Emoji: "👍", On: true}))
		must[wire.Message](w)(w.Delete(ctx, w.id["alice"], wire.MessageRef{MessageID: said.ID}))
		must[wire.Message](w)(w.Delete(ctx, w.id["alice"], wire.MessageRef{MessageID: said.ID})) // once is enough
		_, err = w.Edit(ctx, w.id["alice"], wire.EditMessage{MessageID: said.ID, Text: "back"})
		w.wants("edit a deleted one", err, refusal.Deleted)
		_, err = w.SetReaction(ctx, w.id["bob"], wire.SetReaction{MessageID: said.ID, Emoji: "👍", On: true})
		w.wants("react to a deleted one", err, refusal.Deleted)
		if got := kinds(w.drain(), chat.RoomChannel(room)); !slices.Equal(got, []string{"message.edited", "reaction.changed", "message.deleted"}) {
			t.Errorf("told: got %v", got)
		}
		page := must[wire.History](w)(w.History(ctx, w.id["bob"], wire.HistoryQuery{RoomID: room}))
		if gone := page.Messages[0]; gone.Text != "" || gone.DeletedAt == nil || len(gone.Reactions) != 0 {
			t.Errorf("the place of it: got %+v", gone)
		}
	})
}

// TestEditRacesDelete: whatever wins, a deleted message never has a text again.
func TestEditRacesDelete(t *testing.T) {
	onEach(t, func(w *world) {
		room := w.room("alice", wire.Public, "square")
		for range 20 {
			said := w.say("alice", room, "text")
			var both sync.WaitGroup
			both.Go(func() {
				if _, err := w.Edit(t.Context(), w.id["alice"], wire.EditMessage{MessageID: said.ID, Text: "edited"}); err != nil && !errors.Is(err, refusal.Deleted.Plain()) {
					t.Errorf("edit: %v", err)
				}
			})
			both.Go(func() {
				if _, err := w.Delete(t.Context(), w.id["alice"], wire.MessageRef{MessageID: said.ID}); err != nil {
					t.Errorf("delete: %v", err)
				}
			})
			both.Wait()
			page := must[wire.History](w)(w.History(t.Context(), w.id["alice"], wire.HistoryQuery{RoomID: room, AroundID: said.ID, Limit: 1}))
			if got := page.Messages[0]; got.Text != "" || got.DeletedAt == nil {
				t.Fatalf("after both: got %+v", got)
			}
		}
	})
}

func TestReactions(t *testing.T) {
	onEach(t, func(w *world) {
		ctx := t.Context()
		room := w.room("alice", wire.Public, "square", "bob")
		said := w.say("alice", room, "hello")
		w.drain()
		react := func(who, emoji string, on bool) wire.Message {
			return must[wire.Message](w)(w.SetReaction(ctx, w.id[who], wire.SetReaction{MessageID: said.ID, Emoji: emoji, On: on}))
		}
		react("alice", "👍", true)
		react("alice", "👍", true) // changes nothing
		got := react("bob", "👍", true)
		if want := []wire.Reaction{{Emoji: "👍", Count: 2, Mine: true}}; !slices.Equal(got.Reactions, want) {
			t.Errorf("reactions: got %+v", got.Reactions)
		}
		react("alice", "👍", false)
		page := must[wire.History](w)(w.History(ctx, w.id["alice"], wire.HistoryQuery{RoomID: room}))
		if want := []wire.Reaction{{Emoji: "👍", Count: 1, Mine: false}}; !slices.Equal(page.Messages[0].Reactions, want) {
			t.Errorf("as alice sees it: got %+v", page.Messages[0].Reactions)
		}
		people := must[wire.People](w)(w.Reacted(ctx, w.id["alice"], wire.ReactionQuery{MessageID: said.ID, Emoji: "👍"}))
		if len(people.People) != 1 || people.People[0].Username != "bob" {
			t.Errorf("who: got %+v", people)
		}
		if told := w.drain(); len(told) != 3 || told[1].data["count"].(float64) != 2 || told[2].data["on"].(bool) {
			t.Errorf("told: got %+v", told)
		}
		for emoji, fine := range map[string]bool{
			"❤️": true, "👩‍👩‍👧": true, "🏳️‍🌈": true, "1️⃣": true, "🇨🇭": true, "✅": true, "": false, "a": false, "1": false, "👍👍👍👍👍👍👍👍👍👍👍👍👍": false, "<b>": false, "^": false, "<👍": false, "↔️": true, "👋🏽": true, "\u200d": false, "👍\x00": false,
		} {
			_, err := w.SetReaction(ctx, w.id["bob"], wire.SetReaction{MessageID: said.ID, Emoji: emoji, On: true})
			if (err == nil) != fine {
				t.Errorf("%q: got %v", emoji, err)
			}
		}
		for i := range 30 {
			_, err := w.SetReaction(ctx, w.id["carol"], wire.SetReaction{MessageID: said.ID, Emoji: string(rune(0x1F600 + i)), On: true})
			w.wants("not in the room", err, refusal.NoMessage)
		}
	})
}

func TestMentionsAndReading(t *testing.T) {
	onEach(t, func(w *world) {
		ctx := t.Context()
		room := w.room("alice", wire.Public, "square", "bob")
		for text, want := range map[string][]string{
			"@bob": {"bob"}, "hi @Bob, and @alice.": {"bob", "alice"}, "mail bob@bob.com or a/@bob": {}, "@carol is not here": {}, "@nobody @bob @bob": {"bob"},
			"(@bob)": {"bob"}, "@@bob": {}, "@' OR 1=1": {},
		} {
			names := []string{}
			for _, one := range w.say("alice", room, text).Mentions {
				names = append(names, one.Username)
			}
			if !slices.Equal(names, want) {
				t.Errorf("%q: got %v, want %v", text, names, want)
			}
		}
		mine := must[wire.MyRooms](w)(w.MyRooms(ctx, w.id["bob"], wire.Nothing{})).Rooms[0]
		if mine.Unread != (wire.Unread{ReadNumber: 0, Unread: 8, Mentions: 4}) {
			t.Errorf("bob: got %+v", mine.Unread)
		}
		if mine := must[wire.MyRoom](w)(w.Room(ctx, w.id["alice"], wire.RoomRef{RoomID: room})); mine.Unread.Unread != 0 {
			t.Errorf("who speaks has read: got %+v", mine.Unread)
		}
		w.drain()
		if got := must[wire.Unread](w)(w.MarkRead(ctx, w.id["bob"], wire.MarkRead{RoomID: room, Number: 7})); got.Unread != 1 || got.ReadNumber != 7 {
			t.Errorf("marked: got %+v", got)
		}
		must[wire.Unread](w)(w.MarkRead(ctx, w.id["bob"], wire.MarkRead{RoomID: room, Number: 3})) // never back
		if got := must[wire.Unread](w)(w.MarkRead(ctx, w.id["bob"], wire.MarkRead{RoomID: room, Number: 1 << 60})); got.ReadNumber != 8 || got.Mentions != 0 {
			t.Errorf("beyond the end: got %+v", got)
		}
		if got := kinds(w.drain(), chat.UserChannel(w.id["bob"])); !slices.Equal(got, []string{"unread.changed", "unread.changed"}) {
			t.Errorf("told bob's devices: got %v", got)
		}
	})
}

func TestHistoryByPages(t *testing.T) {
	onEach(t, func(w *world) {
		room := w.room("alice", wire.Public, "square")
		for i := range 25 {
			w.say("alice", room, fmt.Sprint(i+1))
		}
		for _, test := range []struct {
			query         wire.HistoryQuery
			first, last   int64
			before, after bool
		}{
			{wire.HistoryQuery{Limit: 10}, 16, 25, true, false},
			{wire.HistoryQuery{Before: 16, Limit: 10}, 6, 15, true, true},
			{wire.HistoryQuery{Before: 6, Limit: 10}, 1, 5, false, true},
			{wire.HistoryQuery{After: 20, Limit: 10}, 21, 25, true, false},
			{wire.HistoryQuery{Around: 12, Limit: 10}, 7, 16, true, true},
			{wire.HistoryQuery{Around: 1, Limit: 10}, 1, 10, false, true},
			{wire.HistoryQuery{Limit: 1_000_000}, 1, 25, false, false},
			{wire.HistoryQuery{Limit: -1}, 1, 25, false, false},
		} {
			test.query.RoomID = room
			page := must[wire.History](w)(w.History(t.Context(), w.id["alice"], test.query))
			n := len(page.Messages)
			if n == 0 || page.Messages[0].Number != test.first || page.Messages[n-1].Number != test.last || page.HasBefore != test.before || page.HasAfter != test.after {
				t.Errorf("%+v: got %d messages, before %v, after %v", test.query, n, page.HasBefore, page.HasAfter)
			}
		}
		for _, bad := range []wire.HistoryQuery{{Before: 1, After: 2}, {Before: -1}, {Around: 3, AroundID: "x"}} {
			bad.RoomID = room
			_, err := w.History(t.Context(), w.id["alice"], bad)
			w.wants("a contradiction", err, refusal.Invalid)
		}
	})
}

// TestSyncTellsWhatChanged is how a client becomes whole again after it missed
// events.
func TestSyncTellsWhatChanged(t *testing.T) {
	onEach(t, func(w *world) {
		ctx := t.Context()
		room := w.room("alice", wire.Public, "square", "bob")
		one, two := w.say("alice", room, "one"), w.say("bob", room, "two")
		since := must[wire.Sync](w)(w.Sync(ctx, w.id["bob"], wire.SyncQuery{RoomID: room})).Seq
		must[wire.Message](w)(w.SetReaction(ctx, w.id["alice"], wire.SetReaction{MessageID: two.ID, Emoji: "👍", On: true}))
		three := w.say("alice", room, "three")
		must[wire.Message](w)(w.Delete(ctx, w.id["alice"], wire.MessageRef{MessageID: one.ID}))
		first := must[wire.Sync](w)(w.Sync(ctx, w.id["bob"], wire.SyncQuery{RoomID: room, Since: since, Limit: 2}))
		if len(first.Messages) != 2 || first.Messages[0].ID != two.ID || len(first.Messages[0].Reactions) != 1 || first.Messages[1].ID != three.ID || !first.More {
			t.Errorf("first: got %+v", first)
		}
		rest := must[wire.Sync](w)(w.Sync(ctx, w.id["bob"], wire.SyncQuery{RoomID: room, Since: first.Seq}))
		if len(rest.Messages) != 1 || rest.Messages[0].ID != one.ID || rest.Messages[0].DeletedAt == nil || rest.More || rest.Seq != rest.Room.Seq {
			t.Errorf("rest: got %+v", rest)
		}
	})
}

func TestPeople(t *testing.T) {
	onEach(t, func(w *world) {
		ctx := t.Context()
		page := must[wire.People](w)(w.PeopleLike(ctx, w.id["alice"], wire.PeopleQuery{Query: "THE", Limit: 3}))
		if len(page.People) != 3 || !page.More || page.People[0].Username != "admin" {
			t.Errorf("people: got %+v", page)
		}
		name, colour, status := "Alice <b>", "teal", "☕"
		got := must[wire.Person](w)(w.SetProfile(ctx, w.id["alice"], wire.Profile{Name: &name, Colour: &colour, Status: &status}))
		if got.Name != name || got.Colour != colour || got.Status != status {
			t.Errorf("profile: got %+v", got)
		}
		if got := kinds(w.drain(), chat.PresenceChannel); !slices.Equal(got, []string{"person.changed"}) {
			t.Errorf("told: got %v", got)
		}
		for _, bad := range []string{"", strings.Repeat("x", 61), "a\x00", "a\u202e"} {
			_, err := w.SetProfile(ctx, w.id["alice"], wire.Profile{Name: &bad})
			w.wants("a bad name", err, refusal.Invalid)
		}
		mauve := "mauve"
		_, err := w.SetProfile(ctx, w.id["alice"], wire.Profile{Colour: &mauve})
		w.wants("a colour of one's own", err, refusal.Invalid)
		found, err := w.store.AccountByID(ctx, w.id["alice"])
		if err != nil || found.Epoch != 1 {
			t.Errorf("a profile raises no epoch: got %d, %v", found.Epoch, err)
		}
	})
}

func TestLimitsAreCounted(t *testing.T) {
	onEach(t, func(w *world) {
		room := w.room("alice", wire.Public, "square")
		strict := chat.New(w.store.Chat(), w.relay, chat.Options{MessagesPer10s: 5})
		refused := 0
		for range 12 {
			_, err := strict.Send(t.Context(), w.id["alice"], wire.SendMessage{RoomID: room, Key: uuid.NewString(), Text: "x"})
			if chat.TooOften(err) {
				refused++
			} else if err != nil {
				t.Fatal(err)
			}
		}
		if refused < 6 || strict.Refused()["messages"] != uint64(refused) {
			t.Errorf("refused: got %d, counted %d", refused, strict.Refused()["messages"])
		}
	})
}

// TestTheOutboxOutlivesAFailure: what was stored and not published is published
// by the next relay, in order and once.
func TestTheOutboxOutlivesAFailure(t *testing.T) {
	onEach(t, func(w *world) {
		room := w.room("alice", wire.Public, "square")
		w.drain()
		w.out.fail = true
		w.say("alice", room, "one")
		w.say("alice", room, "two")
		if told := w.drain(); len(told) != 0 {
			t.Fatalf("told although the hub was away: %+v", told)
		}
		w.out.fail = false
		w.relay = chat.NewRelay(w.store.Chat(), nil) // the next process
		told := w.drain()
		if len(told) != 2 || told[0].data["message"].(map[string]any)["text"] != "one" || told[1].data["message"].(map[string]any)["text"] != "two" {
			t.Errorf("told: got %+v", told)
		}
		if again := w.drain(); len(again) != 0 {
			t.Errorf("told twice: %+v", again)
		}
	})
}
