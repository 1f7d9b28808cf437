package keys_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/internal/keys"
)

func claim(t *testing.T, table *keys.Table, channel, key string) bool {
	t.Helper()
	_, known, err := table.Claim(channel, key)
	if err != nil {
		t.Fatalf("claim %q: %v", key, err)
	}
	if !known {
		table.Settle(channel, key, engine.Position{Epoch: channel, Offset: uint64(len(key))})
	}
	return known
}

func TestTable_KeepsAKeyForFiveMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := keys.New(1 << 20)
		claim(t, table, "a", "key")
		time.Sleep(engine.KeyLife - time.Second)
		if claim(t, table, "b", "key") {
			t.Error("another channel: got known, want a key of its own")
		}
		if position, known, err := table.Claim("a", "key"); !known || err != nil || position != (engine.Position{Epoch: "a", Offset: 3}) {
			t.Errorf("within five minutes: got %+v, %v, %v", position, known, err)
		}
		time.Sleep(time.Second)
		if claim(t, table, "a", "key") {
			t.Error("after five minutes: got known, want forgotten")
		}
		if _, known := table.Find("b", "key"); !known {
			t.Error("the later one: got forgotten, want known")
		}
	})
}

// TestTable_Full: what is refused is not known, what was known still is, and
// there is room again after five minutes.
func TestTable_Full(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table := keys.New(100_000)
		n := 0
		for ; ; n++ {
			if _, _, err := table.Claim("a", fmt.Sprint(n)); errors.Is(err, engine.ErrKeysFull) {
				break
			}
			table.Settle("a", fmt.Sprint(n), engine.Position{Offset: uint64(n)})
		}
		if n < 200 || n > 1000 {
			t.Errorf("keys in 100,000 bytes: got %d", n)
		}
		for i := range n {
			if position, known, err := table.Claim("a", fmt.Sprint(i)); !known || err != nil || position.Offset != uint64(i) {
				t.Fatalf("key %d: got %+v, %v, %v", i, position, known, err)
			}
		}
		if _, known := table.Find("a", fmt.Sprint(n)); known {
			t.Error("a refused key is known")
		}
		time.Sleep(engine.KeyLife)
		if claim(t, table, "a", fmt.Sprint(n)) {
			t.Error("a refused key was known later")
		}
	})
}

func TestTable_TooLong(t *testing.T) {
	table := keys.New(1 << 20)
	if _, _, err := table.Claim("a", strings.Repeat("k", 255)); err != nil {
		t.Errorf("255 bytes: got %v", err)
	}
	if _, _, err := table.Claim("a", strings.Repeat("k", 256)); !errors.Is(err, engine.ErrKeyTooLong) {
		t.Errorf("256 bytes: got %v, want %v", err, engine.ErrKeyTooLong)
	}
}

// TestTable_MemoryIsBounded: a hundred thousand keys take what the table says,
// and nothing after their time.
func TestTable_MemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const most = 4 << 20
		table := keys.New(most)
		before := heap()
		for i := range 100_000 {
			_, _, _ = table.Claim("a", fmt.Sprint("key-", i))
		}
		if grown := heap() - before; grown > most*3/2 {
			t.Errorf("heap grew by %d KiB, want at most %d", grown>>10, most*3/2>>10)
		}
		time.Sleep(engine.KeyLife)
		table.Expire()
		if grown := heap() - before; grown > 256<<10 {
			t.Errorf("after five minutes: heap grew by %d KiB", grown>>10)
		}
		runtime.KeepAlive(table)
	})
}

func heap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
