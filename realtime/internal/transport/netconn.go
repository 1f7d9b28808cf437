package transport

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// netConn is the network connection below a session. It gives melody and gorilla
// what a [net.Conn] gives, and beside that
//
//   - borrows a read buffer only while there is something to read, so that an idle
//     session holds none;
//   - sets a write deadline only for a write that has to wait, and moves it on for
//     every 64 KiB that are out;
//   - lets a sender try a whole frame without waiting, where the system can;
//   - bounds what a peer may send for one message, empty fragments included.
//
// Where the connection is not a plain TCP socket of a Unix system, reads and writes
// are the connection's own.
type netConn struct {
	net.Conn
	conn *Conn
	raw  syscall.RawConn // nil: no trying without waiting

	reading reading
	budget  readBudget

	mu       sync.Mutex // held while a frame goes out
	deadline time.Time  // of a close frame that has to wait
	writing  writing

	closeFrame atomic.Bool // a close frame goes out next; no other may follow
}

// writeWait is how long a peer may take for writeChunk bytes. It is longer than a pong
// may take by default, so that a peer that is gone is told from one that is slow.
const (
	writeWait  = 15 * time.Second
	writeChunk = 64 << 10
)

func (n *netConn) init(conn net.Conn, c *Conn) {
	n.Conn, n.conn = conn, c
	if tcp, plain := conn.(*net.TCPConn); plain && triesWithoutWaiting {
		if raw, err := tcp.SyscallConn(); err == nil {
			n.raw = raw
			n.reading.attempt, n.writing.attempt = n.reading.try, n.writing.try
		}
	}
}

// Read implements [net.Conn]. It is called by one goroutine at a time, which waits
// here for most of its life: what it holds on its stack counts for every connection,
// so it takes the shortest way down.
func (n *netConn) Read(p []byte) (read int, err error) {
	switch {
	case n.budget.used > 0 && n.budget.spent(n.conn.transport.config.MaxMessageBytes):
		return 0, errEndlessMessage
	case n.raw == nil:
		read, err = n.Conn.Read(p)
	case len(n.reading.ahead) > 0:
		read = n.reading.take(p)
	default:
		if err = n.raw.Read(n.reading.attempt); err == nil {
			err = n.reading.err
		}
		if err != nil {
			n.reading.giveBack()
			return 0, err
		}
		read = n.reading.take(p)
	}
	n.budget.used += int64(read)
	return read, err
}

// resumeReading is called by a reader that was held back: what the peer has sent
// meanwhile, pongs as well, has not been looked at, so its time begins anew.
func (n *netConn) resumeReading() {
	_ = n.SetReadDeadline(time.Now().Add(n.conn.transport.pongWait()))
}

// Write implements [net.Conn]: the whole of p goes out, each part of it within
// writeWait. A close frame has the deadline that was set.
func (n *netConn) Write(p []byte) (int, error) {
	if isCloseFrame(p) { // gorilla writes some by itself, and nothing may follow one (RFC 6455, section 5.5.1)
		n.stopWrites()
	}
	written, err := n.write(p)
	switch {
	case err == nil:
		return written, nil
	case isCloseFrame(p): // why the conn ends is known
		n.conn.Abort()
	default:
		n.conn.writeFailed(err)
	}
	return written, writeError{err}
}

// isCloseFrame recognises the frames that gorilla writes in one piece, within less
// time than a peer has for others (RFC 6455, section 5.5.1).
func isCloseFrame(p []byte) bool {
	return len(p) >= 2 && p[0] == 0x88 && len(p) == 2+int(p[1])
}

func (n *netConn) write(p []byte) (written int, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.raw != nil {
		if written, err = n.writing.write(n.raw, p); err != nil || written == len(p) {
			return written, err
		}
	}
	until := time.Now().Add(writeWait)
	if isCloseFrame(p) {
		until = n.deadline
	}
	more, err := n.writeChunks(p[written:], until)
	return written + more, err
}

// writeChunks writes what did not fit at once, the first part of it until then. The
// caller holds mu.
func (n *netConn) writeChunks(rest []byte, until time.Time) (written int, err error) {
	for err == nil && written < len(rest) {
		if err = n.Conn.SetWriteDeadline(until); err != nil {
			return written, err
		}
		var taken int
		taken, err = n.Conn.Write(rest[written:min(written+writeChunk, len(rest))])
		written += taken
		until = time.Now().Add(writeWait)
	}
	if n.raw != nil {
		err = errors.Join(err, n.Conn.SetWriteDeadline(time.Time{}))
	}
	return written, err
}

// SetWriteDeadline implements [net.Conn]. It costs nothing until a write has to wait.
func (n *netConn) SetWriteDeadline(t time.Time) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.deadline = t
	return nil
}

// SetDeadline implements [net.Conn].
func (n *netConn) SetDeadline(t time.Time) error {
	return errors.Join(n.SetReadDeadline(t), n.SetWriteDeadline(t))
}

// Close implements [net.Conn]. A reader that is held back goes on, to see the end.
func (n *netConn) Close() error {
	n.conn.inbox.close()
	return n.Conn.Close()
}

// stopWrites lets no frame be tried any more, so that the close frame that is
// written after it is the last. It waits for nobody.
func (n *netConn) stopWrites() { n.closeFrame.Store(true) }

// socket is the socket itself, below any encryption, whose closing would wait for a
// peer that has stalled.
func (n *netConn) socket() net.Conn {
	if secured, ok := n.Conn.(interface{ NetConn() net.Conn }); ok {
		return secured.NetConn()
	}
	return n.Conn
}

// abort takes the connection off TCP at once, with whatever the kernel still holds
// for a peer that does not read.
func (n *netConn) abort() {
	socket := n.socket()
	if tcp, ok := socket.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = socket.Close()
}

// writeError is an error that the conn has been told of already.
type writeError struct{ cause error }

func (e writeError) Error() string { return e.cause.Error() }
func (e writeError) Unwrap() error { return e.cause }
