package adversary_test

import "time"

// closeRule says what a close code means and, where the peer has done nothing of
// its own that allows it (link.allow), when it may be sent all the same.
type closeRule struct {
	means   string
	excused func(l *link) bool
}

func never(*link) bool { return false }

// closeRules are all codes that a server may close with. Those that keep official
// clients away for good, 1009, 3500 to 3999 and 4500 to 4999, need a fault of the
// client's own or a decision of the application about it: link.allow notes those,
// and nothing but a limit that is truly reached excuses one.
var closeRules = map[int]closeRule{
	1000: {"normal: asked for", never},
	1002: {"protocol error: a frame that RFC 6455 forbids", never},
	1007: {"text that is not UTF-8", never},
	1009: {"terminal: a message over the limit", never},
	3001: {"shutdown", func(l *link) bool { return l.ending }},
	3004: {"a handler, an observer or the engine failed", func(l *link) bool { return l.troubled || l.failures > 0 || isLate(l) }},
	3005: {"its token, age or idle time is over", func(l *link) bool { return !l.expires.IsZero() || l.bounds.age > 0 || l.bounds.idle > 0 }},
	3006: {"a subscription token whose time is over", never},
	3008: {"it reads too slowly", func(l *link) bool { return l.stalled }},
	3010: {"a publication was lost", func(l *link) bool { return l.losses > 0 }},
	3012: {"no pong", func(l *link) bool { return l.mute || l.stalled || !l.net.fake() }},
	3013: {"too many messages, or connections of first messages", func(l *link) bool { return l.bounds.rate < 1000 || l.pending }},
	3014: {"its principal has changed", never},
	3500: {"terminal: a bad token", never},
	3501: {"terminal: a frame or command that the protocol forbids", never},
	3502: {"terminal: it did not authenticate in time", isIdle},
	3503: {"terminal: it was revoked", never},
	3504: {"terminal: its user has as many connections as may be", userIsFull},
	3505: {"terminal: the application named more channels than may be", never},
	3506: {"terminal: a payload of its own that can't be told", never},
	3507: {"terminal: the application refused it for good", never},
	3508: {"terminal: it sent what the application does not take", never},
	3509: {"terminal: too many of its commands failed", func(l *link) bool { return l.errors >= l.bounds.errors-1 }},
}

// isIdle reports whether a peer has sent no credential in time.
func isIdle(l *link) bool {
	return l.honest.IsZero() || l.honest.Sub(l.begun) >= l.bounds.deadline-10*time.Millisecond
}

// isLate reports whether a peer has sent its credential in time, and no verdict was
// reached in time.
func isLate(l *link) bool { return !isIdle(l) && now().Sub(l.begun) >= l.bounds.deadline }

// userIsFull reports whether a user has, without this connection, as many as one
// may have. One that ended a moment ago may still be counted.
func userIsFull(l *link) bool {
	others, moment := 0, 5*time.Millisecond
	if !l.net.fake() {
		moment = time.Second
	}
	for _, other := range l.links {
		if other == l || other.who.user != l.who.user || (other.pending && other.connects == 0) {
			continue
		}
		if other.alive() || !other.doneAt.IsZero() && now().Sub(other.doneAt) < moment {
			others++
		}
	}
	return others >= l.bounds.perUser
}

// isTerminal reports whether official clients stay away after a code.
func isTerminal(code int) bool {
	return code == 1009 || code >= 3500 && code < 4000 || code >= 4500 && code < 5000
}

// judgeClose holds a close frame of the server against the table.
func (l *link) judgeClose(code int, reason string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trace("%s of %s closed with %d %q", l.tag, l.who.user, code, reason)
	if _, known := l.allowed[code]; known || l.hungUp || code >= 4000 && code < 4500 {
		return
	}
	rule, known := closeRules[code]
	switch {
	case !known && !isTerminal(code):
		l.broken("close-code", "%s ended with %d %q, which no server sends for anything that happened", l.tag, code, reason)
	case known && rule.excused(l):
	case isTerminal(code):
		l.broken("terminal", "%s of user %s ended for good with %d %q (%s), and did nothing of the kind; allowed: %v", l.tag, l.who.user, code, reason, rule.means, l.allowed)
	default:
		l.broken("close-code", "%s ended with %d %q (%s), and nothing of the kind has happened; allowed: %v", l.tag, code, reason, rule.means, l.allowed)
	}
}

// judgeSilentEnd is for a connection that ended without a close frame. Callers
// hold mu.
func (l *link) judgeSilentEnd() {
	if _, expected := l.allowed[noFrame]; expected || l.stalled || l.mute || l.ending || !l.net.fake() {
		return
	}
	l.broken("close-frame", "%s was connected (%v), reads, and ended without a close frame; allowed: %v", l.tag, l.connected, l.allowed)
}

// noFrame stands in link.allowed for an end without a close frame.
const noFrame = 0
