package realtime

import "net"

// send hands one message to one link.
func (l *link) send(payload []byte) bool {
	return l.deliver(message{payload: payload}, tally{})
}

// deliver hands a message to one link; the ledger follows the deliveries in it.
func (l *link) deliver(m message, deliveries tally) bool {
	switch l.outbox.offer(m, deliveries) {
	case writeNow:
		return l.write(m)
	case waits:
		return true
	case ripe:
		l.release()
		return true
	case overflow:
		l.close(CloseSlow)
	}
	return false
}

// write sends a message that is marked as in flight, and then what waits: at
// once as far as the socket takes it, the rest by melody's writer. It never
// waits.
func (l *link) write(m message) bool {
	for more := true; more; {
		switch l.wire.tryMessage(m, l.outbox.binary, l.transport.running.Go, l.finished) {
		case untried:
			return l.hand(m.payload) == nil
		case begun:
			return true
		case broken:
			l.finished(net.ErrClosed)
			return false
		case silenced:
			return false
		}
		m, more = l.next()
	}
	return true
}

// hand gives a message to melody's writer.
func (l *link) hand(payload []byte) error {
	if l.outbox.binary {
		return l.session.WriteBinary(payload)
	}
	return l.session.Write(payload)
}

// next takes what has waited for the frame that is out now. When that was the
// last of a link that ends in order, the close frame follows.
func (l *link) next() (message, bool) {
	m, more := l.outbox.sent()
	if !more && l.outbox.done() {
		if reason, _ := l.leaving(); reason.Flush {
			l.sayGoodbye(reason)
		}
	}
	return m, more
}

// wrote follows a frame that melody has written with what waits.
func (l *link) wrote() {
	if m, more := l.next(); more {
		l.write(m) // one that has ended says so itself
	}
}

// finished follows a frame of which a part had to wait.
func (l *link) finished(err error) {
	if err != nil {
		l.note(closeLost)
		l.sever()
		return
	}
	l.wrote()
}

// release sends what the outbox has held back.
func (l *link) release() {
	if m, more := l.outbox.release(); more {
		l.write(m)
	}
}
