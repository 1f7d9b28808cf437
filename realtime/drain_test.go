package realtime_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

// TestShutdown_Paced: connections are ended at even steps, at most DrainRate a
// second, faster only where the caller's time would not do.
func TestShutdown_Paced(t *testing.T) {
	const people, rate = 40, 10
	for _, c := range []struct {
		name        string
		within      time.Duration
		least, most time.Duration // of the whole
	}{
		{"in time", time.Minute, 3900 * time.Millisecond, 4 * time.Second},
		{"in too little time", 2 * time.Second, 1755 * time.Millisecond, 1800 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			var mu sync.Mutex
			var ends []time.Time
			hubBubble(t, func(config *realtime.Config) {
				config.DrainSpread, config.DrainRate = time.Millisecond, rate
				config.Disconnect = func(*realtime.Conn, realtime.Close) {
					mu.Lock()
					defer mu.Unlock()
					ends = append(ends, time.Now())
				}
			}, func(t *testing.T, testHub *testHub) {
				for i := range people {
					reads(testHub.join(fmt.Sprint("user", i)))
				}
				began := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), c.within)
				defer cancel()
				if err := testHub.hub.Shutdown(ctx); err != nil {
					t.Fatal(err)
				}
				if len(ends) != people {
					t.Fatalf("%d ended, want %d", len(ends), people)
				}
				if took := ends[people-1].Sub(began); took < c.least || took > c.most {
					t.Errorf("the last ended after %s, want %s to %s", took, c.least, c.most)
				}
				step := c.most / people
				for i, end := range ends {
					if after := end.Sub(began); after < time.Duration(i)*step || after > time.Duration(i+1)*step {
						t.Fatalf("number %d ended after %s, want it within its step of %s", i, after, step)
					}
				}
			})
		})
	}
}

// reads answers closes as a client does.
func reads(k *rawClient) {
	go func() {
		for {
			if _, _, err := k.conn.Read(context.Background()); err != nil {
				return
			}
		}
	}()
}
