//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// clusterMetrics are what is measured of a cluster, in the order of the table.
var clusterMetrics = []struct{ name, about string }{
	{"arrive.cpu", "connect and subscribe, us CPU of the nodes"},
	{"arrive.store", "connect and subscribe, us CPU of the store"},
	{"idle.memory", "idle connection, kB Pss of the nodes"},
	{"lone.cpu", "a delivery, one publication at a time, us CPU of the nodes"},
	{"many.cpu", "a delivery, 64 publications under way, us CPU of the nodes"},
	{"lone.store", "a publication, one at a time, us CPU of the store"},
	{"many.store", "a publication, 64 under way, us CPU of the store"},
	{"few.cpu", "a publication for one subscriber a node, us CPU of the nodes"},
	{"few.store", "a publication for one subscriber a node, us CPU of the store"},
	{"lone.rate", "deliveries a second, one publication at a time"},
	{"many.rate", "deliveries a second, 64 under way"},
}

// writeCluster prints the table, and leaves it in the folder of -out.
func (r *results) writeCluster(o options, grown [][]string) error {
	var page strings.Builder
	fmt.Fprintf(&page, `# Nodes on one store

Written by `+"`make bench-cluster`"+`; [sizing](../sizing.md) calculates with it.

%s; medians of %d rounds. The store is one NATS server that writes each message through. All nodes
share the first core and the store the second with the clients, so deliveries a second cannot grow with the nodes here:
what a delivery costs says how they would on machines of their own.
`, r.machine(), r.rounds)
	writeTable(&page, append([]string{"figure"}, r.peers...), r.clusterRows())
	writeSizes(&page, grown)
	fmt.Print(page.String())
	if o.out == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(o.out, "cluster.md"), []byte(page.String()), 0o644)
}

func (r *results) clusterRows() (rows [][]string) {
	for _, m := range clusterMetrics {
		row := []string{m.about}
		for _, peer := range r.peers {
			row = append(row, cell(r.median(peer, m.name)))
		}
		rows = append(rows, row)
	}
	return rows
}
