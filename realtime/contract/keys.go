package contract

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime"
)

func withKey(key string) realtime.PublishOptions {
	options := kept
	options.Key = key
	return options
}

func idempotent(t *testing.T, engine realtime.Engine) {
	first := publish(t, engine.Broker, "a", "1", withKey("once"))
	if again := publish(t, engine.Broker, "a", "2", withKey("once")); again != first {
		t.Errorf("again: got %+v, want %+v", again, first)
	}
	if other := publish(t, engine.Broker, "a", "3", withKey("twice")); other.Offset != 2 {
		t.Errorf("another key: got %+v, want offset 2", other)
	}
}

func keysApart(t *testing.T, engine realtime.Engine) {
	alike := []string{"a b", "a\nb", "a\r\nb", " a b", "a b ", "a=20b", "a", "A", "ä", "a\x00", "a\x00b", strings.Repeat("k", 255)}
	for i, key := range alike {
		if got := publish(t, engine.Broker, "a", key, withKey(key)); got.Offset != uint64(i+1) {
			t.Errorf("key %q: got %+v, want offset %d: it was taken for another", key, got, i+1)
		}
	}
	for i, key := range alike {
		if got := publish(t, engine.Broker, "a", key, withKey(key)); got.Offset != uint64(i+1) {
			t.Errorf("key %q again: got %+v, want offset %d", key, got, i+1)
		}
	}
	if got := publish(t, engine.Broker, "b", "1", withKey("a")); got.Offset != 1 {
		t.Errorf("the key of another channel: got %+v, want offset 1", got)
	}
}

// manyKeys are more than a window holds, and more than a thousand.
const manyKeys = 1500

func keysMany(t *testing.T, engine realtime.Engine) {
	first := publish(t, engine.Broker, "a", "first", withKey("first"))
	passing := realtime.PublishOptions{Key: "first"}
	publish(t, engine.Broker, "passing", "first", passing)
	for i := range manyKeys {
		publish(t, engine.Broker, "a", "1", withKey(fmt.Sprint(i)))
		publish(t, engine.Broker, "passing", "1", realtime.PublishOptions{Key: fmt.Sprint(i)})
	}
	if again := publish(t, engine.Broker, "a", "again", withKey("first")); again != first {
		t.Errorf("after %d other keys: got %+v, want %+v", manyKeys, again, first)
	}
	heard := listen(t, engine.Broker, "passing")
	publish(t, engine.Broker, "passing", "again", passing)
	publish(t, engine.Broker, "passing", "last", realtime.PublishOptions{})
	if p := <-heard; string(p.Data) != "last" {
		t.Errorf("without history, after %d other keys: heard %s, want the key to be known", manyKeys, p.Data)
	}
}

func keysLong(t *testing.T, engine realtime.Engine) {
	heard := listen(t, engine.Broker, "a")
	for _, options := range []realtime.PublishOptions{withKey(strings.Repeat("k", 256)), {Key: strings.Repeat("k", 256)}} {
		_, err := engine.Broker.Publish(t.Context(), "a", realtime.Publication{Data: []byte("1")}, options)
		if !errors.Is(err, realtime.ErrKeyTooLong) {
			t.Errorf("a key of 256 bytes: got %v, want %v", err, realtime.ErrKeyTooLong)
		}
	}
	publish(t, engine.Broker, "a", "2", kept)
	if p := <-heard; string(p.Data) != "2" || p.Offset != 1 {
		t.Errorf("heard %s@%d, want 2@1", p.Data, p.Offset)
	}
}
