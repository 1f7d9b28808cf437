package refusal_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/yodelrt/yodel/app/refusal"
)

func TestTheTable(t *testing.T) {
	codes, words := map[uint32]string{}, map[string]uint32{}
	for _, kind := range refusal.Kinds() {
		if kind.Code < 400 || kind.Code > 1999 {
			t.Errorf("%s: %d is not an application's code", kind.Word, kind.Code)
		}
		if codes[kind.Code] != "" || words[kind.Word] != 0 {
			t.Errorf("%s or %d stands twice", kind.Word, kind.Code)
		}
		codes[kind.Code], words[kind.Word] = kind.Word, kind.Code
		if kind.Status < 400 || kind.Status > 499 || kind.Message == "" {
			t.Errorf("%s: status %d, message %q", kind.Word, kind.Status, kind.Message)
		}
	}
	err := fmt.Errorf("do it: %w", refusal.Taken.Say("There is a %s already.", "room"))
	if !errors.Is(err, refusal.Taken.Plain()) || errors.Is(err, refusal.NoRoom.Plain()) {
		t.Errorf("%v is not told from other kinds", err)
	}
}
