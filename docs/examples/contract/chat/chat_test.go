package chat_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/yodelrt/yodel/docs/examples/contract/chat"
	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/gen"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// TestTheContractIsWritten fails when a type was changed and not written down.
func TestTheContractIsWritten(t *testing.T) {
	files, err := chat.Written(".")
	if err != nil {
		t.Fatal(err)
	}
	if err := gen.Check("../web", files); err != nil {
		t.Error(err)
	}
}

func TestTheContractIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub, err := chat.New(realtimetest.Principal)
		if err != nil {
			t.Fatal(err)
		}
		alice := realtimetest.Serve(t, hub).Connect(realtime.Principal{UserID: "alice"})
		alice.Subscribe("room:1")
		alice.Call("message.send", chat.Send{Room: "1", Text: "hello"})
		alice.Call("message.erase", chat.Erase{Room: "1", ID: "1"})
		for _, want := range []string{`{"type":"message.sent","id":"1","from":"alice","text":"hello"`, `{"type":"message.erased","id":"1"}`} {
			if got := string(alice.Next().Pub.Data); !strings.HasPrefix(got, want) {
				t.Errorf("heard %s, want %s", got, want)
			}
		}
		refused := alice.Call("message.send", map[string]any{"room": "1", "text": 7})
		if refused.Error == nil || refused.Error.Code != 107 || hub.Stats().OffContract != 1 {
			t.Errorf("off the contract: got %s", refused.Raw)
		}
	})
}
