package conns

import (
	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// Verification is a verdict on a token of a connection that is being reached.
// Whatever is revoked meanwhile counts for it too: the connection can't be found
// yet under the identity that it is about to get.
type Verification struct {
	conn    *Conn
	revoked map[cluster.Selector]transport.Close // by what was revoked, the latest reason
}

// Verify begins a verification. Nil: the connection is ending, or another is under
// way.
func (s *Set) Verify(c *Conn) *Verification {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state := c.State(); {
	case c.verifying != nil || state != Pending && state != Active:
		return nil
	case state == Pending:
		c.state.Store(int32(Verifying))
	}
	c.verifying = &Verification{conn: c}
	s.underway[c.verifying] = struct{}{}
	return c.verifying
}

// Refuse ends a verification that has changed nothing. After Accept it does nothing.
func (s *Set) Refuse(v *Verification) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finish(v)
}

// finish ends a verification, under the lock, if it has not ended.
func (s *Set) finish(v *Verification) {
	if v.conn.verifying != v {
		return
	}
	delete(s.underway, v)
	if v.conn.verifying = nil; v.conn.State() == Verifying {
		v.conn.state.Store(int32(Pending))
	}
}

// Verdict is what became of a verification that was accepted.
type Verdict int

// The verdicts.
const (
	Accepted Verdict = iota
	Ended            // the connection is ending
	Revoked          // the identity was revoked meanwhile: end it with the reason
	Full             // there are as many connections as may be
)

// Accept ends a verification: the connection has that identity from now on, and
// can be found by it, unless the verdict says otherwise. Where the user has too
// many, another is ended with tooMany, as in [Set.Opened].
func (s *Set) Accept(v *Verification, who Identity, tooMany transport.Close) (Verdict, transport.Close) {
	s.mu.Lock()
	verdict, reason, evicted := s.accept(v, who)
	s.mu.Unlock()
	if evicted != nil {
		evicted.Socket.Close(tooMany)
	}
	return verdict, reason
}

func (s *Set) accept(v *Verification, who Identity) (verdict Verdict, reason transport.Close, evicted *Conn) {
	c := v.conn
	s.finish(v)
	if c.State() >= Closing {
		return Ended, reason, nil
	}
	for by, reason := range v.revoked {
		if who.selected(by) {
			return Revoked, reason, nil
		}
	}
	if !c.place {
		if over(s.places.known, s.places.limits.Connections) {
			return Full, reason, nil
		}
		c.place = true
		s.places.known++
		s.places.pending--
		s.places.waiting.remove(c.waiting)
	}
	s.unseat(c)
	s.leave(c)
	c.identity = who
	return Accepted, reason, s.enter(c)
}

// Revoke returns the connections that a selector selects, for the caller to end, and
// lets the verifications under way know. The two happen at once: a connection that
// gets its identity meanwhile is found or told.
func (s *Set) Revoke(by cluster.Selector, reason transport.Close) []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	for v := range s.underway {
		if v.revoked == nil {
			v.revoked = map[cluster.Selector]transport.Close{}
		}
		v.revoked[by] = reason
	}
	return s.find(by)
}
