// Command bench runs the same work on several servers in turns, in one run, and
// prints what each costs: CPU of the server process per unit of work, and memory
// per idle connection. Machines are noisy; read the ratios.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
)

// kinds are the servers, the first of which others are compared with.
var kinds = []string{"centrifuge", "melody", "hub"}

func main() {
	serve := flag.String("serve", "", "run this server instead of the comparison")
	connections := flag.Int("connections", 1000, "how many connections")
	rounds := flag.Int("rounds", 3, "how often each server has its turn; medians are printed")
	publications := flag.Int("publications", 300, "publications of a fan-out")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *serve != "" {
		if err := run(*serve); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	if err := compare(ctx, *connections, *rounds, *publications); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// compare lets the servers take turns and prints medians.
func compare(ctx context.Context, connections, rounds, publications int) error {
	samples := map[string]map[string][]float64{} // figure -> kind -> samples
	for range rounds {
		for _, kind := range kinds {
			figures, err := measure(ctx, kind, connections, publications)
			if err != nil {
				return fmt.Errorf("%s: %w", kind, err)
			}
			for name, value := range figures {
				if samples[name] == nil {
					samples[name] = map[string][]float64{}
				}
				samples[name][kind] = append(samples[name][kind], value)
			}
		}
	}
	fmt.Printf("%-44s", fmt.Sprintf("%d connections, medians of %d", connections, rounds))
	for _, kind := range kinds {
		fmt.Printf("%14s", kind)
	}
	fmt.Printf("%16s%16s\n", "hub/centrifuge", "hub/melody")
	for _, name := range figureNames {
		fmt.Printf("%-44s", name)
		value := map[string]float64{}
		for _, kind := range kinds {
			value[kind] = median(samples[name][kind])
			fmt.Printf("%14.2f", value[kind])
		}
		fmt.Printf("%15.2fx%15.2fx\n", value["hub"]/value["centrifuge"], value["hub"]/value["melody"])
	}
	return nil
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
