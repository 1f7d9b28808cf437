package nats

import (
	"slices"
	"time"

	"github.com/yodelrt/yodel/realtime/engine"
)

// picker picks what a query asks for of a channel's messages, which come to it
// oldest first. It keeps no more than the answer.
type picker struct {
	query    engine.HistoryQuery
	epoch    string
	from, to uint64 // offsets, both inclusive
	oldest   time.Time

	picked []engine.Publication
	bytes  int
	more   bool
}

func newPicker(head stored, query engine.HistoryQuery) *picker {
	ttl := query.TTL
	if ttl <= 0 {
		ttl = head.ttl
	}
	p := &picker{query: query, epoch: head.epoch, oldest: time.Now().Add(-ttl)}
	p.from, p.to = bounds(head, query)
	return p
}

// bounds are the offsets that a query may return, both inclusive.
func bounds(head stored, query engine.HistoryQuery) (from, to uint64) {
	top := head.publication.Offset
	from, to = 1, top
	if size := uint64(head.history); top > size {
		from = top - size + 1
	}
	if query.Since != nil && query.Reverse {
		to = min(to, max(query.Since.Offset, 1)-1)
	} else if query.Since != nil {
		if query.Since.Offset >= top {
			return 1, 0
		}
		from = max(from, query.Since.Offset+1)
	}
	return from, to
}

// take takes a message, and reports whether further ones may matter.
func (p *picker) take(m stored) bool {
	offset := m.publication.Offset
	if m.kind != publication || m.epoch != p.epoch || offset < p.from || !m.at.After(p.oldest) {
		return true
	}
	if offset > p.to {
		return false
	}
	size := m.publication.Size()
	if !p.query.Reverse && p.over(len(p.picked)+1, p.bytes+size) {
		p.more = true
		return false
	}
	p.picked, p.bytes = append(p.picked, m.publication), p.bytes+size
	for p.over(len(p.picked), p.bytes) { // in reverse the later ones come first
		p.bytes -= p.picked[0].Size()
		p.picked[0] = engine.Publication{}
		p.picked, p.more = p.picked[1:], true
	}
	return true
}

// over reports whether so many are more than the query asks for; one never is.
func (p *picker) over(n, bytes int) bool {
	return p.query.Limit > 0 && n > p.query.Limit || p.query.MaxBytes > 0 && n > 1 && bytes > p.query.MaxBytes
}

// found is the answer, in the query's order, and whether there is more.
func (p *picker) found() ([]engine.Publication, bool) {
	if p.query.Reverse {
		slices.Reverse(p.picked)
	}
	return p.picked, p.more
}
