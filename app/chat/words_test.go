package chat_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
)

// TestH325_words_that_wait_to_be_told: what is edited or deleted while nothing can
// be published has left the outbox, and is told as it is by then.
func TestH325_words_that_wait_to_be_told(t *testing.T) {
	onEach(t, func(w *world) {
		ctx := t.Context()
		room := w.room("alice", wire.Public, "square", "bob")
		w.drain()
		w.out.fail = true
		edited, deleted := w.say("alice", room, "xyzzy @bob"), w.say("alice", room, "xyzzy too, @bob")
		must[wire.Message](w)(w.Edit(ctx, w.id["alice"], wire.EditMessage{MessageID: edited.ID, Text: "as it is now"}))
		must[wire.Message](w)(w.Delete(ctx, w.id["alice"], wire.MessageRef{MessageID: deleted.ID}))
		w.drain()
		tasks := waitingTasks(t, w.store)
		if len(tasks) != 4 {
			t.Errorf("tasks: got %d, want 4", len(tasks))
		}
		for _, task := range tasks {
			if data := string(task.Data); strings.Contains(data, "xyzzy") || strings.Contains(data, "as it is now") || strings.Contains(data, w.id["bob"]) {
				t.Errorf("in the outbox: got %s, want no words and nobody mentioned", data)
			}
		}
		w.out.fail = false
		told := w.drain()
		if got := fmt.Sprint(kinds(told, chat.RoomChannel(room))); got != "[message.sent message.sent message.edited message.deleted]" {
			t.Errorf("told: got %s", got)
		}
		if got := fmt.Sprint(told, w.out.notices); strings.Contains(got, "xyzzy") {
			t.Errorf("told: got %s, want no old words", got)
		}
		if first := told[0].data["message"].(map[string]any); first["text"] != "as it is now" || first["key"] != edited.Key {
			t.Errorf("the first: got %v, want the words of now and its key", first)
		}
		if told[2].data["text"] != "as it is now" {
			t.Errorf("the edit: got %v, want its words", told[2].data)
		}
		for _, m := range must[wire.History](w)(w.History(ctx, w.id["bob"], wire.HistoryQuery{RoomID: room})).Messages {
			if len(m.Mentions) != 0 {
				t.Errorf("mentions of %d: got %v, want none", m.Number, m.Mentions)
			}
		}
	})
}

// TestH325_the_history_has_notices: what goes to the channel's history for what
// somebody says has the seq of the event and no words.
func TestH325_the_history_has_notices(t *testing.T) {
	onEach(t, func(w *world) {
		room := w.room("alice", wire.Public, "square", "bob")
		said := w.say("alice", room, "xyzzy @bob")
		w.drain()
		if len(w.out.notices) != 1 {
			t.Fatalf("notices: got %v, want one", w.out.notices)
		}
		got := w.out.notices[0]
		if got.action != "publish" || got.data["seq"] != float64(said.Rev) || got.data["number"] != float64(said.Number) || len(got.data) != 5 {
			t.Errorf("notice: got %+v, want room, seq, message and number alone", got)
		}
	})
}
