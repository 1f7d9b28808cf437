package chaos_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/yodelrt/yodel/e2e/chaos"
	"github.com/yodelrt/yodel/e2e/stack"
)

// raised is the cluster of this run; it costs enough to be shared.
var raised struct {
	once    sync.Once
	cluster *stack.Cluster
	err     error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if raised.cluster != nil {
		if err := raised.cluster.Close(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// lasts is how long faults go on, and skips the test where none are asked for.
func lasts(t *testing.T) time.Duration {
	t.Helper()
	asked := os.Getenv("YODEL_CLUSTER")
	if asked == "" {
		t.Skip("a cluster is raised when YODEL_CLUSTER says for how long it is to be broken, such as 30s")
	}
	how, err := time.ParseDuration(asked)
	if err != nil {
		t.Fatal(err)
	}
	return how
}

// drainRate is how many sockets a node that ends sends away in a second at most.
const drainRate = 40

// cluster is the one of this run, with everything in order.
func cluster(t *testing.T) *stack.Cluster {
	t.Helper()
	lasts(t)
	raised.once.Do(func() {
		began := time.Now()
		raised.cluster, raised.err = stack.Raise(t.Context(), stack.ClusterOptions{
			Root: "../..", Logs: os.Getenv("YODEL_CLUSTER_LOGS"),
			Env: map[string]string{
				"YODEL_MESSAGE_RATE": "100000", "YODEL_ACCESS_LIFE": "2h", "YODEL_PING_INTERVAL": "3s", "YODEL_PONG_TIMEOUT": "1s",
				"YODEL_DRAIN_RATE": strconv.Itoa(drainRate), "YODEL_DRAIN_TIME": "15s", "YODEL_LOG_LEVEL": "warn",
			},
		})
		t.Logf("the cluster stands after %s", time.Since(began).Round(100*time.Millisecond))
	})
	if raised.err != nil {
		t.Fatal(raised.err)
	}
	t.Cleanup(func() {
		if err := raised.cluster.Heal(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return raised.cluster
}

// seed is that of the schedule: a new one for each run, or the one that is asked
// for.
func seed(t *testing.T) uint64 {
	t.Helper()
	asked := os.Getenv("YODEL_CLUSTER_SEED")
	if asked == "" {
		return uint64(time.Now().UnixNano()) % 1_000_000
	}
	n, err := strconv.ParseUint(asked, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// settle holds a crowd's records against its ledger, and makes sure that the
// ledger would have seen one publication less.
func settle(t *testing.T, crowd *chaos.Crowd) chaos.Sums {
	t.Helper()
	records := crowd.Records()
	sums, wrong := crowd.Ledger().Settle(records)
	for i, sentence := range wrong {
		if i == 20 {
			t.Errorf("and %d more", len(wrong)-i)
			break
		}
		t.Error(sentence)
	}
	t.Logf("%d acknowledged, %d to be had, %d received, %d told of in %d gaps", sums.Acknowledged, sums.Entitled, sums.Received, sums.Told, sums.Gaps)
	t.Logf("why connections ended or were refused: %v", crowd.Troubles())
	for i, entry := range records[0].Entries {
		if entry.Number != 0 && !entry.Told {
			records[0].Entries = append(records[0].Entries[:i:i], records[0].Entries[i+1:]...)
			break
		}
	}
	if _, again := crowd.Ledger().Settle(records); len(again) <= len(wrong) {
		t.Error("a publication was taken out of a record, and the ledger did not notice")
	}
	return sums
}
