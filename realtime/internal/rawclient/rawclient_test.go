package rawclient_test

import (
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime/internal/rawclient"
)

// TestFrame_Lengths: of each kind of length, as a server reads and writes it.
func TestFrame_Lengths(t *testing.T) {
	for _, n := range []int{0, 125, 126, 65535, 65536} {
		payload := strings.Repeat("x", n)
		frame := rawclient.Frame(rawclient.Fin|rawclient.Text, payload)
		head := len(frame) - n - 4
		unmasked := frame[:1] + string(frame[1]&^0x80) + frame[2:head] + payload // a server's
		opcode, got, err := rawclient.Read(strings.NewReader(unmasked))
		if err != nil || opcode != rawclient.Text || got != payload {
			t.Errorf("%d bytes: got opcode %d, %d bytes, %v", n, opcode, len(got), err)
		}
	}
	if code, reason := rawclient.CloseOf(rawclient.ClosePayload(3501, "bad request")); code != 3501 || reason != "bad request" {
		t.Errorf("close: got %d %q, want 3501 bad request", code, reason)
	}
	if code, _ := rawclient.CloseOf(""); code != 1005 {
		t.Errorf("close without a code: got %d, want 1005", code)
	}
}
