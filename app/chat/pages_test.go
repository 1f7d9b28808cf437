package chat_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
)

// maxPage bounds the JSON of a page: 128 KiB of text, each byte of which may take
// six, and what stands around it.
const maxPage = 6*128<<10 + 200*1000

func checkSize(t *testing.T, page any) {
	t.Helper()
	data, err := json.Marshal(page)
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > maxPage {
		t.Errorf("a page has %d bytes, want at most %d", len(data), maxPage)
	}
}

// TestH335_a_page_of_the_longest_messages is bounded in bytes, and whoever asks on
// gets all of them, once and in their order, by every way.
func TestH335_a_page_of_the_longest_messages(t *testing.T) {
	onEach(t, func(w *world) {
		patient := chat.New(w.store.Chat(), w.relay, chat.Options{MessagesPer10s: 1000})
		room := w.room("alice", wire.Public, "square")
		const count = 120
		text := strings.Repeat("<", 3000) + strings.Repeat("😀", 1000)
		for range count {
			if _, err := patient.Send(t.Context(), w.id["alice"], wire.SendMessage{RoomID: room, Key: uuid.NewString(), Text: text}); err != nil {
				w.t.Fatal(err)
			}
		}
		history := func(in wire.HistoryQuery) wire.History {
			w.t.Helper()
			in.RoomID, in.Limit = room, 200
			page, err := patient.History(t.Context(), w.id["alice"], in)
			if err != nil {
				w.t.Fatal(err)
			}
			checkSize(w.t, page)
			return page
		}
		var back, on, synced []int64
		for page := history(wire.HistoryQuery{}); ; page = history(wire.HistoryQuery{Before: back[len(back)-1]}) {
			for _, m := range slices.Backward(page.Messages) {
				back = append(back, m.Number)
			}
			if !page.HasBefore {
				break
			}
		}
		page := history(wire.HistoryQuery{Around: 60})
		if first, last := page.Messages[0].Number, page.Messages[len(page.Messages)-1].Number; first >= 60 || last <= 60 {
			w.t.Errorf("around 60: got %d to %d", first, last)
		}
		for page := history(wire.HistoryQuery{Around: 1}); ; page = history(wire.HistoryQuery{After: on[len(on)-1]}) {
			for _, m := range page.Messages {
				on = append(on, m.Number)
			}
			if !page.HasAfter {
				break
			}
		}
		for since, more := int64(0), true; more; {
			page, err := patient.Sync(t.Context(), w.id["alice"], wire.SyncQuery{RoomID: room, Since: since, Limit: 200})
			if err != nil {
				w.t.Fatal(err)
			}
			checkSize(w.t, page)
			for _, m := range page.Messages {
				synced = append(synced, m.Number)
			}
			if since, more = page.Seq, page.More; len(synced) > count {
				break
			}
		}
		slices.Reverse(back)
		for name, got := range map[string][]int64{"before": back, "after": on, "sync": synced} {
			want := make([]int64, count)
			for i := range want {
				want[i] = int64(i) + 1
			}
			if !slices.Equal(got, want) {
				w.t.Errorf("%s: got %d messages %v, want 1 to %d", name, len(got), got, count)
			}
		}
	})
}
