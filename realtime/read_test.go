package realtime_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
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
	if got := allocated() - before; got > asked*256<<10 { // one copy has 6 MiB
		t.Errorf("allocated for each: got %d KiB, want at most 256", got/asked>>10)
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
