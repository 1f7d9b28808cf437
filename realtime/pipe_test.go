package realtime_test

import (
	"net"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/yodelrt/yodel/realtime/plain"
)

// pipeListener is a network in memory, so that a test's fake clock stands still
// while anybody works.
type pipeListener struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (p *pipeListener) dial() (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.conns <- far:
		return near, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipeListener) Close() error { p.once.Do(func() { close(p.done) }); return nil }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "127.0.0.1:1" }

func (p *pipeListener) Addr() net.Addr { return pipeAddr{} }

// bubble runs a test against a testPlain in memory whose clock is fake.
func bubble(t *testing.T, change func(*plain.Config), test func(t *testing.T, w *testPlain)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newTestPlainOn(t, newPipeListener(), change)) })
}
