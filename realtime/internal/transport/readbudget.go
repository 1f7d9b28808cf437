package transport

import (
	"errors"
	"time"
)

// errEndlessMessage ends a conn whose peer sends more bytes or takes longer for one
// message than an honest one could need.
var errEndlessMessage = errors.New("transport: a message of too many fragments, or one that never ends")

const (
	fragmentBytes = 16 << 10         // that the headers of one message's fragments may take
	messageWait   = 60 * time.Second // for a message that has begun
)

// readBudget bounds what a peer may send for one message. WebSocket counts the
// payload of fragments alone, so a message of empty ones would have no end
// (RFC 6455, section 5.4). It is touched by the reader alone.
type readBudget struct {
	used  int64 // since the last message ended
	since time.Time
}

// spent reports whether the peer has used up what it may for one message of at most
// limit bytes.
func (b *readBudget) spent(limit int64) bool {
	if b.used == 0 {
		return false
	}
	now := time.Now()
	if b.since.IsZero() {
		b.since = now
	}
	return b.used > limit+fragmentBytes || now.Sub(b.since) > messageWait
}

// credit gives back a control frame that was within its rate: its header of 6 bytes
// (RFC 6455, section 5.2) and its payload.
func (b *readBudget) credit(length int) {
	if b.used -= int64(length) + 6; b.used <= 0 {
		b.reset()
	}
}

// reset is for a message that has ended.
func (b *readBudget) reset() { *b = readBudget{} }
