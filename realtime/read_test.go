package realtime_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/observe"
)

func allocated() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.TotalAlloc
}

// TestH316_presence_of_50000: it is refused before it is copied, and counted.
func TestH316_presence_of_50000(t *testing.T) {
	const asked = 20
	var engine engine.Engine
	c := newClub(t, func(config *realtime.Config) { engine = config.Engine })
	if err := c.hub.Channel("hall", realtime.ChannelOptions{Presence: true}, realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowRead(realtime.AllowAll)); err != nil {
		t.Fatal(err)
	}
	for i := range 50_000 {
		if err := engine.Presence.Enter(t.Context(), "hall", fmt.Sprint(i), realtime.ClientInfo{User: fmt.Sprint(i / 2)}); err != nil {
			t.Fatal(err)
		}
	}
	k := c.join("alice")
	before := allocated()
	for range asked {
		k.say(`{"id":2,"presence":{"channel":"hall"}}`, `{"id":3,"presence_stats":{"channel":"hall"}}`)
		k.want(`{"id":2,"error":{"code":108,"message":"not available"}}`, `{"id":3,"presence_stats":{"num_clients":50000,"num_users":25000}}`)
	}
	for range asked {
		if there, err := c.hub.Presence(t.Context(), "hall"); there != nil || !errors.Is(err, realtime.ErrLimit) {
			t.Errorf("the server's question: got %d, %v, want ErrLimit", len(there), err)
		}
		if stats, err := c.hub.PresenceStats(t.Context(), "hall"); stats.Clients != 50_000 || stats.Users != 25_000 || err != nil {
			t.Errorf("the server's count: got %+v, %v, want 50,000 of 25,000", stats, err)
		}
	}
	if refused := c.hub.Refusals()[observe.LimitPresence.String()]; refused != 2*asked {
		t.Errorf("refused: got %d, want %d", refused, 2*asked)
	}
	if got := allocated() - before; got > asked*512<<10 { // one copy has 6 MiB
		t.Errorf("allocated for each: got %d KiB, want at most 512", got/asked>>10)
	}
}

// TestHistory_bounded_by_bytes: page by page a client gets all of it.
func TestHistory_bounded_by_bytes(t *testing.T) {
	c := newClub(t, nil)
	options := realtime.ChannelOptions{History: 30, HistoryTTL: time.Minute}
	if err := c.hub.Channel("large", options, realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowRead(realtime.AllowAll)); err != nil {
		t.Fatal(err)
	}
	for range 25 {
		c.publish("large", `"`+strings.Repeat("x", 99_998)+`"`)
	}
	for since, want := uint64(0), 10; since < 25; { // the server, that may ask for less
		kept, err := c.hub.History(t.Context(), "large", realtime.HistoryQuery{Limit: -1, Since: &realtime.Position{Offset: since}, MaxBytes: 64 << 20})
		got := kept.Publications
		if want = min(want, 25-int(since)); err != nil || len(got) != want || got[0].Offset != since+1 || kept.Top.Offset != 25 || kept.More != (since+uint64(want) < 25) {
			t.Fatalf("the server since %d: got %d publications up to %d, more %t, %v, want %d of 100 kB in 1 MiB, up to 25", since, len(got), kept.Top.Offset, kept.More, err, want)
		}
		since += uint64(len(got))
	}
	if kept, err := c.hub.History(t.Context(), "large", realtime.HistoryQuery{Limit: -1, MaxBytes: 250_000}); err != nil || len(kept.Publications) != 2 {
		t.Errorf("the server for 250 kB: got %d, %v, want 2", len(kept.Publications), err)
	}
	k := c.join("alice")
	for since, want := 0, 10; since < 25; {
		k.say(fmt.Sprintf(`{"id":2,"history":{"channel":"large","limit":-1,"since":{"offset":%d}}}`, since))
		var answer struct {
			History struct {
				Publications []struct{ Offset int }
				Offset       int
			}
		}
		if err := json.Unmarshal([]byte(k.hear()), &answer); err != nil {
			t.Fatal(err)
		}
		got := answer.History.Publications
		if want = min(want, 25-since); len(got) != want || got[0].Offset != since+1 || answer.History.Offset != 25 {
			t.Fatalf("since %d: got %d publications up to %d, want %d of 100 kB in 1 MiB, up to 25", since, len(got), answer.History.Offset, want)
		}
		since += len(got)
	}
}

// TestServerReads_Refused: a question that a channel can't answer is an error.
func TestServerReads_Refused(t *testing.T) {
	c := newClub(t, nil)
	position := realtime.Position{Epoch: "another", Offset: 1}
	for name, test := range map[string]struct {
		channel string
		query   realtime.HistoryQuery
		want    error // of History
		there   error // of Presence and PresenceStats
	}{
		"neither":                {"plain:1", realtime.HistoryQuery{}, realtime.ErrNotAvailable, realtime.ErrNotAvailable},
		"both":                   {"room:1", realtime.HistoryQuery{}, nil, nil},
		"unknown":                {"nothing", realtime.HistoryQuery{}, realtime.ErrUnknownChannel, realtime.ErrUnknownChannel},
		"another epoch":          {"room:1", realtime.HistoryQuery{Limit: 1, Since: &position}, realtime.ErrUnrecoverable, nil},
		"backwards from nowhere": {"room:1", realtime.HistoryQuery{Limit: 1, Since: &realtime.Position{}, Reverse: true}, realtime.ErrBadRequest, nil},
	} {
		if _, err := c.hub.History(t.Context(), test.channel, test.query); !errors.Is(err, test.want) {
			t.Errorf("%s: history: got %v, want %v", name, err, test.want)
		}
		if _, err := c.hub.Presence(t.Context(), test.channel); !errors.Is(err, test.there) {
			t.Errorf("%s: presence: got %v, want %v", name, err, test.there)
		}
		if _, err := c.hub.PresenceStats(t.Context(), test.channel); !errors.Is(err, test.there) {
			t.Errorf("%s: presence stats: got %v, want %v", name, err, test.there)
		}
	}
	options := realtime.ChannelOptions{History: 5, HistoryTTL: time.Minute, MaxHistory: 2}
	if err := c.hub.Channel("short", options); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		c.publish("short", `1`)
	}
	for _, limit := range []int{-1, 100} {
		if kept, err := c.hub.History(t.Context(), "short", realtime.HistoryQuery{Limit: limit}); len(kept.Publications) != 2 || !kept.More || err != nil {
			t.Errorf("limit %d: got %d, more %t, %v, want the channel's 2 and more", limit, len(kept.Publications), kept.More, err)
		}
	}
}
