package adversary_test

import (
	"encoding/json"

	"github.com/centrifugal/protocol"
)

// seat is a connection's place in a channel, from the reply that made it to the
// reply or push that ends it.
type seat struct {
	channel string
	kept    bool
	epoch   string
	heard   uint64 // the latest offset
	place   int    // the latest place where nothing is kept, -1 before the first
	endedAt uint64 // the stamp when the server has ended it, 0 for not
	madeAt  uint64 // the stamp when its reply was read
	present map[string]bool
}

// take holds a publication against the truth: it must be the next one. Callers
// hold base.mu.
func (s *seat) take(l *link, w *world, p *protocol.Publication) {
	var data payload
	if json.Unmarshal(p.Data, &data) != nil && p.Offset == 0 {
		return // of a client that publishes what it likes
	}
	if w.ended && data.N > w.endedAt {
		w.broken("after-shutdown", "%s got %d of %s, which was published after Shutdown had returned", l.tag, data.N, s.channel)
	}
	if l.late(data.N) {
		l.broken("revoked", "%s got %d of %s, which was published after %s had ended it", l.tag, data.N, s.channel, l.cutBy)
	}
	if s.endedAt > 0 && data.N > s.endedAt {
		l.broken("unsubscribed", "%s got %d of %s, which was published after the server had unsubscribed it", l.tag, data.N, s.channel)
	}
	if p.Offset == 0 {
		s.takeFleeting(l, w, data.N)
		return
	}
	switch f, known := w.truth.fact(s.channel, s.epoch, p.Offset, data.N); {
	case p.Offset <= s.heard:
		l.broken("order", "%s got offset %d of %s again, it was at %d", l.tag, p.Offset, s.channel, s.heard)
	case !known || f.n != data.N:
		l.broken("order", "%s got %d at offset %d of %s, the engine has %d there (%v)", l.tag, data.N, p.Offset, s.channel, f.n, known)
	case f.leavesOut(l):
		l.broken("except", "%s got %d of %s, which leaves it out", l.tag, data.N, s.channel)
	default:
		if missed := w.truth.missing(s.channel, s.epoch, s.heard, p.Offset, l); missed > 0 {
			l.broken("gap", "%s got offset %d of %s behind %d, and never %d", l.tag, p.Offset, s.channel, s.heard, missed)
		}
	}
	s.heard = max(s.heard, p.Offset)
}

// takeFleeting is for a channel that keeps nothing.
func (s *seat) takeFleeting(l *link, w *world, n uint64) {
	place, known := w.truth.placeOf(s.channel, n)
	switch {
	case !known:
		l.broken("order", "%s got %d of %s, which was not published there", l.tag, n, s.channel)
		return
	case s.place >= 0 && place <= s.place:
		l.broken("order", "%s got %d of %s twice, or late", l.tag, n, s.channel)
	case s.place >= 0:
		if missed := w.truth.skipped(s.channel, s.place, place, l); missed > 0 {
			l.broken("gap", "%s got %d of %s, and never %d, which was handed out before", l.tag, n, s.channel, missed)
		}
	}
	s.place = place
}

// comeAndGo holds joins and leaves of others against each other: they alternate.
func (s *seat) comeAndGo(l *link, client string, comes bool) {
	if s.present == nil {
		s.present = map[string]bool{}
	}
	if was, known := s.present[client]; known && was == comes {
		l.broken("join-leave", "%s heard twice in a row that %s has come (%v) to %s", l.tag, client, comes, s.channel)
	}
	s.present[client] = comes
}

// complete holds a seat against the truth when nothing is under way.
func (s *seat) complete(l *link, w *world) {
	if !s.kept {
		if handed := w.truth.handed(s.channel); s.place >= 0 {
			if missed := w.truth.skipped(s.channel, s.place, handed, l); missed > 0 {
				l.broken("delivery", "%s has not got %d of %s", l.tag, missed, s.channel)
			}
		}
		return
	}
	top, _, lossy := w.truth.topOf(s.channel, s.epoch)
	if lossy {
		return
	}
	if missed := w.truth.missing(s.channel, s.epoch, s.heard, top+1, l); missed > 0 {
		l.broken("delivery", "%s is at %d of %s and has not got %d; the engine is at %d", l.tag, s.heard, s.channel, missed, top)
	}
}
