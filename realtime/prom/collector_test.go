package prom_test

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/prom"
)

// numbers are a hub's.
type numbers struct{ closed map[int]uint64 }

func (n numbers) Stats() cluster.Stats {
	return cluster.Stats{Open: 2, Pending: 1, Opened: 9, Closed: n.closed, In: 30, Out: 40}
}

func (numbers) Account() cluster.Account {
	return cluster.Account{Owed: 10, Delivered: 7, Recoverable: 2, Dropped: 1}
}

func (numbers) Refusals() map[string]uint64 { return map[string]uint64{"connections": 5, "age": 0} }

func (numbers) Channels() map[string]int { return map[string]int{"room:1": 2, "room:2": 3} }

func TestCollector_Numbers(t *testing.T) {
	collector := prom.New("yodel", numbers{map[int]uint64{3503: 4}})
	want := `
# HELP yodel_realtime_connections Active connections.
# TYPE yodel_realtime_connections gauge
yodel_realtime_connections 2
# HELP yodel_realtime_connections_closed_total Sockets that ended, by close code.
# TYPE yodel_realtime_connections_closed_total counter
yodel_realtime_connections_closed_total{code="3503"} 4
# HELP yodel_realtime_publications_total Publications to subscribers, by how they ended.
# TYPE yodel_realtime_publications_total counter
yodel_realtime_publications_total{outcome="delivered"} 7
yodel_realtime_publications_total{outcome="dropped"} 1
yodel_realtime_publications_total{outcome="owed"} 10
yodel_realtime_publications_total{outcome="recoverable"} 2
# HELP yodel_realtime_refused_total What limits have refused, by the limit.
# TYPE yodel_realtime_refused_total counter
yodel_realtime_refused_total{limit="age"} 0
yodel_realtime_refused_total{limit="connections"} 5
# HELP yodel_realtime_subscriptions Subscriptions here.
# TYPE yodel_realtime_subscriptions gauge
yodel_realtime_subscriptions 5
`
	names := []string{"yodel_realtime_connections", "yodel_realtime_connections_closed_total", "yodel_realtime_publications_total", "yodel_realtime_refused_total", "yodel_realtime_subscriptions"}
	if err := testutil.CollectAndCompare(collector, strings.NewReader(want), names...); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.CollectAndLint(collector); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}

func TestH233_labels_are_not_the_peers_to_choose(t *testing.T) {
	closed := map[int]uint64{}
	for code := 4000; code < 5000; code++ {
		closed[code] = 1
	}
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(prom.New("yodel", numbers{closed}))
	n, err := testutil.GatherAndCount(registry, "yodel_realtime_connections_closed_total")
	if err != nil || n != 1 {
		t.Errorf("series for a thousand codes: got %d, %v, want 1", n, err)
	}
}
