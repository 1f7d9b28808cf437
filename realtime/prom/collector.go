// Package prom shows a hub's numbers to Prometheus, for those who want that; the
// hub itself knows no metrics library.
package prom

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/observe"
)

// Source is what a hub tells of itself.
type Source interface {
	Stats() cluster.Stats
	Account() cluster.Account
	Channels() map[string]int
	Refusals() map[string]uint64
}

// Collector reads a hub when it is scraped. No label comes from a client: the
// only ones are close codes, of which the hub has a few dozen and others are
// counted as "other", the four ends of a publication, and the limits.
type Collector struct {
	source Source

	open, pending, opened, closed, in, out, off *prometheus.Desc
	channels, subscriptions, publications       *prometheus.Desc
	refused                                     *prometheus.Desc
}

// New returns a collector to register. namespace stands in front of every name,
// such as "yodel".
func New(namespace string, source Source) *Collector {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(prometheus.BuildFQName(namespace, "realtime", name), help, labels, nil)
	}
	return &Collector{
		source:        source,
		open:          desc("connections", "Active connections."),
		pending:       desc("connections_pending", "Connections that wait for their first message."),
		opened:        desc("connections_opened_total", "Sockets that were upgraded."),
		closed:        desc("connections_closed_total", "Sockets that ended, by close code.", "code"),
		in:            desc("frames_received_total", "Frames received."),
		out:           desc("messages_sent_total", "Messages accepted for sending."),
		off:           desc("off_contract_total", "Calls and publications of clients that had not the declared type."),
		channels:      desc("channels", "Channels that have subscribers here."),
		subscriptions: desc("subscriptions", "Subscriptions here."),
		publications:  desc("publications_total", "Publications to subscribers, by how they ended.", "outcome"),
		refused:       desc("refused_total", "What limits have refused, by the limit.", "limit"),
	}
}

// Describe implements prometheus.Collector.
func (c *Collector) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{c.open, c.pending, c.opened, c.closed, c.in, c.out, c.off, c.channels, c.subscriptions, c.publications, c.refused} {
		to <- desc
	}
}

// Collect implements prometheus.Collector.
func (c *Collector) Collect(to chan<- prometheus.Metric) {
	stats, account, channels := c.source.Stats(), c.source.Account(), c.source.Channels()
	gauge := func(desc *prometheus.Desc, value int) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(value))
	}
	count := func(desc *prometheus.Desc, value uint64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(value), labels...)
	}
	gauge(c.open, stats.Open)
	gauge(c.pending, stats.Pending)
	count(c.opened, stats.Opened)
	count(c.in, stats.In)
	count(c.out, stats.Out)
	count(c.off, stats.OffContract)
	for code, n := range byCode(stats.Closed) {
		count(c.closed, n, code)
	}
	subscriptions := 0
	for _, n := range channels {
		subscriptions += n
	}
	gauge(c.channels, len(channels))
	gauge(c.subscriptions, subscriptions)
	for outcome, n := range map[string]uint64{"owed": account.Owed, "delivered": account.Delivered, "recoverable": account.Recoverable, "dropped": account.Dropped} {
		count(c.publications, n, outcome)
	}
	for limit, n := range c.source.Refusals() {
		count(c.refused, n, limit)
	}
}

// byCode adds up what peers close with that no hub sends.
func byCode(closed map[int]uint64) map[string]uint64 {
	known := map[string]uint64{}
	for code, n := range closed {
		known[observe.CodeLabel(code)] += n
	}
	return known
}
