//go:build unix

package transport

import (
	"io"
	"sync"
	"syscall"
)

const triesWithoutWaiting = true

// readAhead is the size of a read buffer, which a connection holds only while it
// has something to read.
const readAhead = 16 << 10

var readBuffers = sync.Pool{New: func() any { return new([readAhead]byte) }}

// reading reads from a socket that does not block.
type reading struct {
	attempt func(fd uintptr) bool // try
	lent    *[readAhead]byte
	ahead   []byte // read and not consumed
	err     error
}

// try reads once; false waits, without a buffer, until there is something.
func (r *reading) try(fd uintptr) bool {
	if r.lent == nil {
		r.lent = readBuffers.Get().(*[readAhead]byte)
	}
	n, err := again(func() (int, error) { return syscall.Read(int(fd), r.lent[:]) })
	switch {
	case err == syscall.EAGAIN:
		r.giveBack()
		return false
	case err == nil && n == 0:
		err = io.EOF
	}
	r.ahead, r.err = r.lent[:max(n, 0)], err
	return true
}

// take consumes what was read.
func (r *reading) take(p []byte) int {
	n := copy(p, r.ahead)
	if r.ahead = r.ahead[n:]; len(r.ahead) == 0 {
		r.giveBack()
	}
	return n
}

func (r *reading) giveBack() {
	if r.lent != nil {
		readBuffers.Put(r.lent)
		r.lent, r.ahead = nil, nil
	}
}

// writing writes to a socket that does not block.
type writing struct {
	attempt func(fd uintptr) bool
	data    []byte
	n       int
	err     error
}

// write writes what the socket takes at once.
func (w *writing) write(raw syscall.RawConn, data []byte) (int, error) {
	w.data = data
	err := raw.Write(w.attempt)
	w.data = nil
	if err == nil {
		err = w.err
	}
	return max(w.n, 0), err
}

// try writes once and never waits.
func (w *writing) try(fd uintptr) bool {
	w.n, w.err = again(func() (int, error) { return syscall.Write(int(fd), w.data) })
	if w.err == syscall.EAGAIN {
		w.n, w.err = 0, nil
	}
	return true
}

// again repeats a call that a signal has interrupted.
func again(call func() (int, error)) (int, error) {
	for {
		if n, err := call(); err != syscall.EINTR {
			return n, err
		}
	}
}
