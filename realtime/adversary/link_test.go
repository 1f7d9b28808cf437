package adversary_test

import (
	"fmt"
	"net"
	"net/http"
	"time"
)

// identity is who a connection is, or will be when it has authenticated.
type identity struct {
	user, session, token string
	epoch                int64
	life                 time.Duration // 0 never ends it
}

// link is one connection of a peer, whatever it speaks. Fields below conn are
// under base.mu.
type link struct {
	*base
	hubSide
	tag               string // unique in the round
	slot              int
	who               identity
	address           string
	pending, protobuf bool
	begun             time.Time
	out               chan []byte
	over              chan struct{} // closed when nothing more is written
	hear              func(l *link, payload []byte)

	conn       net.Conn
	status     int // of the answer to the upgrade; 0 before it
	connected  bool
	id         string // that the server gave it
	done       bool   // nothing more comes: refused, closed or hung up
	doneAt     time.Time
	closed     int  // the code of the server's close frame, 0 for none
	told       bool // it has read the server's close frame
	hungUp     bool
	stall      chan struct{} // not nil while it does not read
	stalled    bool          // it did not read for a while, once
	mute       bool          // it answers no pings
	allowed    map[int]string
	cutAt      uint64    // the stamp when it was revoked; nothing later is for it
	cutBy      string    // what has revoked it
	expires    time.Time // the latest end that a token of it had, zero for none
	forever    bool      // it has sent a token without an end
	connects   int       // how many connects it has sent
	honest     time.Time // when it sent a connect with a good credential, zero for never
	verifying  bool      // its good token is being verified
	refreshes  int
	lastStamps map[uint64]bool
	sentAt     map[uint32]uint64 // the stamps of its commands
}

// open begins a connection and does not wait for it.
func (b *base) open(l *link, query string) {
	l.base, l.begun = b, now()
	l.out, l.over = make(chan []byte, 256), make(chan struct{})
	l.lastStamps, l.sentAt = map[uint64]bool{}, map[uint32]uint64{}
	if l.allowed == nil {
		l.allowed = map[int]string{}
	}
	l.hubSide.init()
	b.mu.Lock()
	l.tag = fmt.Sprintf("p%d.%d", l.slot, len(b.byTag))
	b.byTag[l.tag] = l
	b.links = append(b.links, l)
	b.met(l)
	b.slots[l.slot] = l
	if code := b.thinks[l.who.user]; code > 0 {
		l.allowed[code] = "the application's opinion"
	}
	for _, user := range []string{"", l.who.user} {
		if code := b.signed[user]; code > 0 {
			l.allowed[code] = "its user was signed out a moment ago, by the clock of another node perhaps"
		}
	}
	if l.who.life > 0 {
		l.expires = now().Add(l.who.life)
	}
	b.mu.Unlock()
	go l.run(query)
}

// hangUp ends the connection without a word.
func (l *link) hangUp() {
	l.mu.Lock()
	l.hungUp, l.done = true, true
	if l.doneAt.IsZero() {
		l.doneAt = now()
	}
	conn := l.conn
	l.mu.Unlock()
	l.resume()
	if conn != nil {
		_ = conn.Close()
	}
}

// halt stops reading; resume goes on.
func (l *link) halt() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stall == nil && !l.done && l.status == http.StatusSwitchingProtocols {
		l.stall, l.stalled = make(chan struct{}), true
	}
}

func (l *link) resume() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stall != nil {
		close(l.stall)
		l.stall = nil
	}
}

// allow notes that the connection may end with these codes, and why.
func (l *link) allow(why string, codes ...int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, code := range codes {
		l.allowed[code] = why
	}
}

// alive reports whether its socket may stand at the server. Callers hold mu.
func (l *link) alive() bool {
	return !l.done && (l.status == 0 || l.status == http.StatusSwitchingProtocols)
}

// gone reports whether nothing more comes.
func (l *link) gone() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.done
}

// isMute reports whether it answers no pings.
func (l *link) isMute() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.mute
}

// servedLate reports whether an answer is to a command that was sent when Shutdown
// had returned. Callers hold mu.
func (l *link) servedLate(id uint32) bool { return l.ended && l.sentAt[id] > l.endedAt }

// expired reports whether its time was over a second ago. Callers hold mu.
func (l *link) expired() bool {
	return l.net.fake() && !l.stalled && !l.forever && !l.expires.IsZero() && now().After(l.expires.Add(time.Second))
}

// late reports whether something with this stamp is for a connection that was
// ended before it was sent. Callers hold mu.
func (l *link) late(stamp uint64) bool { return l.cutAt > 0 && stamp > l.cutAt }
