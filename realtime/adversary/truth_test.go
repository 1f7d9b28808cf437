package adversary_test

import (
	"encoding/json"
	"strings"
	"sync"
)

// payload is what the test publishes and sends.
type payload struct {
	N  uint64 `json:"n"`            // its stamp
	To string `json:"to,omitempty"` // the user whom it is for
	// Client is the connection that it is for.
	Client string `json:"client,omitempty"`
	Pad    string `json:"pad,omitempty"`
}

func (p payload) bytes() []byte {
	text, _ := json.Marshal(p)
	return text
}

// fact is one publication, as the engine has numbered it.
type fact struct {
	n                     uint64
	client, session, user string // whom it leaves out
}

// leavesOut reports whether a connection does not get it. Callers hold base.mu.
func (f fact) leavesOut(l *link) bool {
	return f.client != "" && f.client == l.id || f.session != "" && f.session == l.who.session || f.user != "" && f.user == l.who.user
}

// stream is the truth about one channel.
type stream struct {
	kept  int                        // publications in its history
	facts map[string]map[uint64]fact // by epoch and offset
	top   map[string]uint64          // by epoch
	order []uint64                   // stamps of what was handed out here, where nothing is kept
	place map[uint64]int             // of a stamp in order
	outs  map[uint64]fact            // by stamp
	lossy bool                       // the engine has lost a publication on the way here
	vague bool                       // a publish has failed at the real engine, and may have been stored
}

// truth is what the engine knows of all channels. Safe for concurrent use.
type truth struct {
	mu      sync.Mutex
	streams map[string]*stream
}

func keptOf(channel string) int {
	switch kind, _, _ := strings.Cut(channel, ":"); kind {
	case "hist", "kept", "ticket", "server":
		return 8
	case "deep":
		return 30
	}
	return 0
}

func (t *truth) stream(channel string) *stream {
	s := t.streams[channel]
	if s == nil {
		s = &stream{kept: keptOf(channel), facts: map[string]map[uint64]fact{}, top: map[string]uint64{}, place: map[uint64]int{}, outs: map[uint64]fact{}}
		t.streams[channel] = s
	}
	return s
}

// learn takes up a publication that the engine has stored or hands out.
func (t *truth) learn(channel string, p publication, at position, handed bool) {
	if p.Kind != published {
		return
	}
	var data payload
	_ = json.Unmarshal(p.Data, &data)
	f := fact{data.N, p.Except, p.ExceptSession, p.ExceptUser}
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.stream(channel)
	if at.Offset == 0 {
		if _, known := s.place[f.n]; handed && !known {
			s.place[f.n] = len(s.order)
			s.order = append(s.order, f.n)
			s.outs[f.n] = f
		}
		return
	}
	if s.facts[at.Epoch] == nil {
		s.facts[at.Epoch] = map[uint64]fact{}
	}
	if _, known := s.facts[at.Epoch][at.Offset]; !known { // a key that is used again tells the position of the first
		s.facts[at.Epoch][at.Offset] = f
	}
	s.top[at.Epoch] = max(s.top[at.Epoch], at.Offset)
}

// missing returns the first offset between two, both excluded, that was for a
// connection; 0 for none.
func (t *truth) missing(channel, epoch string, after, before uint64, of *link) uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.stream(channel)
	for offset := after + 1; offset < before; offset++ {
		if f, known := s.facts[epoch][offset]; known && !f.leavesOut(of) || !known && !s.vague {
			return offset
		}
	}
	return 0
}

// fact is what was published at an offset. One that is not known is n, where the
// engine itself could not say.
func (t *truth) fact(channel, epoch string, offset, n uint64) (fact, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.stream(channel)
	f, known := s.facts[epoch][offset]
	if !known && s.vague {
		return fact{n: n}, true
	}
	return f, known
}

func (t *truth) unsure(channel string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stream(channel).vague = true
}

func (t *truth) topOf(channel, epoch string) (top uint64, kept int, lossy bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.stream(channel)
	return s.top[epoch], s.kept, s.lossy
}

// skipped returns a stamp that was handed out between two places of a channel that
// keeps nothing, and was for a connection; 0 for none.
func (t *truth) skipped(channel string, after, before int, of *link) uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.stream(channel)
	for i := after + 1; i < before && i < len(s.order); i++ {
		if n := s.order[i]; !s.outs[n].leavesOut(of) {
			return n
		}
	}
	return 0
}

func (t *truth) placeOf(channel string, n uint64) (int, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	place, known := t.stream(channel).place[n]
	return place, known
}

func (t *truth) handed(channel string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.stream(channel).order)
}

func (t *truth) loses(channel string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stream(channel).lossy = true
}
