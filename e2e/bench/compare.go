//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/yodelrt/yodel/e2e/bench/peers"
)

// results are the values of a run: for each peer and metric, one a round.
type results struct {
	pinned  string
	rounds  int
	quick   bool
	peers   []string
	values  map[string]map[string][]float64 // metric -> peer -> rounds
	missing map[string]string               // peer and figure -> why not
}

// compare lets the servers take turns, figure by figure, and prints the medians.
func compare(ctx context.Context, o options) error {
	r := &results{pinned: pinClients(), quick: o.quick, peers: o.peers, values: map[string]map[string][]float64{}, missing: map[string]string{}}
	for round := range o.rounds {
		for _, name := range o.figures {
			figure, _ := findFigure(name)
			for _, peer := range turn(o.peers, round) {
				if err := r.measure(ctx, o, figure, peer); err != nil {
					return err
				}
			}
			fmt.Fprintf(os.Stderr, "round %d of %d: %s\n", round+1, o.rounds, name)
		}
		r.rounds = round + 1
		if o.out != "" { // after each round, so that a run that is ended is not for nothing
			if err := r.write(o.out); err != nil {
				return err
			}
		}
	}
	fmt.Print(r.text())
	for where := range r.missing {
		if strings.HasPrefix(where, "hub: ") {
			return errHub
		}
	}
	return nil
}

var errHub = errors.New("a figure of the hub could not be measured")

// turn lets another peer begin in each round.
func turn(names []string, round int) []string {
	first := round % len(names)
	return slices.Concat(names[first:], names[:first])
}

// measure takes one figure of one peer. One that fails is reported as missing.
func (r *results) measure(ctx context.Context, o options, f figure, peer string) error {
	kind, err := peers.Find(peer)
	if err != nil {
		return err
	}
	where := peer + ": " + f.name
	if f.channels && !kind.Protocol {
		r.missing[where] = "it has no channels"
		return nil
	}
	values, err := take(ctx, o, f, kind)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		r.missing[where] = err.Error()
		return nil
	}
	r.add(peer, values)
	return nil
}

// add keeps the values of one round.
func (r *results) add(peer string, values map[string]float64) {
	for name, value := range values {
		if r.values[name] == nil {
			r.values[name] = map[string][]float64{}
		}
		r.values[name][peer] = append(r.values[name][peer], value)
	}
}

func take(ctx context.Context, o options, f figure, kind peers.Kind) (map[string]float64, error) {
	s, err := open(ctx, o, kind, f.name)
	if err != nil {
		return nil, err
	}
	defer s.close()
	return f.measure(s)
}

// median is a peer's median over the rounds.
func (r *results) median(peer, metric string) (float64, bool) { return median(r.values[metric][peer]) }

// ratio is the median, over the rounds, of what the hub costs over what a peer
// costs in the same round: neighbours in time, so that the machine's moods are
// shared.
func (r *results) ratio(metric, peer string) (float64, bool) {
	ours, theirs := r.values[metric]["hub"], r.values[metric][peer]
	if len(ours) != len(theirs) {
		return 0, false
	}
	var ratios []float64
	for i, value := range ours {
		ratios = append(ratios, value/theirs[i])
	}
	return median(ratios)
}

func median(values []float64) (float64, bool) {
	if len(values) == 0 {
		return 0, false
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[middle-1] + sorted[middle]) / 2, true
	}
	return sorted[middle], true
}
