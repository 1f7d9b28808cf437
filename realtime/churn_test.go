package realtime_test

import (
	"os"
	"runtime"
	"sync"
	"testing"

	"github.com/coder/websocket"
)

// TestH184_connect_and_close_leaves_nothing opens and closes sockets and looks
// for what stays behind.
func TestH184_connect_and_close_leaves_nothing(t *testing.T) {
	cycles, workers := 10_000, 16
	if testing.Short() {
		cycles = 500
	}
	w := newTestPlain(t, nil)
	goroutines, descriptors := runtime.NumGoroutine(), openFiles(t)
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			for range cycles / workers {
				conn, _, err := w.dial("Test-User", string(rune('a'+worker)))
				if err != nil {
					t.Errorf("dial: %v", err)
					return
				}
				_ = conn.Close(websocket.StatusNormalClosure, "")
			}
		})
	}
	group.Wait()
	for closed := uint64(0); closed < uint64(cycles/workers*workers); {
		runtime.Gosched()
		closed = 0
		for _, n := range w.plain.Stats().Closed {
			closed += n
		}
	}
	if n := w.plain.Connections(); n != 0 {
		t.Errorf("connections: got %d, want 0", n)
	}
	w.server.CloseClientConnections()
	for range 1000 { // the last goroutines are on their way out
		runtime.Gosched()
	}
	if now := runtime.NumGoroutine(); now > goroutines+workers {
		t.Errorf("goroutines: got %d, began with %d", now, goroutines)
	}
	if now := openFiles(t); now > descriptors+workers {
		t.Errorf("descriptors: got %d, began with %d", now, descriptors)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Logf("descriptors are not counted here: %v", err)
		return 0
	}
	return len(entries)
}
