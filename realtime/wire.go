package realtime

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// wire is the network connection below a session. It gives melody and gorilla
// what a [net.Conn] gives, and beside that
//
//   - borrows a read buffer only while there is something to read, so that an
//     idle session holds none;
//   - sets a write deadline only for a write that has to wait;
//   - lets a sender try a whole frame without waiting, where the system can;
//   - bounds what a peer may send for one message, empty fragments included.
//
// Where the connection is not a plain TCP socket of a Unix system, all of this
// but the bound falls back to the connection's own ways.
type wire struct {
	net.Conn
	link *link
	raw  syscall.RawConn // nil: no trying without waiting

	reading reading
	allowed allowance

	mu       sync.Mutex // held while a frame goes out
	deadline time.Time  // of the next write that has to wait
	writing  writing

	muted atomic.Bool // a close frame goes out next; no other may follow
}

func newWire(conn net.Conn, l *link) *wire {
	w := &wire{Conn: conn, link: l, allowed: allowance{limit: l.transport.melody.Config.MaxMessageSize}}
	if tcp, plain := conn.(*net.TCPConn); plain && triesWithoutWaiting {
		if raw, err := tcp.SyscallConn(); err == nil {
			w.raw = raw
			w.reading.attempt, w.writing.attempt = w.reading.try, w.writing.try
		}
	}
	return w
}

// Read implements [net.Conn]. It is called by one goroutine at a time, which waits
// here for most of its life: what it holds on its stack counts for every
// connection, so it takes the shortest way down.
func (w *wire) Read(p []byte) (n int, err error) {
	switch {
	case w.allowed.used > 0 && w.allowed.spent():
		return 0, errTooManyFragments
	case w.raw == nil:
		n, err = w.Conn.Read(p)
	case len(w.reading.ahead) > 0:
		n = w.reading.take(p)
	default:
		if err = w.raw.Read(w.reading.attempt); err == nil {
			err = w.reading.err
		}
		if err != nil {
			w.reading.giveBack()
			return 0, err
		}
		n = w.reading.take(p)
	}
	w.allowed.used += int64(n)
	return n, err
}

// Write implements [net.Conn]: the whole of p goes out, within the deadline that
// was set.
func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.raw == nil {
		if err := w.Conn.SetWriteDeadline(w.deadline); err != nil {
			return 0, err
		}
		return w.Conn.Write(p)
	}
	n, err := w.writing.write(w.raw, p)
	if err != nil || n == len(p) {
		return n, err
	}
	more, err := w.wait(p[n:], w.deadline)
	return n + more, err
}

// wait writes what did not fit at once. The caller holds mu.
func (w *wire) wait(rest []byte, until time.Time) (int, error) {
	if err := w.Conn.SetWriteDeadline(until); err != nil {
		return 0, err
	}
	n, err := w.Conn.Write(rest)
	return n, errors.Join(err, w.Conn.SetWriteDeadline(time.Time{}))
}

// SetWriteDeadline implements [net.Conn]. It costs nothing until a write has to
// wait.
func (w *wire) SetWriteDeadline(t time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.deadline = t
	return nil
}

// SetDeadline implements [net.Conn].
func (w *wire) SetDeadline(t time.Time) error {
	return errors.Join(w.SetReadDeadline(t), w.SetWriteDeadline(t))
}

// attempt is what became of a frame that was tried without waiting.
type attempt int

const (
	untried  attempt = iota // nothing of it is out; send it another way
	out                     // all of it
	begun                   // some of it is out; finished is called with the end
	broken                  // the connection is gone
	silenced                // the close frame was the last
)

// try writes a whole frame if that is possible without waiting. When the socket
// takes only the beginning, the rest follows in a goroutine of run, and finished
// is told how that went.
func (w *wire) try(frame []byte, run func(func()), finished func(error)) attempt {
	if w.raw == nil || !w.mu.TryLock() {
		return untried
	}
	if w.muted.Load() {
		w.mu.Unlock()
		return silenced
	}
	n, err := w.writing.write(w.raw, frame)
	switch {
	case err == nil && n > 0 && n < len(frame):
		rest := append([]byte(nil), frame[n:]...) // the frame may be borrowed
		run(func() {
			_, err := w.wait(rest, time.Now().Add(writeWait))
			w.mu.Unlock()
			finished(err)
		})
		return begun
	case err != nil:
		w.mu.Unlock()
		return broken
	}
	w.mu.Unlock()
	if n == 0 {
		return untried
	}
	return out
}

// scratch holds frames that are made for one try.
var scratch = sync.Pool{New: func() any { return new([]byte) }}

// tryMessage tries a message, making its frame where it has none.
func (w *wire) tryMessage(m message, binary bool, run func(func()), finished func(error)) attempt {
	if w.raw == nil {
		return untried
	}
	if m.whole != nil {
		return w.try(m.whole, run, finished)
	}
	buffer := scratch.Get().(*[]byte)
	*buffer = append(appendHeader((*buffer)[:0], len(m.payload), binary), m.payload...)
	became := w.try(*buffer, run, finished)
	if cap(*buffer) <= maxJoined {
		scratch.Put(buffer)
	}
	return became
}

// mute lets no frame be tried any more, so that the close frame that is written
// after it is the last. It waits for nobody.
func (w *wire) mute() { w.muted.Store(true) }

// plain is the socket itself, below any encryption, whose closing would wait for
// a peer that has stalled.
func (w *wire) plain() net.Conn {
	if secured, ok := w.Conn.(interface{ NetConn() net.Conn }); ok {
		return secured.NetConn()
	}
	return w.Conn
}
