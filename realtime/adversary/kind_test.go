package adversary_test

import (
	"slices"
)

// kind is a kind of step. weight is how often it comes.
type kind[T any] struct {
	name   string
	weight int
	do     func(w T, d dice)
}

// kindsOf lists the kinds that the run was asked for, each as often as it weighs.
// Those that are left out stay in it, and nothing is done in their place: so the
// other steps of a seed are the same.
func (w *world) kindsOf(all []kind[*world]) []kind[*world] { return weighed(w.base, all) }

func weighed[T any](b *base, all []kind[T]) []kind[T] {
	var table []kind[T]
	for _, one := range all {
		if b.kinds.without[one.name] || b.kinds.has(one.name) {
			table = append(table, slices.Repeat([]kind[T]{one}, one.weight)...)
		}
	}
	if len(table) == 0 {
		b.t.Fatalf("no step is of the kinds %q", *flagKinds)
	}
	return table
}
