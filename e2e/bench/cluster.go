//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/yodelrt/yodel/e2e/bench/load"
	"github.com/yodelrt/yodel/e2e/bench/peers"
)

// setUp is what is compared of a cluster.
type setUp struct {
	name  string
	nodes int
	store bool // a NATS server holds the channels; else the process
}

var setUps = []setUp{{"memory", 1, false}, {"1 node", 1, true}, {"2 nodes", 2, true}, {"3 nodes", 3, true}}

// fleet is a set-up at work, with one crowd spread evenly over its nodes.
type fleet struct {
	*session
	nodes []*process
	store *process // nil for none
}

// openFleet starts the store, and the nodes on the first core, all of them.
func openFleet(ctx context.Context, o options, what setUp) (_ *fleet, err error) {
	f := &fleet{}
	defer func() {
		if err != nil {
			f.end()
		}
	}()
	kind, env := peers.Kinds[0], ""
	if what.store {
		if f.store, err = start(ctx, peers.Store); err != nil {
			return nil, err
		}
		kind, env = peers.Node, peers.StoreAt+"="+f.store.address
	}
	var hosts []string
	for range what.nodes {
		node, err := start(ctx, kind, env)
		if err != nil {
			return nil, err
		}
		f.nodes, hosts = append(f.nodes, node), append(hosts, node.address)
	}
	crowd, err := load.NewCrowd(hosts...)
	if err != nil {
		return nil, err
	}
	f.session = &session{process: f.nodes[0], ctx: ctx, o: o, crowd: crowd, say: f.inTurns(), name: what.name}
	return f, nil
}

// inTurns publishes by one node after the other.
func (f *fleet) inTurns() func(channel string, count int) error {
	turn := 0
	return func(channel string, count int) error {
		turn++
		return f.nodes[turn%len(f.nodes)].publish(channel, count)
	}
}

func (f *fleet) end() {
	if f.session != nil {
		f.crowd.Close()
	}
	for _, p := range append(slices.Clone(f.nodes), f.store) {
		if p != nil {
			_ = p.lines.Close()
			p.stop()
		}
	}
}

// spent is what nodes and store have computed, in microseconds.
func (f *fleet) spent() (nodes, store float64, err error) {
	for _, node := range f.nodes {
		used, err := node.cpu()
		if err != nil {
			return 0, 0, err
		}
		nodes += used
	}
	if f.store != nil {
		store, err = f.store.cpu()
	}
	return nodes, store, err
}

// bill is what some work cost.
type bill struct {
	nodes, store float64 // microseconds of CPU
	took         time.Duration
}

func (f *fleet) bill(work func() error) (bill, error) {
	nodes, store, err := f.spent()
	if err != nil {
		return bill{}, err
	}
	began := time.Now()
	if err := work(); err != nil {
		return bill{}, err
	}
	took := time.Since(began)
	nodesAfter, storeAfter, err := f.spent()
	return bill{nodesAfter - nodes, storeAfter - store, took}, err
}

// held is what the nodes hold together, in kilobytes.
func (f *fleet) held() (kilobytes float64, err error) {
	for _, node := range f.nodes {
		found, err := node.memory(f.ctx)
		if err != nil {
			return 0, err
		}
		kilobytes += found.pss
	}
	return kilobytes, nil
}

// Sizes of a cluster's figures.
const (
	settled   = 60   // connections that are there before anything is measured
	arrivals  = 3000 // connections that arrive then
	broadcast = 200  // publications to all of them
	outgoing  = 64   // of them under way at a time
	quiet     = 2000 // publications to a channel with one subscriber a node
	fewAtOnce = 16   // of those under way at a time
)

// measure puts one set-up through all figures.
func (f *fleet) measure() (map[string]float64, error) {
	values := map[string]float64{}
	if err := f.gather(settled); err != nil {
		return nil, err
	}
	before, err := f.held()
	if err != nil {
		return nil, err
	}
	count := f.o.some(arrivals)
	arrived, err := f.bill(func() error { return f.gatherMore(count) })
	if err != nil {
		return nil, err
	}
	after, err := f.held()
	if err != nil {
		return nil, err
	}
	values["arrive.cpu"], values["arrive.store"] = arrived.nodes/float64(count), arrived.store/float64(count)
	values["idle.memory"] = (after - before) / float64(count)
	for _, figure := range []struct {
		name            string
		times, underWay int
	}{{"lone", f.o.some(broadcast), 1}, {"many", f.o.some(broadcast) * 5, outgoing}} {
		if err := f.heardBy(count+settled, figure.name, figure.times, figure.underWay, values); err != nil {
			return nil, err
		}
	}
	return values, f.toFew(values)
}

// heardBy publishes to everybody.
func (f *fleet) heardBy(audience int, name string, times, underWay int, values map[string]float64) error {
	if err := f.fanOut(peers.History, audience, 10, 1, 1); err != nil {
		return err
	}
	spent, err := f.bill(func() error { return f.fanOut(peers.History, audience, times, underWay, 1) })
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	deliveries := float64(audience * times)
	values[name+".cpu"], values[name+".rate"] = spent.nodes/deliveries, deliveries/spent.took.Seconds()
	values[name+".store"] = spent.store / float64(times)
	return nil
}

// toFew publishes to a channel with one subscriber on each node: what is left is
// the cost of a publication.
func (f *fleet) toFew(values map[string]float64) error {
	members, times := f.crowd.Members()[:len(f.nodes)], f.o.some(quiet)
	if err := f.subscribe(members, func(int) string { return peers.Room + "few" }); err != nil {
		return err
	}
	f.ids++
	if err := f.fanOut(peers.Room+"few", len(members), 20, 1, 1); err != nil {
		return err
	}
	spent, err := f.bill(func() error { return f.fanOut(peers.Room+"few", len(members), times, fewAtOnce, 1) })
	values["few.cpu"], values["few.store"] = spent.nodes/float64(times), spent.store/float64(times)
	return err
}

// scale puts the set-ups through the same work, in turns.
func scale(ctx context.Context, o options) error {
	r := &results{pinned: pinClients(), quick: o.quick, rounds: o.rounds, values: map[string]map[string][]float64{}}
	for _, what := range setUps {
		r.peers = append(r.peers, what.name)
	}
	for round := range o.rounds {
		for i := range setUps {
			what := setUps[(i+round)%len(setUps)]
			f, err := openFleet(ctx, o, what)
			if err != nil {
				return fmt.Errorf("%s: %w", what.name, err)
			}
			values, err := f.measure()
			f.end()
			if err != nil {
				return fmt.Errorf("%s: %w", what.name, err)
			}
			r.add(what.name, values)
			fmt.Fprintf(os.Stderr, "round %d of %d: %s\n", round+1, o.rounds, what.name)
		}
	}
	grown, err := atSizes(ctx, o)
	if err != nil {
		return err
	}
	return r.writeCluster(o, grown)
}
