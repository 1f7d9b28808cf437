package memory

import "github.com/yodelrt/yodel/realtime/engine"

// window is the publications that a stream keeps, in a ring: the one with an
// offset lies at that offset modulo the ring's length, which is a power of two. So
// adding one, letting the oldest go and finding one by its offset take the same
// time however many there are.
type window struct {
	ring  []kept
	n     int
	top   uint64 // the offset of the latest
	bytes int64
	moved int // publications that were copied to another ring
}

type kept struct {
	publication engine.Publication
	cost        int64 // about what it takes in memory
}

// smallRing is the length below which a ring is not made shorter.
const smallRing = 8

func (w *window) at(offset uint64) *kept { return &w.ring[offset&uint64(len(w.ring)-1)] }

// oldest is the offset of the first that is kept.
func (w *window) oldest() uint64 { return w.top - uint64(w.n) + 1 }

// push adds a publication with the next offset.
func (w *window) push(p engine.Publication, cost int64) {
	if w.n == len(w.ring) {
		w.resize(max(1, 2*len(w.ring)))
	}
	w.top, w.n = p.Offset, w.n+1
	*w.at(p.Offset) = kept{p, cost}
	w.bytes += cost
}

// pop lets the oldest go.
func (w *window) pop() {
	oldest := w.at(w.oldest())
	w.bytes -= oldest.cost
	*oldest = kept{}
	if w.n--; w.n == 0 {
		w.ring = nil
		return
	}
	if len(w.ring) > smallRing && w.n <= len(w.ring)/4 {
		w.resize(len(w.ring) / 2)
	}
}

func (w *window) resize(length int) {
	larger := make([]kept, length)
	for offset := w.oldest(); w.n > 0 && offset <= w.top; offset++ {
		larger[offset&uint64(length-1)] = *w.at(offset)
		w.moved++
	}
	w.ring = larger
}

// between returns what a query asks for, and whether there is more.
func (w *window) between(query engine.HistoryQuery) ([]engine.Publication, bool) {
	from, to, some := w.bounds(query)
	if !some {
		return nil, false
	}
	next := func(i int) *engine.Publication {
		if query.Reverse {
			return &w.at(to - uint64(i)).publication
		}
		return &w.at(from + uint64(i)).publication
	}
	asked := int(to - from + 1)
	most := asked
	if query.Limit > 0 {
		most = min(most, query.Limit)
	}
	n, size := 0, 0
	for ; n < most; n++ {
		if size += next(n).Size(); n > 0 && query.MaxBytes > 0 && size > query.MaxBytes {
			break
		}
	}
	found := make([]engine.Publication, n)
	for i := range found {
		found[i] = *next(i)
	}
	return found, n < asked
}

// bounds are the offsets that a query asks for, both inclusive.
func (w *window) bounds(query engine.HistoryQuery) (from, to uint64, some bool) {
	if w.n == 0 {
		return 0, 0, false
	}
	from, to = w.oldest(), w.top
	switch {
	case query.Since == nil:
	case query.Reverse:
		to = min(to, max(query.Since.Offset, 1)-1)
	case query.Since.Offset >= to:
		return 0, 0, false
	default:
		from = max(from, query.Since.Offset+1)
	}
	return from, to, from <= to
}
