package chaos_test

import (
	"strings"
	"testing"

	"github.com/yodelrt/yodel/e2e/chaos"
)

func message(n int64) chaos.Entry { return chaos.Entry{Number: n, Offset: uint64(n)} }

// TestTheLedgerCanFail: what must not happen is seen, and what may is not held
// against anybody.
func TestTheLedgerCanFail(t *testing.T) {
	for name, test := range map[string]struct {
		entries []chaos.Entry
		ended   string
		want    string // part of a sentence; empty: all is well
	}{
		"all of it, in order":          {entries: []chaos.Entry{message(1), message(2), message(3)}},
		"others' events between them":  {entries: []chaos.Entry{message(1), {Offset: 2}, {Number: 2, Offset: 3}, {Number: 3, Offset: 4}}},
		"told of a gap":                {entries: []chaos.Entry{message(1), {Told: true, Offset: 2}, message(3)}},
		"told of a gap at the end":     {entries: []chaos.Entry{message(1), {Told: true, Offset: 3}}},
		"told in another epoch":        {entries: []chaos.Entry{message(1), message(2), {Told: true, Offset: 0}, {Number: 3, Offset: 1}}},
		"one was dropped":              {entries: []chaos.Entry{message(1), message(3)}, want: "messages 2 to 2 are missing"},
		"dropped and numbered again":   {entries: []chaos.Entry{message(1), {Number: 3, Offset: 2}}, want: "messages 2 to 2 are missing"},
		"the last was dropped":         {entries: []chaos.Entry{message(1), message(2)}, want: "messages from 3 on are missing"},
		"one came twice":               {entries: []chaos.Entry{message(1), message(2), {Number: 2, Offset: 3}, {Number: 3, Offset: 4}}, want: "came twice"},
		"two changed places":           {entries: []chaos.Entry{message(1), {Number: 3, Offset: 2}, {Number: 2, Offset: 3}}, want: "out of order"},
		"one that nobody acknowledged": {entries: []chaos.Entry{message(1), message(2), message(3), message(4)}, want: "never acknowledged"},
		"told before, lost later":      {entries: []chaos.Entry{{Told: true, Offset: 0}, message(1), {Number: 3, Offset: 2}}, want: "messages 2 to 2 are missing"},
		"ended for good":               {entries: []chaos.Entry{message(1), message(2), message(3)}, ended: "4501", want: "ended for good"},
	} {
		t.Run(name, func(t *testing.T) {
			var ledger chaos.Ledger
			for n := int64(1); n <= 3; n++ {
				ledger.Acknowledge("a", n)
			}
			sums, wrong := ledger.Settle([]chaos.Record{{Who: "alice", Room: "a", Entries: test.entries, Ended: test.ended}})
			said := strings.Join(wrong, "\n")
			if (test.want == "") != (len(wrong) == 0) || !strings.Contains(said, test.want) {
				t.Errorf("got %q, want %q", said, test.want)
			}
			if test.want == "" && sums.Received+sums.Told != 3 {
				t.Errorf("sums: got %+v, want 3 in all", sums)
			}
		})
	}
}

func TestAGapInWhatWasAcknowledgedIsSeen(t *testing.T) {
	var ledger chaos.Ledger
	ledger.Acknowledge("a", 1)
	ledger.Acknowledge("a", 3)
	if _, wrong := ledger.Settle(nil); len(wrong) != 1 {
		t.Errorf("got %q, want one sentence", wrong)
	}
}
