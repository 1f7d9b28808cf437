package enginetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime/engine"
)

func withKey(key string) engine.PublishOptions {
	options := kept
	options.Key = key
	return options
}

func idempotent(t *testing.T, tested engine.Engine) {
	first := publish(t, tested.Broker, "a", "1", withKey("once"))
	if again := publish(t, tested.Broker, "a", "2", withKey("once")); again != first {
		t.Errorf("again: got %+v, want %+v", again, first)
	}
	if other := publish(t, tested.Broker, "a", "3", withKey("twice")); other.Offset != 2 {
		t.Errorf("another key: got %+v, want offset 2", other)
	}
}

func keysApart(t *testing.T, tested engine.Engine) {
	alike := []string{"a b", "a\nb", "a\r\nb", " a b", "a b ", "a=20b", "a", "A", "ä", "a\x00", "a\x00b", strings.Repeat("k", 255)}
	for i, key := range alike {
		if got := publish(t, tested.Broker, "a", key, withKey(key)); got.Offset != uint64(i+1) {
			t.Errorf("key %q: got %+v, want offset %d: it was taken for another", key, got, i+1)
		}
	}
	for i, key := range alike {
		if got := publish(t, tested.Broker, "a", key, withKey(key)); got.Offset != uint64(i+1) {
			t.Errorf("key %q again: got %+v, want offset %d", key, got, i+1)
		}
	}
	if got := publish(t, tested.Broker, "b", "1", withKey("a")); got.Offset != 1 {
		t.Errorf("the key of another channel: got %+v, want offset 1", got)
	}
}

// manyKeys are more than a window holds, and more than a thousand.
const manyKeys = 1500

func keysMany(t *testing.T, tested engine.Engine) {
	first := publish(t, tested.Broker, "a", "first", withKey("first"))
	passing := engine.PublishOptions{Key: "first"}
	publish(t, tested.Broker, "passing", "first", passing)
	for i := range manyKeys {
		publish(t, tested.Broker, "a", "1", withKey(fmt.Sprint(i)))
		publish(t, tested.Broker, "passing", "1", engine.PublishOptions{Key: fmt.Sprint(i)})
	}
	if again := publish(t, tested.Broker, "a", "again", withKey("first")); again != first {
		t.Errorf("after %d other keys: got %+v, want %+v", manyKeys, again, first)
	}
	heard := listen(t, tested.Broker, "passing")
	publish(t, tested.Broker, "passing", "again", passing)
	publish(t, tested.Broker, "passing", "last", engine.PublishOptions{})
	if p := <-heard; string(p.Data) != "last" {
		t.Errorf("without history, after %d other keys: heard %s, want the key to be known", manyKeys, p.Data)
	}
}

func keysLong(t *testing.T, tested engine.Engine) {
	heard := listen(t, tested.Broker, "a")
	for _, options := range []engine.PublishOptions{withKey(strings.Repeat("k", 256)), {Key: strings.Repeat("k", 256)}} {
		_, err := tested.Broker.Publish(t.Context(), "a", engine.Publication{Data: []byte("1")}, options)
		if !errors.Is(err, engine.ErrKeyTooLong) {
			t.Errorf("a key of 256 bytes: got %v, want %v", err, engine.ErrKeyTooLong)
		}
	}
	publish(t, tested.Broker, "a", "2", kept)
	if p := <-heard; string(p.Data) != "2" || p.Offset != 1 {
		t.Errorf("heard %s@%d, want 2@1", p.Data, p.Offset)
	}
}
