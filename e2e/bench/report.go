//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/sys/unix"

	"github.com/yodelrt/yodel/e2e/bench/peers"
)

// cell prints a value with as many digits as mean something.
func cell(value float64, ok bool) string {
	switch {
	case !ok:
		return "-"
	case math.Abs(value) >= 100:
		return fmt.Sprintf("%.0f", value)
	case math.Abs(value) >= 10:
		return fmt.Sprintf("%.1f", value)
	}
	return fmt.Sprintf("%.2f", value)
}

// rows are the metrics that were measured, a line each: what it is, then a cell
// for each peer.
func (r *results) rows() (rows [][]string) {
	for _, m := range metrics {
		if r.values[m.name] == nil {
			continue
		}
		row := []string{m.about + ", " + m.unit}
		for _, peer := range r.peers {
			row = append(row, cell(r.median(peer, m.name)))
		}
		rows = append(rows, row)
	}
	return rows
}

// verdicts holds the hub against every budget that was measured.
func (r *results) verdicts() (all []verdict) {
	for _, b := range budgets {
		if r.values[b.metric] != nil {
			all = append(all, r.judge(b))
		}
	}
	return all
}

func (v verdict) row() []string {
	about := v.Metric
	for _, m := range metrics {
		if m.name == v.Metric {
			about = m.about
		}
	}
	switch {
	case !v.Judged:
		return []string{about, v.Level, v.Budget, "-", "not measured"}
	case v.Met:
		return []string{about, v.Level, v.Budget, cell(v.Got, true), "met"}
	}
	return []string{about, v.Level, v.Budget, cell(v.Got, true), "MISSED"}
}

// text is the result for a terminal.
func (r *results) text() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s; medians of %d rounds\n\n", r.machine(), r.rounds)
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, strings.Join(append([]string{"figure"}, r.peers...), "\t"))
	for _, row := range r.rows() {
		fmt.Fprintln(table, strings.Join(row, "\t"))
	}
	fmt.Fprintln(table)
	for _, v := range r.verdicts() {
		fmt.Fprintln(table, strings.Join(v.row(), "\t"))
	}
	_ = table.Flush() // to memory
	for _, where := range slices.Sorted(maps.Keys(r.missing)) {
		fmt.Fprintf(&out, "not measured: %s: %s\n", where, r.missing[where])
	}
	return out.String()
}

// markdown is the page of the latest run.
func (r *results) markdown() string {
	var out strings.Builder
	fmt.Fprintf(&out, "# The latest run\n\nWritten by `make bench`; [README](README.md) says what is measured and how.\n\n%s; medians of %d rounds.\n\n", r.machine(), r.rounds)
	for _, name := range r.peers {
		if kind, err := peers.Find(name); err == nil {
			fmt.Fprintf(&out, "- **%s**: %s\n", name, kind.About)
		}
	}
	writeTable(&out, append([]string{"figure"}, r.peers...), r.rows())
	out.WriteString("\n## Budgets\n\nThe hub over a peer is the median of the rounds' ratios.\n")
	var rows [][]string
	for _, v := range r.verdicts() {
		rows = append(rows, v.row())
	}
	writeTable(&out, []string{"figure", "level", "budget", "the hub", ""}, rows)
	if len(r.missing) > 0 {
		out.WriteString("\n## Not measured\n\n")
		for _, where := range slices.Sorted(maps.Keys(r.missing)) {
			fmt.Fprintf(&out, "- %s: %s\n", where, r.missing[where])
		}
	}
	return out.String()
}

func writeTable(out *strings.Builder, head []string, rows [][]string) {
	fmt.Fprintf(out, "\n| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, row := range rows {
		fmt.Fprintf(out, "| %s |\n", strings.Join(row, " | "))
	}
}

// write leaves the page and the raw values in a folder.
func (r *results) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	data, err := json.MarshalIndent(map[string]any{
		"machine": r.machine(), "rounds": r.rounds, "values": r.values, "budgets": r.verdicts(), "missing": r.missing,
	}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "latest.json"), append(data, '\n'), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "latest.md"), []byte(r.markdown()), 0o644)
}

// machine describes where it ran, without naming it.
func (r *results) machine() string {
	model := runtime.GOARCH
	if data, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(data)) {
			if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	kernel := "Linux"
	var name unix.Utsname
	if unix.Uname(&name) == nil {
		release, _, _ := strings.Cut(unix.ByteSliceToString(name.Release[:]), "-")
		kernel += " " + release
	}
	text := fmt.Sprintf("%d cores (%s), %s, %s; %s, GOMAXPROCS=1 for servers", runtime.NumCPU(), model, kernel, runtime.Version(), r.pinned)
	if r.quick {
		text += "; QUICK, a fifth of the work"
	}
	return text
}
