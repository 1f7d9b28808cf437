package app

import "github.com/prometheus/client_golang/prometheus"

// chatMetrics tells operators what the chat has refused and how its outbox goes.
// The only label is the name of a limit, from a list of our own.
type chatMetrics struct{ app *App }

var (
	refusedTotal = prometheus.NewDesc("yodel_chat_refused_total", "What limits against floods have refused.", []string{"limit"}, nil)
	toldTotal    = prometheus.NewDesc("yodel_chat_outbox_done_total", "Tasks of the outbox that were carried out.", nil, nil)
	failedTotal  = prometheus.NewDesc("yodel_chat_outbox_failures_total", "Times that the outbox had to wait.", nil, nil)
)

// Describe sends what there is.
func (m chatMetrics) Describe(to chan<- *prometheus.Desc) {
	to <- refusedTotal
	to <- toldTotal
	to <- failedTotal
}

// Collect sends how it stands.
func (m chatMetrics) Collect(to chan<- prometheus.Metric) {
	for name, n := range m.app.chat.Refused() {
		to <- prometheus.MustNewConstMetric(refusedTotal, prometheus.CounterValue, float64(n), name)
	}
	done, failed := m.app.relay.Counts()
	to <- prometheus.MustNewConstMetric(toldTotal, prometheus.CounterValue, float64(done))
	to <- prometheus.MustNewConstMetric(failedTotal, prometheus.CounterValue, float64(failed))
}
