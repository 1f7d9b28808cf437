package web

import (
	"bufio"
	"net"
	"net/http"
	"time"
)

// A reader has paceTime for each paceBytes of an answer, however long it is.
const (
	paceTime  = 15 * time.Second
	paceBytes = 64 << 10
)

// Paced cuts a client off that takes its answer too slowly, since what it has not
// taken stays in memory. A connection that becomes a socket is its handler's from
// then on.
func Paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &paced{ResponseWriter: w, control: http.NewResponseController(w)}
		defer p.more() // for what net/http still holds
		next.ServeHTTP(p, r)
	})
}

// paced gives each part of an answer its time.
type paced struct {
	http.ResponseWriter
	control  *http.ResponseController
	hijacked bool
}

// more gives the next part its time. Where there are no deadlines, as in a test's
// recorder, nothing can wait.
func (p *paced) more() {
	if !p.hijacked {
		_ = p.control.SetWriteDeadline(time.Now().Add(paceTime))
	}
}

// Write implements [http.ResponseWriter].
func (p *paced) Write(b []byte) (written int, err error) {
	for {
		p.more()
		n, err := p.ResponseWriter.Write(b[written:min(written+paceBytes, len(b))])
		if written += n; err != nil || written == len(b) {
			return written, err
		}
	}
}

// FlushError lets out what net/http holds.
func (p *paced) FlushError() error {
	p.more()
	return p.control.Flush()
}

// Hijack implements [http.Hijacker].
func (p *paced) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := p.control.Hijack()
	p.hijacked = err == nil
	return conn, buffers, err
}

// Unwrap is for [http.ResponseController].
func (p *paced) Unwrap() http.ResponseWriter { return p.ResponseWriter }
