package nats

// recent is the end of a stream as a node has handed it on, so that the clients
// that come back all at once are not each a question for the whole of it. It is
// used only where its latest message is the stream's. Under the line's lock.
type recent struct {
	kept  []stored // offsets without gaps, in one epoch
	bytes int
}

const (
	recentMessages = 256
	recentBytes    = 256 << 10 // of one channel with subscribers here
)

func (r *recent) add(m stored) {
	if n := len(r.kept); n > 0 {
		last := r.kept[n-1]
		if last.epoch != m.epoch || last.publication.Offset+1 != m.publication.Offset {
			r.clear()
		}
	}
	if m.kind != publication {
		return
	}
	r.kept = append(r.kept, m)
	r.bytes += m.publication.Size()
	for len(r.kept) > 1 && (len(r.kept) > recentMessages || r.bytes > recentBytes) {
		r.bytes -= r.kept[0].publication.Size()
		r.kept[0] = stored{}
		r.kept = r.kept[1:]
	}
}

func (r *recent) clear() { r.kept, r.bytes = nil, 0 }

// since returns what there is from an offset to a head, if that is all of it.
func (r *recent) since(head stored, from uint64) ([]stored, bool) {
	n := len(r.kept)
	if n == 0 || r.kept[n-1].seq != head.seq || r.kept[n-1].epoch != head.epoch || from < r.kept[0].publication.Offset {
		return nil, false
	}
	skip := from - r.kept[0].publication.Offset
	return append([]stored(nil), r.kept[min(skip, uint64(n)):]...), true
}
