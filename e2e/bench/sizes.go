//go:build linux

package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/yodelrt/yodel/e2e/bench/peers"
)

// sizes are those of one node on a store at which what sizing assumes is checked:
// that a connection and a delivery cost the same, however many there are.
var sizes = []int{1000, 5000, 15_000}

// atSizes lets one node grow and returns a row for each size.
func atSizes(ctx context.Context, o options) (rows [][]string, err error) {
	f, err := openFleet(ctx, o, setUp{"1 node", 1, true})
	if err != nil {
		return nil, err
	}
	defer f.end()
	if err := f.gather(settled); err != nil {
		return nil, err
	}
	empty, err := f.held()
	if err != nil {
		return nil, err
	}
	for _, size := range sizes {
		row, err := f.growTo(o.some(size), empty)
		if err != nil {
			return nil, fmt.Errorf("%d connections: %w", size, err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// growTo adds connections up to size and measures what each holds, what it cost to
// let in the last of them, and what a delivery to all of them costs.
func (f *fleet) growTo(size int, empty float64) ([]string, error) {
	more := size + settled - len(f.crowd.Members())
	arrived, err := f.bill(func() error { return f.gatherMore(more) })
	if err != nil {
		return nil, err
	}
	held, err := f.held()
	if err != nil {
		return nil, err
	}
	audience, times := size+settled, max(400_000/size, 20)
	if err := f.fanOut(peers.History, audience, 5, 1, 1); err != nil {
		return nil, err
	}
	heard, err := f.bill(func() error { return f.fanOut(peers.History, audience, times, 1, 1) })
	if err != nil {
		return nil, err
	}
	return []string{
		fmt.Sprint(size), cell((held-empty)/float64(size), true), cell(arrived.nodes/float64(more), true),
		cell(heard.nodes/float64(times*audience), true),
	}, nil
}

// writeSizes adds their table to the page.
func writeSizes(page *strings.Builder, rows [][]string) {
	page.WriteString("\n## One node as it grows\n\nAll connections are subscribed to one channel with a history and presence.\n")
	writeTable(page, []string{"connections", "idle, kB Pss each", "connect and subscribe, us CPU", "a delivery, us CPU"}, rows)
}
