package memory_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/contract"
	"github.com/yodelrt/yodel/realtime/memory"
)

func TestKeepsTheContract(t *testing.T) {
	contract.Run(t, func(*testing.T) realtime.Engine { return memory.New() }, synctest.Test)
}

// TestH177_memory_comes_back: a stream that nobody needs is forgotten, which its
// new epoch shows.
func TestH177_memory_comes_back(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broker := memory.New().Broker
		before, err := broker.Publish(t.Context(), "a", realtime.Publication{Data: []byte("1")}, realtime.PublishOptions{History: 5, TTL: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		for i := range 2000 {
			if _, err := broker.Publish(t.Context(), fmt.Sprint(i), realtime.Publication{}, realtime.PublishOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		after, err := broker.History(t.Context(), "a", realtime.HistoryQuery{})
		if err != nil || after.Top.Epoch == before.Epoch || after.Top.Offset != 0 {
			t.Errorf("two hours later: got %+v, %v, want a new epoch", after.Top, err)
		}
	})
}
