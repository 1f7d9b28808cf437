package realtime

import (
	"context"
	"net"
	"time"

	"github.com/gorilla/websocket"
)

// context is that of the connection; a first message may have replaced it.
func (l *link) context() context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ctx
}

func (l *link) setContext(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ctx = ctx
}

// note remembers why a link ended, unless an end was decided before.
func (l *link) note(reason Close) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reason.Code == 0 {
		l.reason = reason
	}
}

func (l *link) isClosing() bool { _, closing := l.leaving(); return closing }

func (l *link) leaving() (Close, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reason, l.closing
}

func (l *link) isActive() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.active && !l.closing
}

// activate lets the link receive, unless it is ending already.
func (l *link) activate() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.active = !l.closing
	return l.active
}

// activateWith lets the link receive, with that message before everything else:
// whoever has read it misses nothing that is sent from then on.
func (l *link) activateWith(payload []byte) bool {
	m := message{payload: payload}
	l.mu.Lock()
	if l.closing {
		l.mu.Unlock()
		return false
	}
	outcome := l.outbox.offer(m, tally{})
	l.active = outcome != refused && outcome != overflow
	active := l.active
	l.mu.Unlock()
	switch outcome {
	case writeNow:
		return l.write(m)
	case ripe:
		l.release()
	}
	return active
}

// close ends the link. The first reason counts. It never blocks: a peer that
// does not read is cut off by the guard.
func (l *link) close(reason Close) {
	l.mu.Lock()
	if l.closing {
		l.mu.Unlock()
		return
	}
	l.closing, l.reason = true, reason
	wait := closeFrameWait + urgentWait
	if reason.Flush {
		wait = orderlyWait
	}
	if l.session != nil {
		l.guard = time.AfterFunc(wait, l.sever)
	}
	l.mu.Unlock()
	l.cancel()
	pending := l.outbox.close(reason.Flush)
	if l.session != nil && (!reason.Flush || !pending) {
		l.sayGoodbye(reason)
	}
	if reason.Flush {
		l.release() // what was held back goes out first
	}
}

// sayGoodbye writes the close frame past whatever waits, once, and does not wait
// for it.
func (l *link) sayGoodbye(reason Close) {
	if !l.said.CompareAndSwap(false, true) {
		return
	}
	l.transport.running.Go(func() {
		l.wire.mute()
		frame := websocket.FormatCloseMessage(reason.Code, reason.Reason)
		if err := l.session.WebsocketConnection().WriteControl(websocket.CloseMessage, frame, time.Now().Add(closeFrameWait)); err != nil {
			l.sever()
		}
	})
}

// sever takes the connection off TCP at once, with whatever the kernel still
// holds for a peer that does not read.
func (l *link) sever() {
	conn := l.wire.plain()
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// over runs when melody has let go of the session.
func (l *link) over() {
	l.mu.Lock()
	l.closing, l.active = true, false
	if l.guard != nil {
		l.guard.Stop()
	}
	reason := l.reason
	l.mu.Unlock()
	if reason.Code == 0 {
		reason = closeLost
	}
	l.cancel()
	l.outbox.close(false)
	l.outbox.end()
	l.protect(func() { l.transport.handler.ended(l, reason) })
}
