//go:build linux

package main

import "fmt"

// metric is one value of a figure.
type metric struct {
	name, figure, about, unit string
}

var metrics = []metric{
	{"connect.cpu", "connect", "authenticated connect (cookie, HS256)", "us CPU"},
	{"idle.memory", "idle", "idle connection, of 5,000, subscribed", "kB Pss"},
	{"idle.own", "idle", "of it heap and stacks", "kB"},
	{"tls.memory", "tls", "idle connection over TLS, of 5,000, subscribed", "kB Pss"},
	{"lone.cpu", "lone", "fan-out to 1,000, one publication at a time", "us CPU / delivery"},
	{"outstanding.cpu", "outstanding", "fan-out to 1,000, 64 outstanding", "us CPU / delivery"},
	{"burst.cpu", "burst", "fan-out to 1,000, bursts of 100", "us CPU / delivery"},
	{"client1.cpu", "client1", "fan-out to 1,000 by a client, one publication at a time", "us CPU / delivery"},
	{"client1.joined", "client1", "of it", "messages / frame"},
	{"client8.cpu", "client8", "fan-out to 1,000 by a client, 8 outstanding", "us CPU / delivery"},
	{"client8.joined", "client8", "of it", "messages / frame"},
	{"client64.cpu", "client64", "fan-out to 1,000 by a client, 64 outstanding", "us CPU / delivery"},
	{"client64.joined", "client64", "of it", "messages / frame"},
	{"clientburst.cpu", "clientburst", "fan-out to 1,000 by a client, bursts of 100", "us CPU / delivery"},
	{"clientburst.joined", "clientburst", "of it", "messages / frame"},
	{"latency.p50", "latency", "delivery at 20 msg/s x 1,000, p50", "ms"},
	{"latency.p99", "latency", "delivery at 20 msg/s x 1,000, p99", "ms"},
	{"echo1.cpu", "echo1", "echo, 1 outstanding", "us CPU / call"},
	{"echo16.cpu", "echo16", "echo, 16 outstanding", "us CPU / call"},
	{"history.lone", "history", "history 100 on over off, one at a time", "% CPU more"},
	{"history.outstanding", "history", "history 100 on over off, 64 outstanding", "% CPU more"},
	{"crowd.cpu", "crowd", "10,000 connections, a message each 500 ms", "us CPU / delivery"},
	{"grow.connections", "grow", "cost per delivery, 10,000 over 1,000 connections", "x"},
	{"grow.channels", "grow", "cost per delivery, 1,000 channels over 1", "x"},
	{"repeats.refresh", "repeats", "one connection after 100,000 refreshes", "kB heap more"},
	{"repeats.names", "repeats", "one connection after 100,000 channels subscribed and left", "kB heap more"},
	{"repeats.refused", "repeats", "one connection after 100,000 refused commands", "kB heap more"},
}

// budget is what the hub may cost: so many times what a peer does, or so much
// where peer is empty.
type budget struct {
	metric, level string
	limit         float64
	peer          string
}

var budgets = []budget{
	{"connect.cpu", "due", 1.5, "melody"}, {"connect.cpu", "due", 0.25, "express-ws"}, {"connect.cpu", "goal", 1.2, "melody"}, {"connect.cpu", "beyond", 1.2, "gws"},
	{"idle.memory", "due", 0.55, "centrifuge"}, {"idle.memory", "due", 16, ""}, {"idle.memory", "goal", 11, ""}, {"idle.memory", "beyond", 3, ""},
	{"lone.cpu", "due", 1, "centrifuge"}, {"lone.cpu", "due", 1.05, "melody"}, {"lone.cpu", "goal", 0.8, "centrifuge"}, {"lone.cpu", "goal", 1, "gws"}, {"lone.cpu", "beyond", 1.2, "floor"},
	{"outstanding.cpu", "due", 0.5, "centrifuge"}, {"outstanding.cpu", "goal", 0.2, "centrifuge"}, {"outstanding.cpu", "beyond", 1.5, "floor-batch"},
	{"burst.cpu", "due", 0.5, "centrifuge"}, {"burst.cpu", "goal", 0.2, "centrifuge"}, {"burst.cpu", "beyond", 1.5, "floor-batch"},
	{"client8.cpu", "due", 0.3, "centrifuge"}, {"client64.cpu", "due", 0.3, "centrifuge"}, {"clientburst.cpu", "due", 0.3, "centrifuge"},
	{"latency.p50", "due", 1, "centrifuge"}, {"latency.p50", "goal", 0.6, "centrifuge"}, {"latency.p50", "beyond", 1.3, "floor"},
	{"latency.p99", "due", 1, "centrifuge"}, {"latency.p99", "goal", 0.7, "centrifuge"},
	{"echo16.cpu", "due", 1, "centrifuge"}, {"echo16.cpu", "goal", 0.5, "centrifuge"}, {"echo16.cpu", "beyond", 2, "floor-batch"},
	{"history.lone", "due", 10, ""}, {"history.lone", "goal", 5, ""},
	{"history.outstanding", "due", 10, ""}, {"history.outstanding", "goal", 5, ""},
	{"crowd.cpu", "due", 0.9, "centrifuge"}, {"crowd.cpu", "goal", 0.65, "centrifuge"},
	{"grow.connections", "due", 1.5, ""}, {"grow.connections", "goal", 1.2, ""},
	{"grow.channels", "due", 1.5, ""}, {"grow.channels", "goal", 1.2, ""},
	{"repeats.refresh", "due", 64, ""}, {"repeats.names", "due", 64, ""}, {"repeats.refused", "due", 64, ""},
}

// verdict is how the hub stands to a budget.
type verdict struct {
	Metric, Level, Budget string
	Got                   float64
	Met, Judged           bool
}

// judge holds the hub against a budget.
func (r *results) judge(b budget) verdict {
	v := verdict{Metric: b.metric, Level: b.level, Budget: fmt.Sprintf("<= %g", b.limit)}
	if b.peer == "" {
		v.Got, v.Judged = r.median("hub", b.metric)
	} else {
		v.Budget = fmt.Sprintf("<= %gx %s", b.limit, b.peer)
		v.Got, v.Judged = r.ratio(b.metric, b.peer)
	}
	v.Met = v.Judged && v.Got <= b.limit
	return v
}
