package realtime

import "testing"

// TestPublicationBatch_EncodedOnce: however many subscribers a batch is handed to, it
// is encoded once for each encoding.
func TestPublicationBatch_EncodedOnce(t *testing.T) {
	b := newPublicationBatch("room:1", []queuedPublication{{1, Publication{Data: []byte("1")}}, {2, Publication{Data: []byte("2")}}})
	for _, enc := range []encoding{inJSON, inProtobuf} {
		if _, err := b.all(enc); err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(10, func() {
			_, _ = b.all(enc)
			_, _ = b.one(enc, 0)
		}); n > 0.9 {
			t.Errorf("encoding %v: got %v allocations for one more subscriber, want 0", enc, n)
		}
	}
}
