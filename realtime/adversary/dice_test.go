package adversary_test

import (
	"math/rand/v2"
	"strings"
)

// dice decide one step. Each step has its own, so that what came of one step
// never changes what the next one does.
type dice struct{ *rand.Rand }

func newDice(seed, step uint64) dice { return dice{rand.New(rand.NewPCG(seed, step))} }

// oneIn is true once in n times.
func (d dice) oneIn(n int) bool { return d.IntN(n) == 0 }

// oneOf picks one.
func oneOf[T any](d dice, from ...T) T { return from[d.IntN(len(from))] }

// between is a number of a range, its ends included.
func (d dice) between(low, high int) int { return low + d.IntN(high-low+1) }

// choices are the kinds that a run was asked for.
type choices struct{ only, without map[string]bool }

func chosen(text string) choices {
	c := choices{map[string]bool{}, map[string]bool{}}
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if rest, out := strings.CutPrefix(name, "-"); out {
			c.without[rest] = true
		} else {
			c.only[name] = true
		}
	}
	return c
}

// has reports whether a kind of step, or of behaviour, is among them.
func (c choices) has(kind string) bool {
	return !c.without[kind] && (len(c.only) == 0 || c.only[kind])
}
