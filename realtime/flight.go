package realtime

import "sync"

// flights are the verdicts on tokens that are being reached. Whatever is revoked
// meanwhile counts for them too: the connection could not be found under the
// principal that it was about to get. Nothing is remembered while there are none.
// Safe for concurrent use.
type flights struct {
	mu     sync.Mutex
	abroad map[*flight]struct{}
}

// flight is one of them.
type flight struct{ revoked []revocation }

type revocation struct {
	by     Selector
	reason Close
}

func (f *flights) begin() *flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.abroad == nil {
		f.abroad = map[*flight]struct{}{}
	}
	one := &flight{}
	f.abroad[one] = struct{}{}
	return one
}

// revoke tells every flight what is revoked. Call it before the connections are
// looked for that can be found.
func (f *flights) revoke(by Selector, reason Close) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for one := range f.abroad {
		one.revoked = append(one.revoked, revocation{by, reason})
	}
}

// end forgets a flight and says why its principal may not be, once the connection
// can be found under it.
func (f *flights) end(one *flight, who *Principal, epoch int64) (reason Close, revoked bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.abroad, one)
	for _, each := range one.revoked {
		if selects(each.by, who, epoch) {
			return each.reason, true
		}
	}
	return Close{}, false
}
