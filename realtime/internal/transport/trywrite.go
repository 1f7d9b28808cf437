package transport

import (
	"sync"
	"time"
)

// writeResult is what became of a frame that was tried without waiting.
type writeResult uint8

const (
	wouldBlock writeResult = iota // nothing of it is out; send it another way
	done                          // all of it is out
	partial                       // some of it is out; the conn is told of the end
	failed                        // the connection is gone
	closed                        // the close frame was the last
)

// frameBuffers hold frames that are made for one try.
var frameBuffers = sync.Pool{New: func() any { return new([]byte) }}

// tryMessage writes a whole message if that is possible without waiting, making its
// frame where it has none. When the socket takes only the beginning, the rest follows
// in a goroutine.
func (n *netConn) tryMessage(m Message, binary bool) writeResult {
	switch {
	case n.raw == nil:
		return wouldBlock
	case m.header > 0:
		return n.try(m.data, false)
	}
	buffer := frameBuffers.Get().(*[]byte)
	*buffer = append(appendHeader((*buffer)[:0], len(m.data), binary), m.data...)
	result := n.try(*buffer, true)
	if cap(*buffer) <= MaxJoined {
		frameBuffers.Put(buffer)
	}
	return result
}

// try writes a frame, or its beginning. A frame that is lent is copied where its rest
// has to wait.
func (n *netConn) try(frame []byte, lent bool) writeResult {
	if !n.mu.TryLock() {
		return wouldBlock
	}
	if n.closeFrame.Load() {
		n.mu.Unlock()
		return closed
	}
	written, err := n.writing.write(n.raw, frame)
	if err == nil && written > 0 && written < len(frame) {
		rest := frame[written:]
		if lent {
			rest = append([]byte(nil), rest...)
		}
		n.conn.transport.config.Spawn.Go(n.conn, func() { n.writeRest(rest) })
		return partial
	}
	n.mu.Unlock()
	switch {
	case err != nil:
		return failed
	case written == 0:
		return wouldBlock
	}
	return done
}

// writeRest writes the rest of a frame. The caller has locked mu for it.
func (n *netConn) writeRest(rest []byte) {
	_, err := n.writeChunks(rest, time.Now().Add(writeWait))
	n.mu.Unlock()
	n.conn.finished(err)
}
