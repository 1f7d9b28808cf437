//go:build linux

// Command bench puts the hub and its peers through the same work, in turns, in one
// run, and prints what each costs beside the budgets. Servers run on one core and
// the clients on another. Machines are noisy; read the ratios.
//
//	go run . -peers hub,centrifuge,melody -figures lone,burst -rounds 3
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"github.com/yodelrt/yodel/e2e/bench/peers"
)

func main() {
	if err := bench(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench() error {
	var o options
	serve := flag.String("serve", "", "run this server instead of the comparison")
	flag.Var(&o.peers, "peers", "the servers, with commas between: "+strings.Join(peerNames(), ", "))
	flag.Var(&o.figures, "figures", "the figures, with commas between: "+strings.Join(figureNames(), ", "))
	flag.IntVar(&o.rounds, "rounds", 5, "how often each server has its turn at each figure; medians are printed")
	flag.BoolVar(&o.quick, "quick", false, "a fifth of the connections and of the work, to see that everything runs")
	flag.IntVar(&o.work, "work", 1, "so many times the work, for profiles with more samples")
	flag.StringVar(&o.profiles, "profile", "", "a folder for CPU and heap profiles of the hub during each figure; profiling costs, so don't compare such a run")
	scaled := flag.Bool("cluster", false, "compare one, two and three nodes on a NATS server with one node in memory, instead of the peers")
	flag.StringVar(&o.out, "out", "", "a folder for the tables: latest.md and latest.json")
	flag.Parse()
	if *serve != "" {
		return peers.Serve(*serve)
	}
	if err := o.complete(); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *scaled {
		return scale(ctx, o)
	}
	return compare(ctx, o)
}

// list is a flag of names with commas between.
type list []string

// String implements flag.Value.
func (l *list) String() string { return strings.Join(*l, ",") }

// Set implements flag.Value.
func (l *list) Set(text string) error {
	*l = strings.Split(text, ",")
	return nil
}

// options are what the flags say.
type options struct {
	peers, figures list
	rounds, work   int
	quick          bool
	profiles, out  string
}

func (o *options) complete() error {
	if o.peers == nil {
		o.peers = peerNames()
	}
	if o.figures == nil {
		o.figures = figureNames()
	}
	for _, name := range o.peers {
		if _, err := peers.Find(name); err != nil {
			return err
		}
	}
	for _, name := range o.figures {
		if _, known := findFigure(name); !known {
			return fmt.Errorf("no figure is called %q; there are %s", name, strings.Join(figureNames(), ", "))
		}
	}
	if o.rounds < 1 || o.work < 1 {
		return fmt.Errorf("-rounds and -work are at least 1")
	}
	return nil
}

// some is how many of something a run uses.
func (o *options) some(n int) int {
	if o.quick {
		n /= 5
	}
	return n
}

func peerNames() (names []string) {
	for _, kind := range peers.Kinds {
		names = append(names, kind.Name)
	}
	return names
}

func figureNames() (names []string) {
	for _, one := range figures {
		names = append(names, one.name)
	}
	return names
}
