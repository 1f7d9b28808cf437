package plain_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/plain"
)

// TestBroadcast_NotJSON: what peers could not read is refused to whoever sends it.
func TestBroadcast_NotJSON(t *testing.T) {
	handler, err := plain.New(plain.Config{Principal: nobody})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = handler.Shutdown(t.Context()) })
	message := map[string]any{"type": "x", "data": json.RawMessage("\"\xff\"")}
	if _, err := handler.Broadcast(t.Context(), message); !errors.Is(err, realtime.ErrNotJSON) {
		t.Errorf("Broadcast: got %v, want ErrNotJSON", err)
	}
	if _, err := handler.SendToUser(t.Context(), "alice", message); !errors.Is(err, realtime.ErrNotJSON) {
		t.Errorf("SendToUser: got %v, want ErrNotJSON", err)
	}
}

// TestError_IsConstant: one of the application's own equals the handler's by its code.
func TestError_IsConstant(t *testing.T) {
	const own plain.Error = "unknown_type"
	if !errors.Is(own, plain.ErrUnknownType) || own.Error() != "unknown_type" {
		t.Errorf("got %v, want the same error and its code as text", own)
	}
}
