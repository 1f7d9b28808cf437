package realtime

import (
	"errors"
	"time"
)

// errTooManyFragments ends a connection that sends more bytes or takes longer for
// one message than an honest peer could need.
var errTooManyFragments = errors.New("realtime: a message of too many fragments, or one that never ends")

const (
	fragmentBytes = 16 << 10         // that the headers of one message's fragments may take
	messageWait   = 60 * time.Second // for a message that has begun
)

// allowance bounds what a peer may send for one message. WebSocket counts the
// payload of fragments alone, so a message of empty ones would have no end
// (RFC 6455, section 5.4). It is touched by the reader alone.
type allowance struct {
	limit int64 // of a message's payload
	used  int64 // since the last message ended
	since time.Time
}

// spent reports whether the peer has used up what it may for one message.
func (a *allowance) spent() bool {
	if a.used == 0 {
		return false
	}
	now := time.Now()
	if a.since.IsZero() {
		a.since = now
	}
	return a.used > a.limit+fragmentBytes || now.Sub(a.since) > messageWait
}

// repay is for a control frame that was within its rate: its header of 6 bytes
// (RFC 6455, section 5.2) and its payload.
func (a *allowance) repay(length int) {
	if a.used -= int64(length) + 6; a.used <= 0 {
		a.renew()
	}
}

// renew is for a message that has ended.
func (a *allowance) renew() { a.used, a.since = 0, time.Time{} }
